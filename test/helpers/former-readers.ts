import { tagKeys } from '../../src/provision/names.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';

/** Filters that the tool gave its readers before notices had a topic of their own. */
export const formerFilters = { report: '{"kind":["report"]}', notices: '{"kind":["report","notice"]}' };

const topicOf = ({ world }: Simulator) =>
  [...world.sns.topics.values()].find(({ name }) => name.startsWith('salesAnalysisReportTopic'))!;

/** Gives each reader of a stack a filter, as anybody can in the console of SNS. */
export function giveFilters(aws: Simulator, filterOf: (address: string) => string): void {
  for (const one of topicOf(aws).subscriptions) one.filterPolicy = filterOf(one.endpoint);
}

/**
 * Makes the readers of a stack those of the version before notices had a topic of their own: with filters, and nobody
 * has looked at them since.
 */
export function makeFormer(aws: Simulator, filterOf: (address: string) => string = () => formerFilters.report): void {
  delete topicOf(aws).tags[tagKeys.filters];
  giveFilters(aws, filterOf);
}
