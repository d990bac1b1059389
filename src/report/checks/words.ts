import { clockTime } from '../../schedule/clock-time.ts';
import type { Decimal } from '../facts.ts';
import { numbersOf } from '../render/numbers.ts';

/** How the checks write numbers, money and instants: as the report does. */
export interface Words {
  number: (value: Decimal | number) => string;
  money: (value: Decimal) => string;
  /** `Mon 23 Nov 2026 16:00`, of an ISO instant. */
  time: (instant: string) => string;
}

export function wordsOf({
  locale,
  currency = null,
  timezone,
}: {
  locale: string;
  currency?: string | null | undefined;
  timezone: string;
}): Words {
  const { number, money } = numbersOf({ locale, currency });
  return { number, money, time: instant => clockTime(Date.parse(instant), timezone, locale) };
}

/** `1 order`, `3 orders`. */
export const counted = (number: Words['number'], count: number, what: string): string =>
  `${number(count)} ${what}${count === 1 ? '' : 's'}`;
