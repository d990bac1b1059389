import type { Clock } from '../clock.ts';
import type { Settings } from '../settings/settings.ts';
import type { NextRuns } from '../terminal/views.ts';

/** The next five times that the schedule fires; fewer when it ends before. */
export async function nextRunsOf({ schedule, timezone }: Settings, clock: Clock): Promise<NextRuns> {
  const [{ parseSchedule, upcoming }, { describe }] = await Promise.all([
    import('../schedule/schedule.ts'),
    import('../schedule/describe.ts'),
  ]);
  const parsed = parseSchedule(schedule);
  return { words: describe(parsed, timezone), instants: upcoming(parsed, timezone, clock.now(), 5), timezone };
}
