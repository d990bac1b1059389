import type { Clock } from '../clock.ts';
import type { Settings } from '../settings/settings.ts';

/** The next three times that the schedule fires, ms since 1970 UTC; fewer when it ends before. */
export async function nextRunsOf(settings: Settings, clock: Clock): Promise<number[]> {
  const { parseSchedule, upcoming } = await import('../schedule/schedule.ts');
  return upcoming(parseSchedule(settings.schedule), settings.timezone, clock.now(), 3);
}
