/** Every view: a pure function from data to text. */
export { duration, paragraph } from './layout.ts';
export { certificateView } from './views/certificate.ts';
export { type ChecksShown, checksView, plansView } from './views/checks.ts';
export { chapterView, mailView, planSummary } from './views/demo.ts';
export { historyView } from './views/history.ts';
export { hopsView } from './views/hops.ts';
export { outcomeTotal } from './views/outcomes.ts';
export { planSums, planTotal, planView } from './views/plan.ts';
export { provisionedView } from './views/provisioned.ts';
export { confirmedView, readersTable, subscribedView } from './views/readers.ts';
export { reportView } from './views/report.ts';
export { type NextRuns, nextRunsView } from './views/runs.ts';
export { type LastReports, statusView } from './views/status.ts';
export { sweptView } from './views/swept.ts';
export { verifiedView } from './views/verified.ts';
