import type { Window } from './facts.ts';

const dayMs = 86_400_000;

/** How far back before a window's end the open hours since the last order are counted, days. */
export const longestSilence = 14;
/** Weeks that an hour is learned from. */
export const weeksToLearnFrom = 4;

/**
 * Of what time the hours with orders are read, for a window: its own, the longest silence, and the weeks before that
 * which say when the shop is open.
 */
export function hoursSpan({ from, to }: Window): Window {
  const begin = Math.min(Date.parse(from), Date.parse(to) - longestSilence * dayMs);
  // A day more, since clocks change.
  return { from: new Date(begin - (weeksToLearnFrom * 7 + 1) * dayMs).toISOString(), to };
}

/** Up to when an order's date is not in the future, ms since 1970 UTC: clocks differ by a few minutes. */
export const soon = (now: number): number => now + 5 * 60_000;
