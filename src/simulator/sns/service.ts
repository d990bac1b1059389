import type { SimulatedService } from '../service.ts';
import { publish } from './publish.ts';
import { subscriptions } from './subscriptions.ts';
import { topics } from './topics.ts';

/** SNS as far as the tool calls it, and Publish, which the report calls. */
export const sns: SimulatedService<'sns'> & { Publish: typeof publish } = {
  ...topics,
  ...subscriptions,
  Publish: publish,
};
