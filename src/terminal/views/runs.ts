import { clockTime } from '../../schedule/clock-time.ts';
import { offsetAt } from '../../schedule/zone.ts';
import type { Canvas } from '../canvas.ts';
import { paragraph, table } from '../layout.ts';

/** When the report comes next. */
export interface NextRuns {
  /** The schedule in words: `At 16:00, Monday through Saturday, UTC`. */
  words: string;
  /** ms since 1970 UTC; none when the schedule has ended. */
  instants: readonly number[];
  timezone: string;
}

/** The next runs in UTC and in the schedule's own time zone. */
export function nextRunsView({ words, instants, timezone }: NextRuns, canvas: Canvas): string {
  const rows = table(
    instants.map(instant => [
      `${aligned(instant, 'UTC')} UTC`,
      timezone === 'UTC' ? '' : `${aligned(instant, timezone)} ${timezone}`,
    ]),
    canvas,
  );
  const shift = shiftOf(instants, timezone);
  return [
    `${canvas.style.bold('Next runs')}  ${canvas.style.dim(words)}`,
    rows || '  none: the schedule has ended',
    ...(shift ? [paragraph(shift, canvas)] : []),
  ].join('\n');
}

/** Where the clocks of the zone change among the next runs: that these come at another time of UTC from then on. */
function shiftOf(instants: readonly number[], timezone: string): string | undefined {
  const after = instants.find(
    (instant, index) => index > 0 && offsetAt(instant, timezone) !== offsetAt(instants[index - 1]!, timezone),
  );
  if (after === undefined) return undefined;
  const minutes = (offsetAt(after, timezone) - offsetAt(instants[0]!, timezone)) / 60_000;
  const by = Math.abs(minutes) === 60 ? 'an hour' : `${Math.abs(minutes)} minutes`;
  return `The clocks of ${timezone} change before ${clockTime(after, timezone)}: from then on it comes ${by} ${minutes > 0 ? 'earlier' : 'later'} by UTC.`;
}

/** Days below each other. */
const aligned = (instant: number, zone: string): string => clockTime(instant, zone).replace(/ (\d) /, '  $1 ');
