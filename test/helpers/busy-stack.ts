import { lastReportsOf } from '../../src/commands/last-reports.ts';
import { timetableFor } from '../../src/commands/wanted-window.ts';
import { chainKey, type Entry } from '../../src/report/deliver/entry.ts';
import { endBefore, lastEnd } from '../../src/report/timetable.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { settingsWith, silent } from './simulated-stack.ts';
import { type Calls, callsOf } from './waves.ts';

// Imported by the command when it is first asked: a file that is read meanwhile would count as a wave.
import '../../src/report/deliver/ledger.ts';

/** What an unchanged `provision`, and `status` with the last reports, ask of AWS. `healthy`: what they found. */
export async function callsOfUnchanged(aws: Simulator, settings: object) {
  let changes = 0;
  let healthy = false;
  const provision: Calls = await callsOf(aws, { settings }, async pipeline => {
    const shown = await pipeline.plan();
    changes = shown.changes.length;
    await pipeline.provision(silent, { shown });
  });
  const status: Calls = await callsOf(aws, { settings }, async pipeline => {
    const [found, reports] = await Promise.all([
      pipeline.status(),
      lastReportsOf(pipeline, settingsWith(settings), aws.world.clock),
    ]);
    healthy = found.healthy && reports.trouble === undefined;
  });
  return { provision, status, changes, healthy };
}

/**
 * Fills a standing stack with what others put into its VPC, with readers, and with the reports that the schedule asked
 * for until now.
 */
export async function makeBusy(
  aws: Simulator,
  settings: object,
  { readers = 5_000, reports = 400 } = {},
): Promise<void> {
  const { ec2, sns, s3, clock } = aws.world;
  const [vpc] = ec2.vpcs.existing();
  for (let n = 0; n < 30; n++)
    await aws.answer('ec2', 'CreateSubnet', { VpcId: vpc!.id, CidrBlock: `10.0.${200 + n}.0/24` });
  const made = { VpcId: vpc!.id, GroupName: 'many', Description: 'many' };
  const { GroupId } = (await aws.answer('ec2', 'CreateSecurityGroup', made)) as { GroupId: string };
  for (let port = 1; port <= 40; port++)
    await aws.answer('ec2', 'AuthorizeSecurityGroupIngress', {
      GroupId,
      IpPermissions: [{ IpProtocol: 'tcp', FromPort: port, ToPort: port, IpRanges: [{ CidrIp: '10.0.0.0/16' }] }],
    });
  const topic = [...sns.topics.values()].find(({ name }) => name === 'salesAnalysisReportTopic');
  for (let n = 0; n < readers; n++)
    topic!.subscriptions.push({
      arn: `${topic!.arn}:${n}`,
      protocol: 'email',
      endpoint: `reader-${n}@example.com`,
      createdAt: clock.now(),
      token: `${n}`,
      confirmed: true,
    });
  const [bucket] = s3.buckets.values();
  const timetable = await timetableFor(settingsWith(settings));
  for (let end = lastEnd(timetable, clock.now()), n = 0; n < reports && end !== undefined; n++) {
    const begin = endBefore(timetable, end)!;
    const [from, to] = [begin, end].map(instant => new Date(instant).toISOString()) as [string, string];
    const sent = { messageId: `m-${n}`, subject: 'a report', revision: 0, at: to };
    const entry: Entry = {
      from,
      to,
      version: 2,
      state: 'sent',
      at: to,
      schedule: 'cron',
      revision: 0,
      sent: [sent],
    };
    bucket!.versions.push({
      key: chainKey(entry),
      versionId: `v${n}`,
      etag: '"e"',
      body: new TextEncoder().encode(JSON.stringify(entry)),
      contentType: 'application/json',
      at: end,
      isDeleteMarker: false,
    });
    end = begin;
  }
}
