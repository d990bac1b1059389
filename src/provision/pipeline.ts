import type { Pluggable } from '@smithy/types';
import type { Clock } from '../clock.ts';
import type { FunctionEvent, Hop } from '../function-contract.ts';
import { Problem } from '../problem.ts';
import type { GivenSettings } from '../settings/given.ts';
import type { Settings } from '../settings/settings.ts';
import { version } from '../version.ts';
import type { Artifacts } from './artifacts.ts';
import { Aws, type AwsOptions, type CallRecord } from './aws/aws.ts';
import { callerOf } from './aws/caller.ts';
import type { Connection } from './aws/connection/connection.ts';
import type { StandIn } from './aws/connection/endpoints.ts';
import { isAlreadyThere, isInUse, isLostAnswer } from './aws/errors.ts';
import { Owner } from './aws/owner.ts';
import { Snapshot } from './aws/snapshot.ts';
import type { Wait } from './aws/watch.ts';
import { catalogue } from './catalogue.ts';
import { type Context, waitingFor } from './context.ts';
import type { Consent } from './engine/consent.ts';
import { isDenial } from './engine/engine.ts';
import { type Inventory, standingIn, takeInventory } from './engine/inventory.ts';
import type { Certificate, Progress } from './engine/outcome.ts';
import { notesOf } from './engine/plan.ts';
import { StackLock } from './lock/lock.ts';
import { LockStore } from './lock/lock-store.ts';
import { holderWords, type LockRecord, seenWords } from './lock/record.ts';
import { type Self, thisProcess } from './lock/self.ts';
import { namesOf } from './names.ts';
import { type Planned, priceNotes } from './plan/planned.ts';
import { findStrangers, type Stranger } from './plan/strangers.ts';
import { type Confirmation, confirmReader } from './readers/confirm-reader.ts';
import { doubledWords, firstSubscribers, leftWords, type Subscriber, subscribe } from './readers/subscribers.ts';
import { type ArchiveObjects, archiveObjects } from './resources/archive-objects.ts';
import { readDeployed } from './resources/deployed-settings.ts';
import type { Stack } from './stack.ts';
import { type SweepOptions, type Swept, sweep } from './sweep/sweep.ts';
import { invoke, probe } from './verbs/invoke.ts';
import { outboundIn, type Provisioned, type ProvisionRequest, planStack, provisionStack } from './verbs/provision.ts';
import { type Rotated, setPassword, verifyRotatable } from './verbs/rotation.ts';
import { databaseHostsOf, type ShopData, shopDataOf } from './verbs/shop-data.ts';
import { type ResourceStatus, statusOf } from './verbs/status.ts';
import { type TeardownOptions, teardownStack } from './verbs/teardown.ts';
import type { Finding } from './verify/root-cause.ts';
import { type Verification, verifyStack } from './verify/verify.ts';

export interface PipelineOptions {
  settings: Settings;
  /** What of the settings somebody has set, which is kept for who has no settings file. */
  given: GivenSettings;
  clock: Clock;
  /** In [0, 1): spreads polls and retries. */
  jitter: () => number;
  region: string;
  credentials?: { accessKeyId: string; secretAccessKey: string };
  /** Stands under every SDK client of a region: the simulator. */
  plugin?: Pluggable<object, object>;
  /** The same for another region; by default `plugin` stands there too. */
  pluginIn?: (region: string) => Pluggable<object, object>;
  /** How AWS is reached; none where `plugin` stands under every client. */
  connection?: Connection;
  artifacts: Artifacts;
  publicAddress: () => Promise<string | undefined>;
  password: (settings: Settings) => Promise<string>;
  onCall?: (call: CallRecord) => void;
  /** Called about every 10 s while an answer of AWS is waited for that long. */
  onWait?: (wait: Wait) => void;
  /** Whether a person is asked for something at this moment. */
  isAsking?: () => boolean;
  /** Aborted at Ctrl-C: calls in flight are finished, no other is begun, and nobody sleeps any longer. */
  signal?: AbortSignal;
  /** Who the lock says is at work. Default: this process. */
  self?: Self;
  /** Shortest and longest pause between two looks at something that takes time, ms. Default 2 to 5 s. */
  every?: readonly [number, number];
}

