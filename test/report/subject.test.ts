import fc from 'fast-check';
import { expect, test } from 'vitest';
import { subjectOf } from '../../src/report/render/subject.ts';
import { reported } from './reported.ts';
import { lastHour, oddShop } from './rows.ts';

test.each([
  [{}, 'Tue 24 Nov 2026 13:00: sales 7.30, 4 orders'],
  [{ currency: 'EUR', locale: 'de-DE' }, 'Tue 24 Nov 2026 13:00: sales EUR 7,30, 4 orders'],
  [{ currency: 'JPY', stack: 'dev' }, 'Tue 24 Nov 2026 13:00: sales JPY 7, 4 orders (dev)'],
])('%j', (given, subject) => {
  expect(subjectOf(reported(oddShop, lastHour, { timezone: 'Europe/Berlin', ...given }))).toBe(subject);
});

test('SNS takes it, whatever the locale', () => {
  const locales = ['en-GB', 'de-CH', 'fr-FR', 'sv-SE', 'ar-EG', 'fa-IR', 'hi-IN', 'th-TH', 'ja-JP', 'he-IL', 'pl-PL'];
  fc.assert(
    fc.property(
      fc.constantFrom(...locales),
      fc.constantFrom(undefined, 'EUR', 'JPY', 'KWD'),
      fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
      (locale, currency, sales) => {
        const report = reported(oddShop, lastHour, { locale, currency });
        const subject = subjectOf({ ...report, source: 'sample', sales: String(sales) });
        expect(subject).toMatch(/^[A-Z][\x20-\x7e]{1,98}$/);
        expect(subject.replaceAll(/[^\d]/g, '')).toContain(String(sales).replace('-', ''));
      },
    ),
  );
});
