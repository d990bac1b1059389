import type { Report } from '../report.ts';

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

/** The report in a form. What a form needs is loaded with it. */
export async function renderedAs(form: Form, report: Report): Promise<string> {
  switch (form) {
    case 'text':
      return (await import('./text.ts')).textOf(report);
    case 'json':
      return `${JSON.stringify(report, null, 2)}\n`;
    case 'markdown':
      return (await import('./markdown.ts')).markdownOf(report);
    case 'html':
      return (await import('./html.ts')).htmlOf(report);
    case 'csv':
      return (await import('./csv.ts')).csvOf(report);
    case 'sms':
      return `${(await import('./sms.ts')).smsOf(report)}\n`;
    case 'subject':
      return `${(await import('./subject.ts')).subjectOf(report)}\n`;
  }
}

/** The form that a file's ending stands for; undefined for any other. */
export const formOfFile = (name: string): Form | undefined =>
  formNames.toSorted((a, b) => endings[b].length - endings[a].length).find(form => name.endsWith(`.${endings[form]}`));
