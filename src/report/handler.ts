import { type Clock, systemClock } from '../clock.ts';
import type {
  BeyondSeed,
  FunctionEvent,
  ProbeAnswer,
  ReportOptions,
  RunAnswer,
  Seed,
  WatchAnswer,
} from '../function-contract.ts';
import { Problem } from '../problem.ts';
import { defaultStack, givenFor, salesreport, withGiven } from '../suggest.ts';
import { backfill } from './deliver/backfill.ts';
import { deliver } from './deliver/deliver.ts';
import { dueAt, windowsUpTo } from './deliver/due.ts';
import { Ledger } from './deliver/ledger.ts';
import { pastOf } from './deliver/past.ts';
import { archiveClient, s3Store } from './deliver/s3-store.ts';
import { publish, topicClient, topicFor } from './deliver/sns.ts';
import { watch } from './deliver/watch.ts';
import type { Target, Work } from './deliver/work.ts';
import { verifiedEvent } from './event.ts';
import type { Source } from './facts.ts';
import type { Invocation, Means } from './means.ts';
import { probe } from './probe.ts';
import type { ReportSettings } from './report.ts';
import { compute } from './run.ts';
import { parameterClient, readPassword } from './secret.ts';
import { mysqlSource } from './sources/mysql.ts';
import { endAfter, endOfRun, lastEnd, timetableOf } from './timetable.ts';
import { windowSoFar } from './window.ts';

type Answer = BeyondSeed | ProbeAnswer | RunAnswer | WatchAnswer;

/** The function: answers a probe, or computes the report of the event's window, publishes it once and archives it. */
export function createHandler(means: Means): (event: FunctionEvent, invocation?: Invocation) => Promise<Answer> {
  const given = givenFor(means.environment.STACK ?? defaultStack);
  return (event, invocation) => withGiven(given, async () => answered(means, verifiedEvent(event), invocation));
}

async function answered(means: Means, event: FunctionEvent, invocation: Invocation | undefined): Promise<Answer> {
  if ('probe' in event) return probe(means, event);
  if ('beyondSeed' in event) return beyondSeed(means, event.beyondSeed);
  const shop = new Shop(means);
  try {
    return await answer(workOf(means, shop, event, invocation), event);
  } finally {
    await shop.close();
  }
}

type WorkEvent = Exclude<FunctionEvent, { probe: true } | { beyondSeed: Seed }>;

async function beyondSeed(means: Means, seed: Seed): Promise<BeyondSeed> {
  const shop = new Shop(means);
  try {
    return await (await shop.source()).beyondSeed(seed);
  } finally {
    await shop.close();
  }
}

async function answer(work: Work, event: WorkEvent): Promise<Answer> {
  if ('watch' in event) return watch(work);
  if ('time' in event) return deliver(work, await dueAt(work, endOfRun(work.timetable, Date.parse(event.time))));
  if ('backfill' in event)
    return backfill(work, { from: Date.parse(event.backfill.from), to: Date.parse(event.backfill.to) });
  return event.run.dryRun ? show(work, event.run) : deliver(work, await targetOf(work, event.run), event.run);
}

type Request = Extract<FunctionEvent, { run: object }>['run'];

/** What a person asks for: a window by its bounds, what has passed of the one that goes on, or the last that is due. */
async function targetOf(work: Work, { from, to, due, partial }: Request): Promise<Target> {
  const window = from && to ? { from, to } : partial ? windowSoFar(work.timetable, work.clock.now()) : undefined;
  if (window) return { window, found: await work.ledger.asked(window), schedule: null };
  return dueAt(work, due === undefined ? lastDue(work) : Date.parse(due));
}

/** The report of the same window, shown and not sent; nothing is written. */
async function show(work: Work, { from, to, due, partial = false }: Request): Promise<RunAnswer> {
  const now = work.clock.now();
  const isAsked = partial || (from !== undefined && to !== undefined);
  const window = isAsked ? (await targetOf(work, { from, to, partial })).window : await dueWindow(work, due);
  const past = isAsked ? {} : await pastOf(work.ledger, window);
  return { outcome: 'shown', window, ...(await work.compute(window, { now, partial, ...past })) };
}

async function dueWindow(work: Work, due: string | undefined) {
  const { found, missing } = await windowsUpTo(work, due === undefined ? lastDue(work) : Date.parse(due));
  return found ? { from: found.entry.from, to: found.entry.to } : missing.at(-1)!;
}

