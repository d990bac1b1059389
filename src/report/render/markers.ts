import { commandFor } from '../../suggest.ts';
import { decisionOf } from '../checks.ts';
import type { Report } from '../report.ts';
import { harmless } from './names.ts';
import { timeWords } from './window-label.ts';

/** What a report is beside one that was sent in time and once: a word for the subject, and a sentence. */
export interface Marker {
  label: string;
  words: string;
}

/** Nothing of the sample shop is shown without it. */
export const sampleMarker: Marker = { label: 'SAMPLE DATA', words: 'a made-up café, not your shop.' };

const longestReason = 200;

/** In the order of their weight: each stands above all numbers, in its own words. */
export function markersOf(report: Report): Marker[] {
  const { source, partial, incomplete, revision, forced, repeat, lastOrder, stack } = report;
  const asOf = lastOrder === null ? 'no order is known' : `the last order is of ${timeWords(report, lastOrder)}`;
  const failed = listed(report.checks.filter(({ outcome }) => outcome === 'fail').map(({ id }) => id));
  const decision = forced || incomplete ? 'send' : decisionOf(report.checks);
  const markers: (Marker | false)[] = [
    source === 'sample' && sampleMarker,
    partial && {
      label: 'PARTIAL',
      words: 'period still open; compared with the same span of earlier periods.',
    },
    decision === 'block' && {
      label: 'BLOCKED',
      words: `sent to nobody, because of ${failed}. To send it all the same: ${commandFor(stack)`run --send-anyway --reason "…"`}`,
    },
    decision === 'hold' && { label: 'HELD', words: `not sent yet, because its sales are late: ${asOf}.` },
    incomplete && { label: 'INCOMPLETE', words: `sent although its sales are late: ${asOf}.` },
    revision > 0 && {
      label: `REVISED ${revision}`,
      words: `this report was sent before, and takes its place.${forced ? '' : reasonWords(report)}`,
    },
    forced && { label: 'FORCED', words: `sent in spite of ${failed || 'its checks'}.${reasonWords(report)}` },
    repeat && { label: 'POSSIBLE REPEAT', words: 'you may have got this report already.' },
  ];
  return markers.filter(marker => marker !== false);
}

/** As lines: `REVISED 1: this report was sent before, and takes its place. Reason: the till came late.` */
export const markerLines = (report: Report): string[] =>
  markersOf(report).map(({ label, words }) => `${label}: ${words}`);

/** ` Reason: the till came late.` */
function reasonWords({ reason }: Report): string {
  const words = harmless(reason ?? '', longestReason, 2 * longestReason);
  return words === '' ? '' : ` Reason: ${words}`;
}

const listed = (ids: readonly string[]): string =>
  ids.length > 3 ? `${ids.slice(0, 3).join(', ')} and ${ids.length - 3} more` : ids.join(', ');
