import type { Snapshot } from '@aws-sdk/client-ec2';
import { secondsSince } from '../../clock.ts';
import { Problem } from '../../problem.ts';
import { as, awsCli } from '../../suggest.ts';
import { isLostAnswer } from '../aws/errors.ts';
import { recordOf, type TagRecord } from '../aws/owner.ts';
import type { Context } from '../context.ts';
import type { Certificate, Progress } from '../engine/outcome.ts';
import { withinStep } from '../engine/step.ts';
import { waitFor } from '../engine/wait.ts';
import { sumOf } from '../plan/prices.ts';
import type { Stack } from '../stack.ts';
import { databaseHostsOf } from '../verbs/shop-data.ts';

const id = 'snapshot.database';
const title = 'Snapshot of the database';

/** How long a snapshot may take, ms. */
const deadline = 6 * 60 * 60_000;
/**
 * How long a finished snapshot of an interrupted run is good enough for the next one: what is sold after it is not in
 * it, ms.
 */
const freshFor = 15 * 60_000;
/** Further apart clocks cannot be: AWS refuses the signature (SigV4, "Request expiration"), ms. */
const skew = 5 * 60_000;
/** How long what was made may be looked for, ms. */
const visibilityBudget = 60_000;

/**
 * Made by AWS Backup or Data Lifecycle Manager, which give what they make the tags of the volume and remove it by rules
 * of their own (AWS Backup developer guide, "Copying tags onto backups").
 */
export const isOfBackup = (tags: TagRecord): boolean =>
  Object.keys(tags).some(key => key.startsWith('aws:backup:') || key.startsWith('aws:dlm:'));

/** Every snapshot of a stack's database, the newest first. */
async function snapshotsOf({ aws, owner }: Stack): Promise<Snapshot[]> {
  const { Snapshots } = await aws.call('ec2:DescribeSnapshots', { OwnerIds: ['self'], Filters: owner.filters });
  return owner
    .select(Snapshots, id)
    .filter(({ Tags }) => !isOfBackup(recordOf(Tags)))
    .sort((a, b) => startOf(b) - startOf(a));
}

const startOf = ({ StartTime }: Snapshot): number => StartTime?.getTime() ?? 0;

/**
 * Keeps what is on the database host's disk, as it is at this moment: what InnoDB had committed is in it, as after a
 * loss of power. One that an interrupted run began is gone on with, and not made twice. Throws Problem
 * `snapshot-failed`. Does nothing without a host.
 */
export async function keepSnapshot(context: Context, progress: Progress): Promise<void> {
  const { stack } = context;
  const hosts = await databaseHostsOf(stack);
  if (hosts.length === 0) return;
  const { clock } = stack.aws;
  const step = { id, waiting: (reason: string | undefined) => progress.waiting(id, reason) };
  progress.begin(hosts.length);
  for (const { volumeId } of hosts) {
    const start = clock.now();
    progress.started({ id, title, action: 'create' });
    await withinStep(step, async () => {
      const made = (await begunBefore(context, volumeId)) ?? (await create(context, volumeId));
      await untilCompleted(stack, made, step.waiting);
      context.lock.settled(id);
      progress.finished({ id, title, outcome: 'created', awsId: made, seconds: secondsSince(clock, start) });
    });
  }
}

/** What an interrupted run had begun, looked for as long as AWS may not show it. */
async function begunBefore({ stack, lock }: Context, volumeId: string): Promise<string | undefined> {
  const begunAt = lock.begunAt(id);
  if (begunAt === undefined) return undefined;
  return snapshot(stack, volumeId, begunAt, lock.lookWithin(id)!);
}

async function snapshot(stack: Stack, volumeId: string, begunAt: number, within: number): Promise<string | undefined> {
  const { clock } = stack.aws;
  const end = clock.elapsed() + within;
  for (;;) {
    const found = (await snapshotsOf(stack)).find(one => {
      const isOurs = one.VolumeId === volumeId && startOf(one) >= begunAt - skew;
      return (
        isOurs && (one.State === 'pending' || (one.State === 'completed' && stack.aws.time() - startOf(one) < freshFor))
      );
    });
    if (found) return found.SnapshotId;
    if (clock.elapsed() >= end) return undefined;
    await clock.sleep(2_000 + stack.aws.jitter() * 3_000);
  }
}

async function create({ stack, lock }: Context, VolumeId: string): Promise<string> {
  const { aws, names, owner, settings } = stack;
  await lock.note(id);
  const begunAt = aws.time();
  for (let attempt = 1; ; attempt++) {
    try {
      const { SnapshotId } = await aws.call('ec2:CreateSnapshot', {
        VolumeId,
        Description: `Database of the sales report, stack ${settings.stack}, before its teardown`,
        TagSpecifications: owner.ec2Tags('snapshot', id, `${names.databaseHost} database`),
      });
      return SnapshotId!;
    } catch (error) {
      if (!isLostAnswer(error)) throw error;
      const found = await snapshot(stack, VolumeId, begunAt, visibilityBudget);
      if (found) return found;
      if (attempt === 3) throw error;
    }
  }
}

async function untilCompleted(
  stack: Stack,
  snapshotId: string,
  onWait: (reason: string | undefined) => void,
): Promise<void> {
  await waitFor<void>({
    clock: stack.aws.clock,
    jitter: stack.aws.jitter,
    every: [4_000, 8_000],
    what: title,
    deadline,
    onWait,
    poll: async () => {
      const found = (await snapshotsOf(stack)).find(({ SnapshotId }) => SnapshotId === snapshotId);
      if (found?.State === 'completed') return { result: undefined };
      if (found?.State === 'error')
        throw new Problem(
          'snapshot-failed',
          `AWS could not make the snapshot ${snapshotId} (${found.StateMessage ?? 'it gives no reason'}): run the same command again, or add --delete-database instead. Nothing was removed.`,
        );
      return { waiting: found ? `${found.Progress ?? '0%'} is stored` : 'AWS is making the new id known' };
    },
  });
}

/**
 * The snapshots that stay, as a certificate names them: with their price, which is of the blocks that are used, and how
 * to remove them.
 */
export async function keptSnapshots(stack: Stack): Promise<Certificate['kept']> {
  const { region } = stack;
  return (await snapshotsOf(stack)).map(one => {
    const price = (amount: number) => sumOf([{ item: 'snapshotGigabyte', amount }])!.toFixed(2);
    const monthly = price(one.VolumeSize ?? 0);
    const day = one.StartTime?.toISOString().slice(0, 16).replace('T', ' ');
    return {
      id,
      title,
      awsId: one.SnapshotId ?? '',
      why: `of ${day} UTC, ${one.VolumeSize} GB, at most $${monthly} a month ($${price(1)} per GB-month of what is used); ${awsCli`ec2 delete-snapshot --region ${as.region(region)} --snapshot-id ${as.awsId(one.SnapshotId ?? '')}`} removes it`,
      monthly,
    };
  });
}
