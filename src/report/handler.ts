import { type Clock, systemClock } from '../clock.ts';
import type { FunctionEvent, ProbeAnswer, ReportOptions, RunAnswer } from '../function-contract.ts';
import { Problem } from '../problem.ts';
import { parseSchedule } from '../schedule/schedule.ts';
import { publish, topicClient } from './deliver/sns.ts';
import type { Window } from './facts.ts';
import type { Means } from './means.ts';
import { probe } from './probe.ts';
import { compute } from './run.ts';
import { parameterClient, readPassword } from './secret.ts';
import { mysqlSource } from './sources/mysql.ts';
import { lastWindow, windowOfRun, windowSoFar } from './window.ts';

/** The function: answers a probe, or computes the report of the event's window and publishes it. */
export function createHandler(means: Means): (event: FunctionEvent) => Promise<ProbeAnswer | RunAnswer> {
  return async event => {
    if ('probe' in event) return probe(means, event.topic ?? 'publish');
    if ('watch' in event || 'backfill' in event || !('run' in event || 'time' in event))
      throw new Problem('event', 'The event is none that the function knows: it has neither time nor run nor probe.');
    return run(means, windowOf(means, event), 'run' in event ? event.run : {});
  };
}

type RunEvent = Exclude<FunctionEvent, { probe: true } | { watch: true } | { backfill: object }>;

function windowOf({ environment, clock }: Means, event: RunEvent): Window {
  const { SCHEDULE = '', TIME_ZONE = 'UTC' } = environment;
  if ('time' in event) return windowOfRun(parseSchedule(SCHEDULE), TIME_ZONE, Date.parse(event.time));
  const { from, to, partial } = event.run;
  if (from && to) return { from, to };
  return (partial ? windowSoFar : lastWindow)(parseSchedule(SCHEDULE), TIME_ZONE, clock.now());
}

async function run(
  { clients, source, environment, clock }: Means,
  window: Window,
  { partial = false, dryRun = false }: { partial?: boolean; dryRun?: boolean },
): Promise<RunAnswer> {
  const { STACK = '', SCHEDULE = '', TIME_ZONE = 'UTC', LOCALE = 'en-GB', CURRENCY, TOPIC_ARN = '', REPORT = '{}' } = environment;
  const shop = source(environment, await readPassword(environment, clients.ssm));
  try {
    const report = JSON.parse(REPORT) as ReportOptions;
    const settings = { stack: STACK, schedule: SCHEDULE, timezone: TIME_ZONE, locale: LOCALE, currency: CURRENCY, report };
    const rendered = await compute(window, shop, settings, { now: clock.now(), partial });
    if (dryRun) return { outcome: 'shown', window, ...rendered };
    if (shop.kind === 'sample') throw new Problem('sample', 'Sample data is never published: set the database of your shop.');
    return { outcome: 'sent', window, ...rendered, messageId: await publish(clients.sns, TOPIC_ARN, 'report', rendered) };
  } finally {
    await shop.close();
  }
}

const databaseOf =
  (clock: Clock): Means['source'] =>
  ({ DB_HOST = '', DB_PORT = '3306', DB_NAME = '', DB_USER = '', DB_TLS, REPORT = '{}' }, password) => {
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
export const handler = (event: FunctionEvent): Promise<ProbeAnswer | RunAnswer> => {
  deployed ??= createHandler({
    clients: { sns: topicClient(), ssm: parameterClient() },
    source: databaseOf(systemClock),
    clock: systemClock,
    environment: process.env,
  });
  return deployed(event);
};
