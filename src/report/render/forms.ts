import type { Report } from '../report.ts';
import { isUnseen } from './names.ts';

/** The forms of a report, and the ending of a file that holds one. */
export const endings = {
  text: 'txt',
  json: 'json',
  markdown: 'md',
  html: 'html',
  csv: 'csv',
  sms: 'sms.txt',
  subject: 'subject.txt',
} as const;

export type Form = keyof typeof endings;

export const formNames = Object.keys(endings) as Form[];

/** The report in a form, which ends with its line. What a form needs is loaded with it. `bom` is CSV's. */
export async function renderedAs(form: Form, report: Report, { bom = false } = {}): Promise<string> {
  switch (form) {
    case 'text':
      return (await import('./text.ts')).textOf(report);
    case 'json':
      return `${inJson(report)}\n`;
    case 'markdown':
      return (await import('./markdown.ts')).markdownOf(report);
    case 'html':
      return (await import('./html.ts')).htmlOf(report);
    case 'csv':
      return (await import('./csv.ts')).csvOf(report, { bom });
    case 'sms':
      return `${(await import('./sms.ts')).smsOf(report)}\n`;
    case 'subject':
      return `${(await import('./subject.ts')).subjectOf(report)}\n`;
  }
}

/**
 * JSON in which what a terminal or an editor could obey is written as a number: control characters, and what turns the
 * direction of text. So is a whole text of which nobody would see anything.
 */
const inJson = (report: Report): string =>
  JSON.stringify(report, null, 2)
    .replace(/"(?:[^"\\]|\\.)*"/g, text =>
      isUnseen(text.slice(1, -1)) ? text.replace(/[^\x20-\x7e]/g, asNumber) : text,
    )
    .replace(/[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, asNumber);

const asNumber = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** The form that a file's ending stands for; undefined for any other. */
export const formOfFile = (name: string): Form | undefined =>
  formNames
    .toSorted((a, b) => endings[b].length - endings[a].length)
    .find(form => name.toLowerCase().endsWith(`.${endings[form]}`));

/**
 * Whether a file's ending says that it holds another form. Each form that is plain text may stand in a .txt; an unknown
 * ending says nothing.
 */
export function contradicts(form: Form, name: string): boolean {
  const said = formOfFile(name);
  return said !== undefined && said !== form && !(said === 'text' && endings[form].endsWith('.txt'));
}
