/** Every view: a pure function from data to text. */
export { certificateView } from './views/certificate.ts';
export { planView } from './views/plan.ts';
export { provisionedView } from './views/provisioned.ts';
export { subscribedView } from './views/readers.ts';
export { statusView } from './views/status.ts';
