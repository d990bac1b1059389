import { around } from './comparisons.ts';
import type { Source, Window } from './facts.ts';
import { subjectOf } from './render/subject.ts';
import { textOf } from './render/text.ts';
import type { Report, ReportSettings, RunContext } from './report.ts';
import { reportOf, windowsToRead } from './report-of.ts';
import { timetableOf } from './timetable.ts';

/** A report and the forms of it that are mailed. */
export interface Rendered {
  report: Report;
  subject: string;
  text: string;
}

/**
 * From a window, or a part of one so far, to the mail: what the deployed function and a preview on a laptop have in
 * common. Throws the source's Problems.
 */
export async function compute(
  window: Window,
  source: Source,
  settings: ReportSettings,
  occasion: RunContext,
): Promise<Rendered> {
  const neighbours = around(window, timetableOf(settings), occasion.partial);
  const reading = await source.read(windowsToRead(window, neighbours, occasion.told), occasion.now);
  return rendered(reportOf(reading, window, neighbours, source.kind, settings, occasion));
}

export const rendered = (report: Report): Rendered => ({ report, subject: subjectOf(report), text: textOf(report) });
