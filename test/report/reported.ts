import { around } from '../../src/report/comparisons.ts';
import type { Facts, Window } from '../../src/report/facts.ts';
import type { Report, ReportSettings, RunContext } from '../../src/report/report.ts';
import { reportOf, windowsToRead } from '../../src/report/report-of.ts';
import { readRows, type ShopRows } from '../../src/report/sources/aggregate.ts';
import { timetableOf } from '../../src/report/timetable.ts';
import { reportOptionsOf } from '../../src/settings/report-options.ts';
import { schema } from '../../src/settings/schema.ts';

export const settings: ReportSettings = {
  stack: 'salesreport',
  schedule: 'cron(0 16 ? * MON-SAT *)',
  timezone: 'UTC',
  locale: 'en-GB',
  report: reportOptionsOf(schema.parse({})),
};

/** An hour after the windows of these tests have ended. */
export const occasion: RunContext = { now: Date.UTC(2026, 10, 24, 17) };

/** The same without its checks: the forms are tested with doubts of their own, and most of these rows are odd. */
export const reported = (...given: Parameters<typeof checkedReport>): Report => ({
  ...checkedReport(...given),
  checks: [],
});

/** The report of a window of these rows. `change` edits the window's own facts first. */
export function checkedReport(
  rows: ShopRows,
  window: Window,
  given: Partial<ReportSettings> & { occasion?: Partial<RunContext> } = {},
  change: (facts: Facts) => Facts = facts => facts,
): Report {
  const all = { ...settings, ...given };
  const neighbours = around(window, timetableOf(all));
  const { now } = { ...occasion, ...given.occasion };
  const reading = readRows(rows, windowsToRead(window, neighbours, given.occasion?.told), now);
  const facts = reading.facts.map((one, index) => (index === reading.facts.length - 1 ? change(one) : one));
  return reportOf({ ...reading, facts }, window, neighbours, 'database', all, { ...occasion, ...given.occasion });
}
