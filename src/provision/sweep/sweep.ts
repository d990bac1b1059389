import { Problem } from '../../problem.ts';
import { as, salesreport } from '../../suggest.ts';
import type { Aws } from '../aws/aws.ts';
import { denierWords, isLack } from '../aws/denial.ts';
import { endsTheRun } from '../engine/engine.ts';
import type { Progress } from '../engine/outcome.ts';
import { keepable } from '../verbs/deployment.ts';
import { ec2Looks } from './ec2.ts';
import { judged, type Placed } from './foreign.ts';
import type { Leftover } from './leftover.ts';
import { iamLooks, serviceLooks } from './services.ts';

/** What was found of one stack in one region. */
export interface SweptStack {
  stack: string;
  region: string;
  /** `standing`: whole enough to work; `kept`: only what a teardown keeps on purpose; `leftovers`: neither. */
  state: 'standing' | 'kept' | 'leftovers';
  things: Leftover[];
  /** US dollars a month of what has a known price, a decimal string. */
  monthly: string;
  /** The command that removes it all. */
  removedBy: string;
}

/** What of any stack is in an account. */
export interface Swept {
  regions: string[];
  stacks: SweptStack[];
  /** Named like ours, and not ours. */
  strangers: Leftover[];
  /** With copied tags of a stack, and not the stack's: nothing removes them. */
  foreign: Leftover[];
  /** What could not be looked at, wholly or in part, and why, once for each region: of that nothing is known. */
  unseen: { region: string; why: string }[];
  at: string;
}

export interface SweepOptions {
  allRegions?: boolean;
}

/** What a stack needs to work. */
const essentials = ['function', 'vpc', 'nat-gateway', 'topic', 'role.function'];

/**
 * Looks for everything that the tool has made in an account, of any stack, by tags and by names, in each service's own
 * lists. Changes nothing. `awsOf` gives the AWS of a region.
 */
export async function sweep(
  place: { account: string; region: string; partition: string },
  awsOf: (region: string) => Aws,
  progress: Progress,
  { allRegions = false }: SweepOptions = {},
): Promise<Swept> {
  const home = awsOf(place.region);
  const regions = allRegions ? await regionsOf(home) : [place.region];
  const unseen: Swept['unseen'] = [];
  const lookFor = async (region: string, looks: (() => Promise<Placed[]>)[]): Promise<Leftover[]> => {
    const failures: unknown[] = [];
    const found = await Promise.all(
      looks.map(snapshot =>
        snapshot().catch((error: unknown) => {
          if (endsTheRun(error)) throw error;
          failures.push(error);
          return [];
        }),
      ),
    );
    if (failures.length > 0) unseen.push({ region, why: whyUnseen(failures, looks.length) });
    // Of what is in a VPC nothing is said where not everything could be looked at.
    return judged(found.flat(), { isWhole: failures.length === 0 });
  };
  progress.begin(regions.length);
  const found = await Promise.all([
    lookFor('every region', iamLooks(home, place.region)),
    ...regions.map(async region => {
      progress.started({ id: region, title: `looking in ${region}`, action: 'look' });
      const aws = awsOf(region);
      const things = await lookFor(region, [...ec2Looks(aws, region), ...serviceLooks(aws, { ...place, region })]);
      progress.finished({ id: region, title: region, outcome: 'unchanged', seconds: 0 });
      return things;
    }),
  ]);
  const things = found.flat();
  const isShown = ({ region }: Leftover) => allRegions || regions.includes(region);
  return {
    regions,
    stacks: stacksOf(things.filter(one => one.stranger === undefined && one.foreign === undefined && isShown(one))),
    strangers: things.filter(one => one.stranger !== undefined),
    foreign: things.filter(one => one.foreign !== undefined && isShown(one)),
    unseen,
    at: new Date(home.clock.now()).toISOString(),
  };
}

/**
 * Why of the `asked` kinds of things in a region some could not be looked at, as one sentence part: mostly it is the
 * same for all.
 */
function whyUnseen(failures: readonly unknown[], asked: number): string {
  const denials = failures.map(error => (error instanceof Problem ? error.aws?.denial : undefined));
  const who = new Set(denials.map(denial => denial && !isLack(denial) && denierWords(denial)));
  const [one] = who;
  if (who.size === 1 && one) {
    const much =
      failures.length === asked ? 'you may not look there' : `${failures.length} of ${asked} questions are denied`;
    return `${much}: ${one}`;
  }
  const [first] = failures;
  const why = (first instanceof Error ? first.message : String(first)).replace(/\.$/, '');
  return failures.length === 1 ? why : `${failures.length} of ${asked} questions failed, the first with: ${why}`;
}

/** Every region that the account has enabled. */
async function regionsOf(aws: Aws): Promise<string[]> {
  const { Regions = [] } = await aws.call('ec2:DescribeRegions', {});
  return Regions.map(({ RegionName = '' }) => RegionName).sort();
}

function stacksOf(things: readonly Leftover[]): SweptStack[] {
  return [...groupBy(things).values()]
    .map(own => {
      const { stack, region } = own[0]!;
      const dollars = own.reduce((sum, { monthly = '0' }) => sum + Number(monthly), 0);
      return {
        stack,
        region,
        state: stateOf(own),
        things: own,
        monthly: dollars.toFixed(2),
        removedBy: salesreport`teardown --stack ${as.stack(stack)} --region ${as.region(region)}`,
      };
    })
    .sort((a, b) => `${a.stack} ${a.region}`.localeCompare(`${b.stack} ${b.region}`));
}

const keyOf = ({ stack, region }: Leftover): string => `${stack} ${region}`;

function groupBy(things: readonly Leftover[]): Map<string, Leftover[]> {
  const groups = new Map<string, Leftover[]>();
  for (const one of things) groups.set(keyOf(one), [...(groups.get(keyOf(one)) ?? []), one]);
  return groups;
}

function stateOf(things: readonly Leftover[]): SweptStack['state'] {
  const has = (resource: string) => things.some(one => one.resource === resource);
  if (essentials.every(has)) return 'standing';
  return things.every(({ resource = '' }) => keepable.includes(resource)) ? 'kept' : 'leftovers';
}
