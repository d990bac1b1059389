import type { Clock } from '../clock.ts';
import type { FunctionEvent, RunAnswer } from '../function-contract.ts';
import { Problem } from '../problem.ts';
import type { Pipeline } from '../provision/pipeline.ts';
import { refusedLogin } from '../provision/verbs/refused-login.ts';
import { type Entry, isSent, type Sent } from '../report/deliver/entry.ts';
import type { LedgerView } from '../report/deliver/ledger.ts';
import { clockTime } from '../schedule/clock-time.ts';
import type { Settings } from '../settings/settings.ts';
import { salesreport } from '../suggest.ts';
import { ledgerOf } from './last-reports.ts';
import { timetableFor } from './wanted-window.ts';

type RunRequest = Extract<FunctionEvent, { run: object }>['run'];

/** What Lambda is given to start the function and to answer, beyond the function's own timeout, ms. */
const startBudget = 10_000;
/** How often the ledger is read while the run may still be under way, ms. */
const every = 3_000;
/** Windows that somebody named: the run's own is among the last of them. */
const lastNamed = 5;

export interface LostRun {
  pipeline: Pipeline;
  settings: Settings;
  clock: Clock;
  /** With the run's own id. */
  request: RunRequest & { id: string };
  /** When the function was asked, ms on the clock's `elapsed`. */
  startedAt: number;
  /** What is told of what the ledger shows, one sentence. */
  tell(words: string): void;
}

/**
 * What became of a run whose answer was lost, by the ledger. While the function may still be at work it is looked at
 * again. Throws Problem `still-running`, `function-failed` with the run's own words, or `no-answer` where the ledger
 * shows no report of it.
 */
export async function lookedUp(lost: LostRun, error: Problem): Promise<RunAnswer> {
  const { pipeline, settings, clock, startedAt } = lost;
  const until = startedAt + settings.function.timeout * 1_000 + startBudget;
  const ledger = await ledgerOf(pipeline.archive, settings);
  for (;;) {
    const { own, other } = await traceOf(ledger, lost).catch(cause => {
      const why = cause instanceof Problem ? `: ${cause.message}` : '.';
      throw new Problem(
        'no-answer',
        `The function's answer was lost, and the ledger cannot be read${why} ${seeHistory()}`,
        {
          cause,
        },
      );
    });
    const entry = own ?? other;
    if (entry && !(own && isPending(own)) && (own || isSent(entry))) return answered(lost, entry, own !== undefined);
    if (clock.elapsed() >= until) throw unfinished(lost, entry, error);
    await clock.sleep(Math.min(every, Math.max(1, until - clock.elapsed())));
  }
}

const seeHistory = () => `Before you run it again, see with ${salesreport`history`} whether the report went out.`;

const isPending = ({ state }: Entry): boolean => state === 'claimed' || state === 'missed';

interface Trace {
  /** What this run wrote last. */
  own?: Entry;
  /** What the ledger has of the window that was asked for, by another run. */
  other?: Entry;
}

async function traceOf(ledger: LedgerView, { request, settings, clock }: LostRun): Promise<Trace> {
  const { id, from, to, due, resend } = request;
  const wanted = from && to ? await ledger.asked({ from, to }) : await dueIn(ledger, settings, clock, due);
  const named = from && to ? [] : await ledger.lastAsked(lastNamed);
  const all = [wanted, ...named].flatMap(found => (found ? [found.entry] : []));
  const own = all.find(entry => entry.run === id || mailOf(entry, id));
  // One that was sent before is no answer to who wants it sent again.
  const other = resend === undefined && request.partial !== true ? wanted?.entry : undefined;
  return { ...(own && { own }), ...(other && { other }) };
}

async function dueIn(ledger: LedgerView, settings: Settings, clock: Clock, due: string | undefined) {
  const { lastEnd } = await import('../report/timetable.ts');
  const end = due === undefined ? lastEnd(await timetableFor(settings), clock.now()) : Date.parse(due);
  if (end === undefined) return undefined;
  const [last] = await ledger.before(end, 1);
  return last && Date.parse(last.entry.to) >= end ? last : undefined;
}

const mailOf = ({ sent }: Entry, id: string): Sent | undefined => sent.find(({ run }) => run === id);

async function answered(
  { pipeline, settings, request, tell }: LostRun,
  entry: Entry,
  isOwn: boolean,
): Promise<RunAnswer> {
  const { from, to, state, why, folder } = entry;
  const window = { from, to };
  const mail = mailOf(entry, request.id) ?? (isSent(entry) ? entry.sent.at(-1) : undefined);
  if (!mail && state !== 'held' && state !== 'blocked' && state !== 'unreadable')
    throw new Problem(
      'function-failed',
      `The run failed: ${why ? (refusedLogin(settings.database, why) ?? why) : `the ledger has the report as ${state}.`}`,
    );
  const lost = "The function's answer was lost";
  if (!mail) {
    tell(`${lost}; the ledger has the report as ${state}.`);
    return { outcome: state === 'held' ? 'held' : 'blocked', window, ...(why && { why }) };
  }
  const { messageId, subject, at } = mail;
  tell(`${lost}; the ledger shows that the report was sent at ${clockTime(Date.parse(at), settings.timezone)}.`);
  if (!isOwn) return { outcome: 'already sent', window, messageId, subject };
  const kept = folder === undefined ? undefined : await reportIn(pipeline, folder).catch(() => undefined);
  return { outcome: 'sent', window, messageId, subject, ...kept };
}

/** The report as it was sent; undefined where it is not kept. */
async function reportIn({ archive }: Pipeline, folder: string): Promise<{ report: object; text: string } | undefined> {
  const [{ keptReport }, { renderedAs }] = await Promise.all([
    import('../report/deliver/archive.ts'),
    import('../report/render/forms.ts'),
  ]);
  const report = await keptReport(archive, folder);
  return report && { report, text: await renderedAs('text', report) };
}

function unfinished({ settings }: LostRun, entry: Entry | undefined, error: Problem): Problem {
  if (entry?.state === 'claimed') {
    const until = entry.until ? `, and has until ${clockTime(Date.parse(entry.until), settings.timezone)}` : '';
    return new Problem(
      'still-running',
      `The function's answer was lost, and the run is still running${until}. See with ${salesreport`history`} what becomes of it.`,
      { cause: error },
    );
  }
  return new Problem(
    'no-answer',
    `The function's answer was lost, and the ledger shows no report of this run: it has not begun, or it ended before it sent anything. ${seeHistory()}`,
    { cause: error },
  );
}