function lastDue({ timetable, clock }: Work): number {
  const end = lastEnd(timetable, clock.now());
  if (end !== undefined) return end;
  throw new Problem(
    'no-window',
    `The schedule ${timetable.schedule.text} has not fired yet: name a window with --from and --to.`,
    {
      exit: 'usage',
    },
  );
}

/** What is left to a run where nobody says so, ms: outside of Lambda. */
const ampleTime = 60_000;

function workOf(means: Means, shop: Shop, event: WorkEvent, invocation: Invocation | undefined): Work {
  const { clients, clock, environment } = means;
  const { ARCHIVE_BUCKET, ACCOUNT = '' } = environment;
  if (!ARCHIVE_BUCKET)
    throw new Problem(
      'archive',
      `The function's environment names no archive: run ${salesreport`provision`}, which repairs it.`,
    );
  const store = s3Store(clients.s3, ARCHIVE_BUCKET, ACCOUNT);
  const settings = settingsOf(means);
  const { partial = false, dryRun = false } = 'run' in event ? event.run : {};
  const timetable = timetableOf(settings);
  return {
    ledger: new Ledger(store, from => endAfter(timetable, from)),
    store,
    clock,
    timetable,
    owner: ('id' in event && event.id) || ('run' in event && event.run.id) || invocation?.awsRequestId || 'nobody',
    until: clock.now() + (invocation?.getRemainingTimeInMillis() ?? ampleTime),
    holdMs: settings.report.holdHours * 3_600_000,
    async compute(window, occasion) {
      const source = await shop.source();
      if (source.kind === 'sample' && !dryRun)
        throw new Problem('sample', 'Sample data is never published: set the database of your shop.');
      return compute(window, source, settings, { ...occasion, partial });
    },
    publish: (kind, message) => publish(clients.sns, topicFor(kind, environment), kind, message),
  };
}

function settingsOf({ environment }: Means): ReportSettings {
  const { STACK = '', SCHEDULE = '', TIME_ZONE = 'UTC', LOCALE = 'en-GB', CURRENCY, REPORT = '{}' } = environment;
  const report = JSON.parse(REPORT) as ReportOptions;
  return { stack: STACK, schedule: SCHEDULE, timezone: TIME_ZONE, locale: LOCALE, currency: CURRENCY, report };
}

/** The shop's database, which is asked for only when there is something to compute. */
class Shop {
  readonly #means: Means;
  #opened: Promise<Source> | undefined;

  constructor(means: Means) {
    this.#means = means;
  }

  source(): Promise<Source> {
    this.#opened ??= this.#open();
    return this.#opened;
  }

  async close(): Promise<void> {
    await (await this.#opened?.catch(() => undefined))?.close();
  }

  async #open(): Promise<Source> {
    const { clients, source, environment } = this.#means;
    return source(environment, await readPassword(environment, clients.ssm));
  }
}

const databaseOf =
  (clock: Clock): Means['source'] =>
  ({ DB_HOST = '', DB_PORT = '3306', DB_NAME = '', DB_USER = '', DB_TLS = 'false', REPORT = '{}' }, password) => {
    if (!['true', 'false'].includes(DB_TLS))
      throw new Problem(
        'database',
        `The function's environment has DB_TLS other than true or false: run ${salesreport`provision`}, which repairs it.`,
      );
    const { query, storedTimes } = JSON.parse(REPORT) as Partial<ReportOptions>;
    return mysqlSource({
      host: DB_HOST,
      port: Number(DB_PORT),
      name: DB_NAME,
      user: DB_USER,
      password,
      tls: DB_TLS === 'true',
      query,
      storedTimes,
      connectMs: 2_000,
      answerMs: 5_000,
      clock,
    });
  };

let deployed: ReturnType<typeof createHandler> | undefined;

/** The entry that Lambda calls. Its clients are made at the first event and kept for the next. */
export const handler = (event: FunctionEvent, invocation?: Invocation): Promise<Answer> => {
  deployed ??= createHandler({
    clients: { sns: topicClient(), ssm: parameterClient(), s3: archiveClient() },
    source: databaseOf(systemClock),
    clock: systemClock,
    environment: process.env,
  });
  return deployed(event, invocation);
};
