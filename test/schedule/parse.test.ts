import { describe, expect, it } from 'vitest';
import { Problem } from '../../src/problem.ts';
import { parseSchedule, upcoming } from '../../src/schedule/schedule.ts';

/** 1 December 2026 is a Tuesday. */
const from = Date.parse('2026-11-30T23:59:00Z');

function fires(text: string, count: number): string {
  return upcoming(parseSchedule(text), 'UTC', from, count)
    .map(time => new Date(time).toISOString().slice(0, 16))
    .join(' ');
}

/** What each form means: the expression, and the first times after `from`. */
const golden: [text: string, ...times: string[]][] = [
  [
    'cron(0 16 ? * MON-SAT *)',
    '2026-12-01T16:00',
    '2026-12-02T16:00',
    '2026-12-03T16:00',
    '2026-12-04T16:00',
    '2026-12-05T16:00',
    '2026-12-07T16:00',
  ],
  [
    'cron(0 16 ? * 2-7 *)',
    '2026-12-01T16:00',
    '2026-12-02T16:00',
    '2026-12-03T16:00',
    '2026-12-04T16:00',
    '2026-12-05T16:00',
    '2026-12-07T16:00',
  ],
  ['cron(* * * * ? *)', '2026-12-01T00:00', '2026-12-01T00:01', '2026-12-01T00:02'],
  [
    'cron(0/15 * * * ? *)',
    '2026-12-01T00:00',
    '2026-12-01T00:15',
    '2026-12-01T00:30',
    '2026-12-01T00:45',
    '2026-12-01T01:00',
  ],
  ['cron(*/20 * * * ? *)', '2026-12-01T00:00', '2026-12-01T00:20', '2026-12-01T00:40', '2026-12-01T01:00'],
  ['cron(1/25 9 * * ? *)', '2026-12-01T09:01', '2026-12-01T09:26', '2026-12-01T09:51', '2026-12-02T09:01'],
  ['cron(10-40/15 9 * * ? *)', '2026-12-01T09:10', '2026-12-01T09:25', '2026-12-01T09:40', '2026-12-02T09:10'],
  ['cron(5,35 14 * * ? *)', '2026-12-01T14:05', '2026-12-01T14:35', '2026-12-02T14:05'],
  [
    'cron(0-2,30/15 9 * * ? *)',
    '2026-12-01T09:00',
    '2026-12-01T09:01',
    '2026-12-01T09:02',
    '2026-12-01T09:30',
    '2026-12-01T09:45',
  ],
  [
    'cron(58-1 9 * * ? *)',
    '2026-12-01T09:00',
    '2026-12-01T09:01',
    '2026-12-01T09:58',
    '2026-12-01T09:59',
    '2026-12-02T09:00',
  ],
  [
    'cron(0 22-1 * * ? *)',
    '2026-12-01T00:00',
    '2026-12-01T01:00',
    '2026-12-01T22:00',
    '2026-12-01T23:00',
    '2026-12-02T00:00',
  ],
  ['cron(0 0/12 * * ? *)', '2026-12-01T00:00', '2026-12-01T12:00', '2026-12-02T00:00'],
  ['cron(00 08 01 * ? *)', '2026-12-01T08:00', '2027-01-01T08:00'],
  ['cron(0  9  15 * ? *)', '2026-12-15T09:00', '2027-01-15T09:00'],
  [
    'cron(0 9 30-2 * ? *)',
    '2026-12-01T09:00',
    '2026-12-02T09:00',
    '2026-12-30T09:00',
    '2026-12-31T09:00',
    '2027-01-01T09:00',
  ],
  [
    'cron(0 9 1/10 * ? *)',
    '2026-12-01T09:00',
    '2026-12-11T09:00',
    '2026-12-21T09:00',
    '2026-12-31T09:00',
    '2027-01-01T09:00',
  ],
  ['cron(0 9 31 * ? *)', '2026-12-31T09:00', '2027-01-31T09:00', '2027-03-31T09:00', '2027-05-31T09:00'],
  ['cron(0 9 29 2 ? *)', '2028-02-29T09:00', '2032-02-29T09:00'],
  ['cron(0 9 L * ? *)', '2026-12-31T09:00', '2027-01-31T09:00', '2027-02-28T09:00'],
  ['cron(0 9 LW * ? *)', '2026-12-31T09:00', '2027-01-29T09:00', '2027-02-26T09:00', '2027-03-31T09:00'],
  // The 15th is a Friday in January, a Monday in February and March, a Thursday in April, a Saturday in May; in August
  // 2027 a Sunday.
  [
    'cron(0 9 15W 1-8 ? 2027)',
    '2027-01-15T09:00',
    '2027-02-15T09:00',
    '2027-03-15T09:00',
    '2027-04-15T09:00',
    '2027-05-14T09:00',
    '2027-06-15T09:00',
    '2027-07-15T09:00',
    '2027-08-16T09:00',
  ],
  // Never in another month: 1 May 2027 is a Saturday, 1 August a Sunday, 31 October a Sunday.
  ['cron(0 9 1W 5,8 ? 2027)', '2027-05-03T09:00', '2027-08-02T09:00'],
  ['cron(0 9 31W 2,10 ? 2027)', '2027-10-29T09:00'],
  ['cron(0 9 1 JAN,jul ? *)', '2027-01-01T09:00', '2027-07-01T09:00', '2028-01-01T09:00'],
  ['cron(0 9 1 NOV-FEB ? *)', '2026-12-01T09:00', '2027-01-01T09:00', '2027-02-01T09:00', '2027-11-01T09:00'],
  [
    'cron(0 9 1 1/3 ? *)',
    '2027-01-01T09:00',
    '2027-04-01T09:00',
    '2027-07-01T09:00',
    '2027-10-01T09:00',
    '2028-01-01T09:00',
  ],
  ['cron(0 9 1 NOV-MAR/2 ? *)', '2027-01-01T09:00', '2027-03-01T09:00', '2027-11-01T09:00', '2028-01-01T09:00'],
  ['cron(0 9 ? * 1 *)', '2026-12-06T09:00', '2026-12-13T09:00'],
  ['cron(0 9 ? * 7 *)', '2026-12-05T09:00', '2026-12-12T09:00'],
  ['cron(0 9 ? * L *)', '2026-12-05T09:00', '2026-12-12T09:00'],
  ['cron(0 9 ? * l *)', '2026-12-05T09:00', '2026-12-12T09:00'],
  [
    'cron(0 9 ? * FRI-MON *)',
    '2026-12-04T09:00',
    '2026-12-05T09:00',
    '2026-12-06T09:00',
    '2026-12-07T09:00',
    '2026-12-11T09:00',
  ],
  [
    'cron(0 9 ? * 6-2 *)',
    '2026-12-04T09:00',
    '2026-12-05T09:00',
    '2026-12-06T09:00',
    '2026-12-07T09:00',
    '2026-12-11T09:00',
  ],
  ['cron(0 9 ? * mOn,4,FRI *)', '2026-12-02T09:00', '2026-12-04T09:00', '2026-12-07T09:00'],
  ['cron(0 9 ? * * *)', '2026-12-01T09:00', '2026-12-02T09:00'],
  ['cron(0 9 ? * 6L *)', '2026-12-25T09:00', '2027-01-29T09:00', '2027-02-26T09:00'],
  ['cron(0 9 ? * FRIL *)', '2026-12-25T09:00', '2027-01-29T09:00', '2027-02-26T09:00'],
  ['cron(0 9 ? * 6#3 *)', '2026-12-18T09:00', '2027-01-15T09:00', '2027-02-19T09:00'],
  ['cron(0 9 ? * SAT#1 *)', '2026-12-05T09:00', '2027-01-02T09:00'],
  ['cron(0 9 ? * 3#5 *)', '2026-12-29T09:00', '2027-03-30T09:00', '2027-06-29T09:00'],
  // A fifth Sunday in February comes every 28 years, and every 40 where 2100 is no leap year between.
  ['cron(0 9 ? 2 1#5 *)', '2032-02-29T09:00', '2060-02-29T09:00', '2088-02-29T09:00', '2128-02-29T09:00'],
  ['cron(15 10 ? * 6L 2030-2031)', '2030-01-25T10:15', '2030-02-22T10:15', '2030-03-29T10:15'],
  ['cron(0 9 1 1 ? 2027/50)', '2027-01-01T09:00', '2077-01-01T09:00', '2127-01-01T09:00', '2177-01-01T09:00'],
  ['cron(0 9 1 1 ? 2030,2028)', '2028-01-01T09:00', '2030-01-01T09:00'],
  ['rate(1 minute)', '2026-12-01T00:00', '2026-12-01T00:01'],
  // 29,934,720 minutes since 1970 leave 4 when divided by 7.
  ['rate(7 minutes)', '2026-12-01T00:03', '2026-12-01T00:10'],
  ['rate(1 hour)', '2026-12-01T00:00', '2026-12-01T01:00'],
  ['rate(5 hours)', '2026-12-01T03:00', '2026-12-01T08:00'],
  ['rate(1 day)', '2026-12-01T00:00', '2026-12-02T00:00'],
  // 20,788 days since 1970 are no multiple of 7: weeks begin on Thursday, as 1970 did.
  ['rate(7 days)', '2026-12-03T00:00', '2026-12-10T00:00'],
];

