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
      `${inZone(instant, 'UTC')} UTC`,
      timezone === 'UTC' ? '' : `${inZone(instant, timezone)} ${timezone}`,
    ]),
    canvas,
  );
  return `${canvas.style.bold('Next runs')}  ${canvas.style.dim(words)}\n${rows || '  none: the schedule has ended'}`;
}

/** `Tue 24 Nov 2026 16:00`. */
function inZone(instant: number, timeZone: string): string {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const { weekday, day, month, year, hour, minute } = Object.fromEntries(
    format.formatToParts(instant).map(({ type, value }) => [type, value]),
  );
  return `${weekday} ${day!.padStart(2)} ${month} ${year} ${hour}:${minute}`;
}
