import type { Window } from '../facts.ts';
import type { Reported } from '../report.ts';
import { isSent } from './entry.ts';
import type { Ledger } from './ledger.ts';

/** So many earlier windows are looked at again for sales that came late. */
const watched = 7;
/** So many are looked through for the last report that was sent. */
const far = 60;

/**
 * What a report has to say of the windows before its own: what was last told of them, and which were sent to nobody
 * since the report before.
 */
export async function pastOf(ledger: Ledger, { from }: Window): Promise<{ told: Reported[]; unsent: Window[] }> {
  const begin = Date.parse(from);
  const near = await ledger.before(begin, watched + 1);
  const entries = (near.some(({ entry }) => isSent(entry)) ? near : await ledger.before(begin, far)).map(
    ({ entry }) => entry,
  );
  const latest = new Map<string, Reported>();
  for (const one of entries.flatMap(({ told = [] }) => told)) {
    const known = latest.get(one.from);
    if (!known || known.at < one.at) latest.set(one.from, one);
  }
  const lastSent = entries.findLastIndex(isSent);
  return {
    told: [...latest.values()].sort((a, b) => (a.from < b.from ? -1 : 1)).slice(-watched),
    // One that is held may still be sent, one that is claimed is about to be, and of one that cannot be read nobody
    // knows.
    unsent: entries
      .slice(lastSent + 1)
      .filter(({ state }) => !['held', 'claimed', 'unreadable'].includes(state))
      .map(({ from, to }) => ({ from, to })),
  };
}
