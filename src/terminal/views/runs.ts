import { clockTime } from '../../schedule/clock-time.ts';
import type { Canvas } from '../canvas.ts';
import { table } from '../layout.ts';

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
  return `${canvas.style.bold('Next runs')}  ${canvas.style.dim(words)}\n${rows || '  none: the schedule has ended'}`;
}

/** Days below each other. */
const aligned = (instant: number, zone: string): string => clockTime(instant, zone).replace(/ (\d) /, '  $1 ');
