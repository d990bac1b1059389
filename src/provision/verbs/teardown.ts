import { secondsSince } from '../../clock.ts';
import { Snapshot } from '../aws/snapshot.ts';
import { type Context, waitingFor } from '../context.ts';
import { removeAndCertify } from '../engine/certify.ts';
import { standingIn } from '../engine/inventory.ts';
import type { Certificate, Progress } from '../engine/outcome.ts';
import { lookAgainAfter } from '../engine/remove.ts';
import { estimateRemoval } from '../plan/estimate.ts';
import { findForeign } from '../plan/foreign.ts';
import { type BillableItem, sumOf } from '../plan/prices.ts';
import { skippedWords, verifyMayRemove, verifyRemovable } from '../policy/permissions.ts';
import { distinct, findSubscribers, type Subscriber } from '../readers/subscribers.ts';
import { keepSnapshot, keptSnapshots } from '../resources/database-snapshot.ts';
import { attachedOf, certifyAttached } from './attached.ts';
import { type DataOptions, type ShopData, shopDataOf, verifyMayGo } from './shop-data.ts';

export interface TeardownOptions extends DataOptions {
  /** Whether the archive of reports goes too. */
  deleteArchive?: boolean;
  /** Whether the function's log stays. */
  keepLogs?: boolean;
  /** Whether AWS is not asked beforehand what the caller may do. */
  skipPermissionCheck?: boolean;
  /** What the database holds, where that was asked already. */
  data?: ShopData;
}

/**
 * Removes everything of the stack under its lock, and states what AWS answers afterwards. Throws before the first
 * change: Problem `data-there` where sales would be lost without anybody having said so, and `not-permitted` as far as
 * AWS can be asked.
 */
export async function teardownStack(
  context: Context,
  progress: Progress,
  { deleteArchive = false, keepLogs = false, skipPermissionCheck = false, data, ...given }: TeardownOptions = {},
): Promise<Certificate> {
  const { stack, lock } = context;
  const resources = standingIn(context.resources).filter(({ updateOnly }) => !updateOnly);
  const asksPermissions = context.asksPermissions && !skipPermissionCheck;
  const { clock } = stack.aws;
  const start = clock.elapsed();
  if (!given.deleteDatabase && !given.snapshot) verifyMayGo(stack.settings.stack, data ?? (await shopDataOf(stack)));
  const onWait = waitingFor(progress, 'getting ready to remove');
  const keeps = new Set([...(deleteArchive ? [] : ['archive']), ...(keepLogs ? ['log-group'] : [])]);
  const going = resources.filter(({ id }) => !keeps.has(id));
  const [unchecked, ...subscribers] = await Promise.all([
    asksPermissions
      ? verifyMayRemove(context, going, { keepsSnapshot: given.snapshot === true })
      : context.asksPermissions
        ? [skippedWords]
        : [],
    findSubscribers(stack, 'readers'),
    findSubscribers(stack, 'operators'),
  ]);
  // Who is both is told of once.
  const readers = distinct(subscribers.flat());
  const certificate = await lock.hold('teardown', onWait, async () => {
    const unshown = lock.settlesWithin;
    if (unshown > 0) {
      onWait('AWS is making known what an interrupted run made');
      await clock.sleep(unshown);
    }
    if (given.snapshot) await keepSnapshot(context, progress);
    const attached = await attachedOf(stack);
    const verdict = await removeAndCertify(context.engine(progress), resources, {
      keeps,
      monthlyOf: (resource, found) => monthlyOf(resource.billableItems?.(found)),
      async begun(removals) {
        if (asksPermissions) await verifyRemovable(context, removals);
        progress.expect?.(
          estimateRemoval(removals.map(({ resource }) => resource)).seconds + (2 * lookAgainAfter) / 1_000,
        );
      },
    });
    const { removed, left } = await certifyAttached(stack, attached);
    verdict.removed.push(...removed);
    verdict.left.push(...left);
    verdict.kept.push(...(await keptSnapshots(stack)));
    // The password went: nobody has to finish its change any more.
    if (lock.rotation) await lock.setRotation(undefined);
    // What AWS has answered for is recorded no longer, though an interrupted run removed it.
    const isLeft = new Set(verdict.left.map(({ id }) => id));
    for (const { id } of resources) if (!isLeft.has(id)) stack.intents.forget(id);
    const named = new Set(
      [...verdict.left, ...verdict.kept, ...verdict.removed, ...verdict.strangers].map(({ awsId }) => awsId),
    );
    const foreign = await findForeign(stack, new Snapshot(stack.aws), named);
    verdict.strangers.push(...foreign.map(({ kind, ...one }) => ({ title: kind, ...one })));
    const at = new Date(clock.now()).toISOString();
    return {
      ...verdict,
      pending: readersWords(readers),
      ...(unchecked.length > 0 ? { unchecked } : {}),
      at,
      seconds: secondsSince(clock, start),
    };
  });
  if (lock.unreleased) {
    const why = 'AWS refused to remove it each time that it was asked';
    certificate.left.push({ id: 'lock', title: 'Lock of the stack', awsId: lock.unreleased, why });
  }
  return certificate;
}

/** Undefined for what costs next to nothing, or has no known price. */
function monthlyOf(uses: readonly BillableItem[] = []): string | undefined {
  return uses.length === 0 ? undefined : sumOf(uses)?.toFixed(2);
}

/**
 * What becomes of the readers: SNS keeps no subscription without its topic, but one that nobody confirmed cannot be
 * deleted (SNS developer guide).
 */
function readersWords(readers: readonly Subscriber[]): string[] {
  const of = (state: Subscriber['state']) => readers.filter(one => one.state === state).map(({ endpoint }) => endpoint);
  const confirmed = of('confirmed');
  return [
    ...(confirmed.length > 0
      ? [`${listed(confirmed)} had confirmed: SNS forgets them with the topic, and mails nothing.`]
      : []),
    ...of('pending').map(
      endpoint => `${endpoint} never confirmed: AWS forgets the request within 48 hours, and nothing is mailed.`,
    ),
  ];
}

/** `ann@example.com, bob@example.com and 3 more`. */
const listed = (names: readonly string[]): string =>
  names.length <= 3 ? names.join(', ') : `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`;
