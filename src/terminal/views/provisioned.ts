import type { Hop } from '../../function-contract.ts';
import type { Outcome, Plan } from '../../provision/engine/outcome.ts';
import type { VerifiedHop } from '../../provision/verify/root-cause.ts';
import { as, awsCli } from '../../suggest.ts';
import type { Canvas } from '../canvas.ts';
import { paragraph } from '../layout.ts';
import { hopsView } from './hops.ts';
import { outcomesView } from './outcomes.ts';
import { heading, type Place, remarks } from './place.ts';
import { planTotal } from './plan.ts';
import { type NextRuns, nextRunsView } from './runs.ts';
import { brokenParts } from './verified.ts';

export interface Provisioned extends Place {
  ok: boolean;
  plan: Plan;
  outcomes: readonly Outcome[];
  calls: number;
  seconds: number;
  /** What the function found on its way; undefined where it was not asked. */
  hops?: readonly Hop[];
  /** What of the permissions could not be asked beforehand, one sentence each. */
  unchecked?: readonly string[];
  nextRuns: NextRuns;
  /** Of a database of the user's own, and the address from which the function comes to it. */
  host?: string | undefined;
  outboundAddress?: string | undefined;
  /** What is broken on that way, with its cause. */
  broken?: readonly VerifiedHop[];
  /** What to do next, as a sentence. */
  next: string;
}

/** What was made, whether it works, when the report comes, and what to do next. */
export function provisionedView(data: Provisioned, canvas: Canvas): string {
  const { ok, plan, outcomes, hops, broken = [], unchecked = [], nextRuns, next } = data;
  const runs = nextRunsView(nextRuns, canvas);
  const { host: database, outboundAddress } = data;
  const outbound =
    database !== undefined && outboundAddress
      ? [paragraph(`The function comes to ${database} from ${outboundAddress}: let that in there.`, canvas)]
      : [];
  if (plan.changes.length === 0 && !hops)
    return [heading('Stack', data, canvas), planTotal(plan), ...outbound, runs].join('\n\n');
  const parts = [outcomesView(data, data, canvas)];
  if (unchecked.length > 0) parts.push(remarks(unchecked, canvas));
  if (hops) parts.push(hopsView(hops, canvas), ...brokenParts(broken, canvas));
  const host = outcomes.find(({ id, outcome }) => id === 'host.cli' && outcome === 'created')?.awsId;
  if (ok && host) parts.push(accessView(host, data.region, canvas));
  parts.push(...outbound);
  if (ok) parts.push(runs);
  return [...parts, paragraph(next, canvas)].join('\n\n');
}

/** The two ways into a host: both need the AWS CLI, neither a key. */
function accessView(instanceId: string, region: string, canvas: Canvas): string {
  return [
    canvas.style.bold('The way into CLI Host'),
    `  ${awsCli`ec2-instance-connect ssh --region ${as.region(region)} --instance-id ${as.awsId(instanceId)}`}`,
    `  ${awsCli`ssm start-session --region ${as.region(region)} --target ${as.awsId(instanceId)}`}`,
  ].join('\n');
}
