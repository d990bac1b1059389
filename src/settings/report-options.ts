import type { ReportOptions } from '../function-contract.ts';
import type { Settings } from './settings.ts';

/** The settings that shape the report, as the function gets them. */
export const reportOptionsOf = ({ report, database }: Settings): ReportOptions => ({
  ...report,
  storedTimes: database.timezone,
});
