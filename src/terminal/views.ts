/** Every view: a pure function from data to text. */
export { certificateView } from './views/certificate.ts';
export { hopsView } from './views/hops.ts';
export { outcomesView } from './views/outcomes.ts';
export { heading } from './views/place.ts';
export { planTotal, planView } from './views/plan.ts';
export { subscribedView } from './views/readers.ts';
export { nextRunsView } from './views/runs.ts';
export { statusView } from './views/status.ts';
