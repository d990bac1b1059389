import { clockTime } from '../../schedule/clock-time.ts';
import { salesreport } from '../../suggest.ts';
import type { Window } from '../facts.ts';
import { ascii } from '../render/ascii.ts';
import type { Message } from './sns.ts';
import type { Work } from './work.ts';

/** For who keeps the shop's systems: a report that a check keeps from its readers. */
export const blockedNotice = (work: Work, window: Window, why: string): Message =>
  noticeOf(work, window, 'is blocked', [
    why,
    `It was sent to nobody. Correct the data and run ${salesreport`run`}, or send it as it is with ${salesreport`run --send-anyway --reason "…"`}.`,
  ]);

/** A report of which nobody knows whether it went out. */
export const unreadableNotice = (work: Work, window: Window, why: string): Message =>
  noticeOf(work, window, 'may not have been sent', [
    why,
    `It is not sent again by itself. Ask a reader, or send it with ${salesreport`run --send-anyway --reason "…"`}: it then says that it may be a repeat.`,
  ]);

/** A report that could not be made. */
export const failedNotice = (work: Work, window: Window, why: string): Message =>
  noticeOf(work, window, 'failed', [why, 'It is tried again every 15 minutes, until it is 20 hours old.']);

function noticeOf({ timetable: { zone } }: Work, { from, to }: Window, what: string, sentences: string[]): Message {
  const time = (instant: string) => clockTime(Date.parse(instant), zone);
  return {
    subject: ascii(`${time(to)}: the report ${what}`),
    text: `${[`Report of ${time(from)} to ${time(to)} ${zone}`, ...sentences].join('\n')}\n`,
  };
}