/** What is refused, and words that the refusal must hold. */
const refused: [text: string, ...words: string[]][] = [
  ['cron(0 16 * * MON-SAT *)', 'exactly one of day of month ("*") and day of week ("MON-SAT") must be ?'],
  ['cron(0 16 * * * *)', 'must be ?'],
  ['cron(0 16 ? * ? *)', 'must be ?'],
  ['cron(0 16 ? * MON-SAT)', 'it has 5 fields, and takes six'],
  ['cron(0 0 16 ? * MON-SAT *)', 'it has 7 fields'],
  ['cron()', 'it has 0 fields'],
  ['cron( 0 16 ? * MON-SAT *)', 'a space just inside the brackets'],
  ['cron(0\t16 ? * MON-SAT *)', 'it has 5 fields'],
  ['cron(60 16 ? * MON *)', 'minutes has "60", and takes 0 to 59'],
  ['cron(? 16 ? * MON *)', 'minutes has "?"'],
  ['cron(-5 16 ? * MON *)', 'minutes has "-5"'],
  ['cron(1.5 16 ? * MON *)', 'minutes has "1.5"'],
  ['cron(1,,2 16 ? * MON *)', 'minutes has ""'],
  ['cron(1-2-3 16 ? * MON *)', 'minutes has "1-2-3"'],
  ['cron(*-5 16 ? * MON *)', 'minutes has "*-5"'],
  ['cron(0/0 16 ? * MON *)', 'minutes has "0/0", and a step is 1 to 59'],
  ['cron(*/60 * * * ? *)', 'minutes has "*/60", and a step is 1 to 59'],
  ['cron(0/ 16 ? * MON *)', 'minutes has "0/"'],
  ['cron(L 16 ? * MON *)', 'minutes has "L"'],
  ['cron(0 24 ? * MON *)', 'hours has "24", and takes 0 to 23'],
  ['cron(0 4pm ? * MON *)', 'hours has "4PM"'],
  ['cron(0 0/24 * * ? *)', 'hours has "0/24"'],
  ['cron(0 16 0 * ? *)', 'day of month has "0", and takes 1 to 31'],
  ['cron(0 16 32 * ? *)', 'day of month has "32"'],
  ['cron(0 16 32W * ? *)', 'day of month has "32"'],
  ['cron(0 16 W * ? *)', 'day of month has "W"'],
  ['cron(0 16 WL * ? *)', 'day of month has "WL"'],
  ['cron(0 16 L-3 * ? *)', 'day of month has "L"'],
  ['cron(0 16 1,L * ? *)', 'day of month has "L"', 'alone'],
  ['cron(0 16 1-5W * ? *)', 'day of month has "5W"'],
  ['cron(0 16 MON * ? *)', 'day of month has "MON"'],
  ['cron(0 16 1 13 ? *)', 'month has "13", and takes 1 to 12 or JAN to DEC'],
  ['cron(0 16 1 0 ? *)', 'month has "0"'],
  ['cron(0 16 1 JANUARY ? *)', 'month has "JANUARY"'],
  ['cron(0 16 1 ? * *)', 'must be ?'],
  ['cron(0 16 ? * 0 *)', 'day of week has "0", and takes 1 (Sunday) to 7'],
  ['cron(0 16 ? * 8 *)', 'day of week has "8"'],
  ['cron(0 16 ? * NOT *)', 'day of week has "NOT"'],
  ['cron(0 16 ? * MONDAY *)', 'day of week has "MONDAY"'],
  ['cron(0 16 ? * 2/2 *)', 'day of week has "2/2", and takes no steps'],
  ['cron(0 16 ? * 3#6 *)', 'day of week has "3#6", and # counts from 1 to 5'],
  ['cron(0 16 ? * 3#0 *)', '# counts from 1 to 5'],
  ['cron(0 16 ? * 8#1 *)', 'day of week has "8"'],
  ['cron(0 16 ? * 3#1,6#3 *)', 'day of week has "3#1"'],
  ['cron(0 16 ? * 2,6L *)', 'day of week has "6L"'],
  ['cron(0 16 ? * 8L *)', 'day of week has "8"'],
  ['cron(0 16 ? * LW *)', 'day of week has "LW"'],
  ['cron(0 16 ? * MON 1969)', 'year has "1969", and takes 1970 to 2199'],
  ['cron(0 16 ? * MON 2200)', 'year has "2200"'],
  ['cron(0 16 ? * MON 2030-2028)', 'year has "2030-2028", which runs backwards'],
  ['cron(0 16 ? * MON ?)', 'year has "?"'],
  ['CRON(0 16 ? * MON *)', 'neither cron(six fields) nor rate(value unit)'],
  [' cron(0 16 ? * MON *)', 'without spaces around it'],
  ['cron(0 16 ? * MON *) ', 'without spaces around it'],
  ['0 16 ? * MON *', 'neither'],
  ['@daily', 'neither'],
  ['', 'neither'],
  ['at(2026-12-01T16:00:00)', 'neither'],
  [`cron(0 16 ? * ${'MON,'.repeat(70)}MON *)`, 'it has 300 characters'],
  ['rate(1 minutes)', 'it must be rate(1 minute)'],
  ['rate(1 hours)', 'it must be rate(1 hour)'],
  ['rate(1 days)', 'it must be rate(1 day)'],
  ['rate(10 minute)', 'it must be rate(10 minutes)'],
  ['rate(0 minutes)', 'a rate is at least 1'],
  ['rate(-10 minutes)', 'a rate is a whole number'],
  ['rate(1.5 hours)', 'a rate is a whole number'],
  ['rate(10 seconds)', 'minutes, hours or days'],
  ['rate(2 weeks)', 'minutes, hours or days'],
  ['rate(10 MINUTES)', 'minutes, hours or days'],
  ['rate( 10 minutes )', 'a rate is a whole number, a space, and'],
  ['rate(10)', 'a rate is a whole number'],
  ['rate()', 'a rate is a whole number'],
];

describe('what a schedule means', () => {
  it.each(golden)('%s', (text, ...times) => {
    expect(fires(text, times.length)).toBe(times.join(' '));
  });
});

describe('what AWS refuses', () => {
  it.each(refused)('%s', (text, ...words) => {
    const problem = (() => {
      try {
        return parseSchedule(text);
      } catch (error) {
        return error;
      }
    })();
    expect(problem).toBeInstanceOf(Problem);
    const { code, exit, message } = problem as Problem;
    expect({ code, exit }).toEqual({ code: 'bad-schedule', exit: 'usage' });
    for (const part of [`The schedule "${text.slice(0, 40)}`, ...words]) expect(message).toContain(part);
    const [, example] = / An example is ((?:cron|rate)\([^)]*\))/.exec(message)!;
    expect(() => parseSchedule(example!)).not.toThrow();
  });
});
