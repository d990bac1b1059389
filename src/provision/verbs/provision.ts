import { secondsSince } from '../../clock.ts';
import { Problem } from '../../problem.ts';
import { Snapshot } from '../aws/snapshot.ts';
import { type Context, waitingFor } from '../context.ts';
import { apply, writeRecords } from '../engine/apply.ts';
import { type Consent, replacementsOf, withAdopted } from '../engine/consent.ts';
import { type Inventory, inUseOf, oursOf, takeInventory } from '../engine/inventory.ts';
import { isWhole, type Outcome, type Plan, type Progress } from '../engine/outcome.ts';
import { planOf } from '../engine/plan.ts';
import { removeAll } from '../engine/remove.ts';
import { seenWords } from '../lock/record.ts';
import { estimateChanges } from '../plan/estimate.ts';
import { type PlanDocument, planDocument, verifyNotMoved } from '../plan/plan-file.ts';
import { type Planned, plannedOf } from '../plan/planned.ts';
import { preflight } from '../plan/preflight.ts';
import { findStrangers } from '../plan/strangers.ts';
import { shopChangeIn } from '../plan/which-shop.ts';
import { skippedWords, verifyPermitted } from '../policy/permissions.ts';
import type { AddressFound } from '../resources/address.ts';
import { type Proof, proofOf } from '../verify/verify.ts';
import { probe } from './invoke.ts';
import { finishRotation } from './rotation.ts';

/** What came of a provision. */
export interface Provisioned {
  outcomes: Outcome[];
  /** How many calls to AWS it made. */
  calls: number;
  seconds: number;
  /** The NAT gateway's public address, from which the function comes; absent where there is none. */
  outboundAddress?: string | undefined;
  /** What of the permissions could not be asked beforehand, one sentence each; absent where all was. */
  unchecked?: string[];
  /**
   * Whether the pipeline works, where that was asked for: absent where nothing was changed and no proof was owed, or
   * where something failed.
   */
  proof?: Proof;
}

/** What a person wants of a provision beyond the settings. */
export interface ProvisionRequest {
  /** The plan that they said yes to. */
  shown?: Plan;
  /** A plan that was written before, and must still hold. */
  exactly?: PlanDocument;
  consent?: Consent;
  /**
   * Whether it is proved in the end that the pipeline works. A run that does not come to a good proof leaves a note of
   * that, so that the next one gives it also where nothing is to be changed.
   */
  proves?: boolean;
  /** Whether AWS is not asked beforehand what the caller may do. */
  skipPermissionCheck?: boolean;
}

/** What would change, and the lock of another run where one stands. */
export async function planStack({ stack, resources, lock }: Context, consent: Consent = {}): Promise<Planned> {
  const snapshot = new Snapshot(stack.aws);
  const [inventory, standing] = await Promise.all([takeInventory(resources, snapshot), lock.seenIn(snapshot)]);
  const plan = plannedOf(stack, resources, inventory, planOf(resources, inventory, consent), consent);
  plan.outboundAddress = outboundIn(inventory);
  const [unchecked, strangers, shop] = await Promise.all([
    preflight(stack, plan, snapshot),
    findStrangers(stack, snapshot, inventory),
    shopChangeIn(stack, snapshot, inventory),
  ]);
  if (shop) plan.shop = shop;
  plan.notes.push(...unchecked);
  plan.notes.push(
    ...strangers.map(one => `Not of this stack: ${one.words}. It is left alone, and what it uses cannot be removed.`),
  );
  if (standing) plan.unfinished.push(seenWords(standing));
  return plan;
}

/** The address that an own database must let in, as it was found. */
export const outboundIn = (inventory: Inventory): string | undefined =>
  (inUseOf(inventory, 'address.nat') as AddressFound | undefined)?.publicIp;

async function outboundNow({ stack, resources }: Context): Promise<string | undefined> {
  const address = resources.filter(({ id }) => id === 'address.nat');
  return outboundIn(await takeInventory(address, new Snapshot(stack.aws)));
}

const hasWork = ({ changes, unfinished }: Plan): boolean => changes.length > 0 || unfinished.length > 0;

/**
 * Makes the changes that a fresh look finds, under the stack's lock; without any, it changes nothing and takes none.
 * `shown` is the plan that a person said yes to, and `exactly` one that was written before, which must still hold.
 * Never throws for a failed resource: it is an outcome, and what needs it is skipped, and so is the proof. Throws
 * Problem `moved` where more would be removed or replaced than was shown, or anything is not as in `exactly`;
 * `not-permitted` before the first change, as far as AWS can be asked; `locked`, `lock-lost`.
 */
