import { type GivenLimits, type Limits, limitsOf, type RuledCheck } from '../check-limits.ts';
import type { ReportOptions } from '../function-contract.ts';
import type { Settings } from './settings.ts';

/**
 * The settings that shape the report, as the function gets them: of the checks' limits only what was changed, since its
 * environment holds 4 KB.
 */
export function reportOptionsOf({ report, database, checks }: Settings): ReportOptions {
  const changed = changedLimits(checks);
  return { ...report, storedTimes: database.timezone, ...(Object.keys(changed).length > 0 ? { checks: changed } : {}) };
}

function changedLimits(checks: Settings['checks']): GivenLimits {
  const all = (Object.entries(checks) as [RuledCheck, Limits][]).map(([id, given]) => {
    const usual = limitsOf(id, {});
    return [
      id,
      Object.fromEntries(Object.entries(given).filter(([key, value]) => value !== usual[key as keyof Limits])),
    ] as const;
  });
  return Object.fromEntries(all.filter(([, given]) => Object.keys(given).length > 0));
}