export interface PipelineStatus {
  resources: ResourceStatus[];
  /** So many as AWS gives in one answer. */
  subscribers: Subscriber[];
  /** How many readers there are besides. */
  moreSubscribers: number;
  /**
   * Who gets notices, by the topic of operators: so many as AWS gives in one answer, and how many there are besides.
   */
  operators: Subscriber[];
  moreOperators: number;
  /** What stands in the stack's VPC and is not ours. */
  strangers: Stranger[];
  /** One sentence each: what a person should know that is no difference. */
  notes: string[];
  healthy: boolean;
  /** The NAT gateway's public address, from which the function comes to a database of the user's own. */
  outboundAddress?: string | undefined;
}

/** One stack's pipeline in one account and region: everything that an operator can do to it. */
export interface Pipeline {
  readonly stack: string;
  readonly account: string;
  readonly region: string;
  /** What answers in the place of AWS. */
  readonly standIns: readonly StandIn[];
  /** The reports and the ledger that the function keeps. */
  readonly archive: ArchiveObjects;
  /**
   * What the last provision was given; undefined where there is no record of it. Mutates nothing, and never throws for
   * a record that cannot be used.
   */
  deployed(): ReturnType<typeof readDeployed>;
  /** The same stack by other settings, reached in the same way: nobody is asked again who calls. */
  settled(settings: Settings, given: GivenSettings): Pipeline;
  /** What would change. Mutates nothing. Throws Problem `name-taken` where a stranger's thing has our name. */
  plan(consent?: Consent): Promise<Planned>;
  /** Makes the changes that a fresh look finds, as `provisionStack` says. */
  provision(progress: Progress, request?: ProvisionRequest): Promise<Provisioned>;
  /** Asks the deployed function whether it reaches the shop and the topic, until it does or its budget is over. */
  probe(progress: Progress): Promise<Hop[]>;
  /** Proves the whole path from the schedule to the readers, as `verifyStack` says. */
  verify(progress: Progress, lastReport: Promise<Finding>): Promise<Verification>;
  status(): Promise<PipelineStatus>;
  /**
   * Adds readers of the reports, or with `operator` of the notices of what was blocked or failed, as `subscribe` says.
   */
  subscribe(protocol: 'email', addresses: string[], options?: { operator?: boolean }): Promise<Subscriber[]>;
  /** Confirms a reader so that only the account can unsubscribe them, as `confirmReader` says. */
  confirm(confirmation: Confirmation): Promise<Subscriber>;
  /** Starts the deployed function and waits for its answer. Throws Problem `not-provisioned` or `function-failed`. */
  invoke(event: FunctionEvent): Promise<unknown>;
  /** Throws, before anybody is asked for a password, where it could not be stored: as `setPassword` says. */
  verifyPassword(): Promise<void>;
  /** Stores another password of the database and proves it, as `setPassword` says. */
  setPassword(progress: Progress, value: string): Promise<Rotated>;
  /** What of any stack is in the account: in this region, or in all. Changes nothing. */
  sweep(progress: Progress, options?: SweepOptions): Promise<Swept>;
  /** What the database of our own host holds beyond its first data. */
  data(): Promise<ShopData>;
  /** Whether there is a host of ours that can hold sales. */
  hasDatabaseHost(): Promise<boolean>;
  /**
   * Removes everything of the stack, then looks again. Never throws for what could not be removed: it is `left`. The
   * archive of reports is `kept`, unless `deleteArchive` says that it goes too; with `keepLogs` the function's log is,
   * too. Throws Problem `data-there` where sales would be lost unasked.
   */
  teardown(progress: Progress, options?: TeardownOptions): Promise<Certificate>;
  /** Who holds the stack's lock, if anybody does; `name` is the lock's, and `words` say all of it in a sentence. */
  lock(): Promise<(LockRecord & { name: string; words: string }) | undefined>;
  /** Removes the stack's lock, whoever holds it: who is still at work stops at the next renewal. */
  unlock(progress: Progress): Promise<void>;
}

