import cronstrue from 'cronstrue';
import type { Schedule } from './schedule.ts';

/** The schedule in words, with its zone: `At 16:00, Monday through Saturday, UTC`. */
export function describe(schedule: Schedule, zone: string): string {
  if (schedule.kind === 'rate') return `Every ${/\((.*)\)/.exec(schedule.text)![1]!.replace(/^1 /, '')}`;
  const fields = /\((.*)\)/.exec(schedule.text)![1]!.trim().split(/\s+/);
  // cronstrue knows neither AWS's lone L of the week nor a year of `*`.
  const [minute, hour, day, month, week, year] = fields.map(field => field.toUpperCase());
  const words = cronstrue.toString(
    `${minute} ${hour} ${day} ${month} ${week === 'L' ? '7' : week}${year === '*' ? '' : ` ${year}`}`,
    {
      // AWS counts from 1 = Sunday; read with the default, 2-7 would become Tuesday to Sunday.
      dayOfWeekStartIndexZero: false,
      use24HourTimeFormat: true,
      throwExceptionOnParseError: false,
    },
  );
  return `${/undefined|error/i.test(words) ? schedule.text : words}, ${zone}`;
}
