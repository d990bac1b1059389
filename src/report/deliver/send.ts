import type { RunAnswer } from '../../function-contract.ts';
import { Problem } from '../../problem.ts';
import { smsOf } from '../render/sms.ts';
import type { Report, Reported } from '../report.ts';
import type { Rendered } from '../run.ts';
import { keepForms, keepReport, keptReport } from './archive.ts';
import { type Entry, folderOf, isSent, settled, totalsOf } from './entry.ts';
import type { Found } from './ledger.ts';
import { usingReport } from './parse-report.ts';
import type { Message } from './sns.ts';
import { recordFailure } from './withhold.ts';
import { nowOf, record, type Target, type Work } from './work.ts';

/** A claim outlives its run by so much, ms: clocks differ. */
const grace = 30_000;

/** The way of a report to its readers. Between any two steps the run may die, and another goes on. */
export async function send(
  work: Work,
  { window, found }: Target,
  entry: Entry,
  { report, subject, text }: Rendered,
): Promise<RunAnswer> {
  const folder = folderOf({ ...entry, state: 'claimed' });
  const claim: Entry = {
    ...settled(entry),
    ...(entry.attempts === undefined ? {} : { attempts: entry.attempts }),
    state: 'claimed',
    at: nowOf(work),
    owner: work.owner,
    until: new Date(work.until + grace).toISOString(),
    totals: totalsOf(report),
    told: toldBy(report),
    folder,
  };
  const claimed = await record(work, claim, found);
  await keepReport(work.store, folder, report);
  const messageId = await publishOnce(work, found, claimed, { subject, text, sms: smsOf(report) });
  const { revision } = entry;
  const sent = [...entry.sent, { messageId, subject, revision, at: nowOf(work), run: work.owner }];
  const { uncertain, heldSince, ...sure } = settled(claim);
  const published = await record(work, { ...sure, state: 'published', at: nowOf(work), sent }, claimed);
  await finish(work, published, report);
  return { outcome: 'sent', window, report, subject, text, messageId };
}

/**
 * What surely was not published may be tried again without a word, and one that was sent before stays what it was; what
 * may have been published is left claimed, and the next says that it may be a repeat.
 */
async function publishOnce(work: Work, before: Found | undefined, claimed: Found, message: Message): Promise<string> {
  try {
    return await work.publish('report', message);
  } catch (error) {
    if (error instanceof Problem && error.code === 'publish') {
      if (before && isSent(before.entry)) await work.ledger.write(before.entry, claimed).catch(() => undefined);
      else await recordFailure(work, claimed, claimed.entry, error.message);
    }
    throw error;
  }
}

/**
 * Brings a report that was published, but perhaps not kept whole, to its end; `sent` is the report where it is at hand.
 */
export async function finish(work: Work, found: Found, sent?: Report): Promise<Entry> {
  const { entry } = found;
  if (entry.state !== 'published') return entry;
  try {
    const report = sent ?? (await keptReport(work.store, entry.folder!));
    if (report) await usingReport(entry.folder!, () => keepForms(work.store, entry.folder!, report));
  } catch (error) {
    // It was sent all the same, and what cannot be read now cannot be read at the next try either.
    if (!(error instanceof Problem && error.code === 'unreadable')) throw error;
  }
  const done = await work.ledger.write({ ...settled(entry), state: 'sent', at: nowOf(work) }, found);
  return done?.entry ?? entry;
}

/** What a run answers for a window whose report was sent before. */
export const alreadySent = ({ from, to, sent }: Entry): RunAnswer => ({
  outcome: 'already sent',
  window: { from, to },
  messageId: sent.at(-1)!.messageId,
  subject: sent.at(-1)!.subject,
});

/** What this report tells of its own window and of those before it. */
function toldBy(report: Report): Reported[] {
  const { window, sales, orders, readAt, told } = report;
  return [
    ...told.map(one => ({ ...one, at: readAt })),
    { from: window.from, to: window.to, sales, orders, at: readAt },
  ];
}
