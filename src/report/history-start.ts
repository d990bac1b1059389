import type { Reading, Window } from './facts.ts';

/** The first order's own day counts as known, or no window of the first week would. */
export const startOfKnowledge = (first: string): string => `${first.slice(0, 10)}T00:00:00.000Z`;

/** Before the shop's first order there is no data, which is not the same as no sales. */
export const isKnown = ({ first }: Pick<Reading, 'first'>, { from }: Window): boolean =>
  first !== null && from >= startOfKnowledge(first);