/** Opens the pipeline: asks AWS who is calling, and nothing else. */
export async function openPipeline(options: PipelineOptions): Promise<Pipeline> {
  const { settings, region, jitter } = options;
  const { connection, credentials, plugin, onCall, onWait, isAsking, signal } = options;
  const optionsIn = (there: string): AwsOptions => ({
    clock: options.clock,
    jitter,
    region: there,
    profile: settings.profile,
    connection,
    iamBudget: settings.patience.iam,
    credentials,
    plugin: there === region ? plugin : (options.pluginIn?.(there) ?? plugin),
    onCall,
    onWait,
    isAsking,
    signal,
  });
  const awsIn = (there: string) => new Aws(optionsIn(there));
  const aws = awsIn(region);
  const { account: Account, arn: Arn } = await callerOf(aws, optionsIn(region));
  verifyAccount(Account, Arn);
  return pipelineOf(options, { aws, awsIn, account: Account, caller: Arn });
}

/** A way to AWS, and who goes it. */
interface Way {
  aws: Aws;
  awsIn: (region: string) => Aws;
  account: string;
  /** ARN */
  caller: string;
}

function pipelineOf(options: PipelineOptions, way: Way): Pipeline {
  const { settings, given, region, jitter, artifacts } = options;
  const standIns = options.connection?.standIns ?? [];
  const { aws, awsIn, account, caller } = way;
  aws.iamBudget = settings.patience.iam;
  const publicAddress = once(options.publicAddress);
  const names = namesOf(settings.stack);
  const owner = new Owner({ stack: settings.stack, region, version, tags: settings.tags });
  const lock = new StackLock(
    aws,
    new LockStore(aws, owner, { names, settings }),
    options.self ?? thisProcess(),
    caller,
  );
  const stack: Stack = {
    aws,
    settings,
    given,
    names,
    owner,
    intents: lock,
    account,
    region,
    partition: caller.split(':')[1] ?? 'aws',
    caller,
    artifacts,
    publicAddress: publicAddress.ask,
    password: () => options.password(settings),
  };
  const context: Context = {
    stack,
    lock,
    resources: catalogue(stack),
    asksPermissions: standIns.length === 0,
    engine: progress => ({
      clock: aws.clock,
      jitter,
      every: options.every ?? [2_000, 5_000],
      newSnapshot: () => new Snapshot(aws),
      progress,
      intents: lock,
      isLostAnswer,
      isAlreadyThere,
      isInUse,
    }),
  };

  return {
    stack: settings.stack,
    account,
    region,
    standIns,
    archive: archiveObjects(stack),
    deployed: () => readDeployed(stack),
    settled: (settings, given) => pipelineOf({ ...options, settings, given }, way),

    async plan(consent) {
      const plan = await planStack(context, consent);
      const hasHost = context.resources.some(({ id, wanted }) => wanted && id.startsWith('host.'));
      const closed = hasHost && publicAddress.asked && (await publicAddress.ask()) === undefined;
      if (closed)
        plan.notes.push(
          'SSH stays closed: your public address could not be asked. Set network.adminCidr, or use Session Manager.',
        );
      plan.notes.push(...databaseNotes(settings), ...priceNotes(plan, settings, context.resources));
      return plan;
    },

    provision: (progress, request) => provisionStack(context, progress, request),
    probe: progress => probe(stack, progress),
    verify: (progress, lastReport) => verifyStack(context, progress, lastReport),

    async status() {
      const snapshot = new Snapshot(aws);
      const [inventory, readers, operators, standing] = await Promise.all([
        surveyWithRecords(context.resources, snapshot),
        firstSubscribers(stack, snapshot, 'readers'),
        firstSubscribers(stack, snapshot, 'operators'),
        lock.seenIn(snapshot),
      ]);
      const states = statusOf(context.resources, inventory);
      const strangers = await findStrangers(stack, snapshot, inventory);
      const notes = [
        ...(standing ? [seenWords(standing)] : []),
        ...notesOf(context.resources, inventory),
        ...readers.left.map(address => leftWords(address, 'readers')),
        ...operators.left.map(address => leftWords(address, 'operators')),
        ...[...readers.doubled, ...operators.doubled].map(one => doubledWords(stack, one)),
      ];
      return {
        resources: states,
        subscribers: readers.subscribers,
        moreSubscribers: readers.more,
        operators: operators.subscribers,
        moreOperators: operators.more,
        strangers,
        notes,
        outboundAddress: outboundIn(inventory),
        healthy: states.every(({ state }) => state === 'ready'),
      };
    },

    subscribe: (protocol, addresses, given) => subscribe(stack, protocol, addresses, given),
    confirm: confirmation => confirmReader(stack, confirmation),
    invoke: event => invoke(stack, event),
    verifyPassword: () => verifyRotatable(stack),
    setPassword: (progress, value) => setPassword(context, progress, value),

    sweep: (progress, given) => sweep(stack, awsIn, progress, given),
    data: () => shopDataOf(stack),
    hasDatabaseHost: async () => (await databaseHostsOf(stack)).length > 0,
    teardown: (progress, given) => teardownStack(context, progress, given),
    async lock() {
      const standing = await lock.seenIn(new Snapshot(aws));
      return standing && !standing.record.unproved
        ? { ...standing.record, name: standing.name, words: holderWords(standing) }
        : undefined;
    },
    unlock: progress => unlockStack(context, progress),
  };
}