export async function provisionStack(
  context: Context,
  progress: Progress,
  request: ProvisionRequest = {},
): Promise<Provisioned> {
  const { aws } = context.stack;
  const [start, calls] = [aws.clock.elapsed(), aws.calls.length];
  const plan = request.shown ?? (await planStack(context, request.consent));
  const { skipPermissionCheck = false } = request;
  const isAsked = context.asksPermissions && plan.changes.length > 0;
  const unchecked = !isAsked ? [] : skipPermissionCheck ? [skippedWords] : await verifyPermitted(context, plan);
  const done = hasWork(plan)
    ? await context.lock.hold(
        'provision',
        waitingFor(progress, "waiting for the stack's lock"),
        () => makeAndProve(context, progress, request),
        request,
      )
    : { outcomes: plan.unchanged.map(one => ({ ...one, outcome: 'unchanged' as const, seconds: 0 })) };
  const outboundAddress = plan.outboundAddress ?? (await outboundNow(context));
  return {
    ...done,
    outboundAddress,
    calls: aws.calls.length - calls,
    seconds: secondsSince(aws.clock, start),
    ...(unchecked.length > 0 ? { unchecked } : {}),
  };
}

async function makeAndProve(
  context: Context,
  progress: Progress,
  request: ProvisionRequest,
): Promise<Pick<Provisioned, 'outcomes' | 'proof'>> {
  const { lock, stack } = context;
  const outcomes = await make(context, progress, request);
  if (!request.proves || !isWhole(outcomes)) return { outcomes };
  const proof = await proofOf(context, () => probe(stack, progress));
  lock.owesProof = proof.broken.length > 0;
  return { outcomes, proof };
}

async function make(
  context: Context,
  progress: Progress,
  { shown, exactly, consent = {}, proves = false }: ProvisionRequest,
): Promise<Outcome[]> {
  const { stack, resources } = context;
  const engine = context.engine(progress);
  await finishRotation(context, progress);
  const seen = await takeInventory(resources, new Snapshot(stack.aws));
  const plan = planOf(resources, seen, consent);
  if (exactly)
    verifyNotMoved(
      exactly,
      planDocument(plannedOf(stack, resources, seen, plan, consent), { ...stack, stack: stack.settings.stack }),
    );
  else if (shown) verifyNoMoreIsLost(shown, plan);
  if (plan.changes.length > 0) context.lock.owesProof = proves;
  progress.expect?.(estimateChanges(resources, plan.changes).seconds);
  const inventory = withAdopted(resources, seen, consent);
  const replaced = replacementsOf(resources, inventory, consent);
  const gone = await removeReplaced(context, progress, inventory, replaced, plan.surplus);
  if (!isWhole(gone)) return gone;
  const left = new Map([...inventory].map(([id, found]) => [id, replaced.has(id) ? [] : found]));
  const outcomes = (await apply(engine, resources, left)).map(one =>
    one.outcome === 'created' && replaced.has(one.id) ? { ...one, outcome: 'replaced' as const } : one,
  );
  const going = plan.changes.filter(({ action }) => action === 'remove');
  const removals = resources
    .map(resource => ({
      resource,
      found: oursOf(inventory, resource.id).filter(({ awsId }) =>
        going.some(one => one.id === resource.id && one.awsId === awsId),
      ),
    }))
    .filter(({ found }) => found.length > 0);
  // What is not wanted any more goes last, when its successor serves.
  if (isWhole(outcomes) && removals.length > 0) outcomes.push(...(await removeAll(engine, removals)));
  // All that was free is in use by now, or gone.
  if (isWhole(outcomes)) for (const { id } of resources) stack.intents.forget(id);
  return [...outcomes, ...(await writeRecords(engine, resources, isWhole(outcomes)))];
}

/** Takes away what a person wants replaced, with what stands on it. */
async function removeReplaced(
  { resources, engine }: Context,
  progress: Progress,
  inventory: Inventory,
  replaced: ReadonlyMap<string, string | undefined>,
  surplus: Plan['surplus'],
): Promise<Outcome[]> {
  if (replaced.size === 0) return [];
  const going = resources.filter(({ id }) => replaced.has(id));
  for (const resource of going) resource.useLatestImage?.();
  return removeAll(
    engine(progress),
    going.map(resource => ({
      resource,
      found: oursOf(inventory, resource.id).filter(
        ({ awsId }) => !surplus.some(one => one.id === resource.id && one.awsId === awsId),
      ),
    })),
  );
}

/** Throws Problem `moved` where the fresh plan takes something away that the one that was shown does not name. */
function verifyNoMoreIsLost(shown: Plan, fresh: Plan): void {
  const takes = ({ changes }: Plan) => changes.filter(({ action }) => action === 'remove' || action === 'replace');
  const more = takes(fresh).find(({ id, awsId }) => !takes(shown).some(one => one.id === id && one.awsId === awsId));
  if (more)
    throw new Problem(
      'moved',
      `${more.title} would be ${more.action === 'remove' ? 'removed' : 'replaced'} now and the plan did not say so: run the same command again to see the plan as it is.`,
    );
}