/**
 * Buckets and their expected owner are named after the account: an answer without one would lead to somebody else's.
 * Throws Problem `no-account`.
 */
function verifyAccount(account: string, arn: string): void {
  if (/^\d{12}$/.test(account) && arn.startsWith('arn:')) return;
  throw new Problem(
    'no-account',
    `AWS names the account ${JSON.stringify(account)} for these credentials, and an account is twelve digits. Check what answers in place of AWS (proxy, AWS_ENDPOINT_URL), then run the same command again.`,
  );
}

async function unlockStack({ lock }: Context, progress: Progress): Promise<void> {
  await lock.breakAll(waitingFor(progress, 'removing the lock'));
}

/** What to know about a database of one's own, which the function reaches through the NAT gateway. */
function databaseNotes({ database: { host, port, tls } }: Settings): string[] {
  if (host === undefined) return [];
  const way = `The function comes to ${host}:${port} from the address of the NAT gateway: let that in there.`;
  return tls ? [way] : [way, `The sales travel to ${host} unencrypted: set database.tls, unless the way is private.`];
}

/** Asks at most once, and remembers whether it was asked. */
function once<T>(question: () => Promise<T>): { ask: () => Promise<T>; readonly asked: boolean } {
  let answer: Promise<T> | undefined;
  return {
    ask: () => {
      answer ??= question();
      return answer;
    },
    get asked() {
      return answer !== undefined;
    },
  };
}

/** What stands, and what was recorded of it; a record that may not be read is compared with nothing. */
async function surveyWithRecords(resources: Context['resources'], snapshot: Snapshot): Promise<Inventory> {
  const records = resources.filter(({ record }) => record);
  const [standing, recorded] = await Promise.all([
    takeInventory(standingIn(resources), snapshot),
    takeInventory(records, snapshot).catch((error): Inventory => {
      if (isDenial(error)) return new Map();
      throw error;
    }),
  ]);
  return new Map([...standing, ...recorded]);
}
