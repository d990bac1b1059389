import type { Change } from '../../provision/engine/outcome.ts';
import type { Canvas } from '../canvas.ts';
import { paragraph, table, wrap } from '../layout.ts';

/** A chapter of the story: its number and title, the command line that does it, and what it is about. */
export function chapterView(
  chapter: { number: number; title: string; command: string; about: string },
  canvas: Canvas,
): string {
  const { style } = canvas;
  return `\n${style.bold(`${chapter.number}. ${chapter.title}`)}   ${style.cyan(`$ ${chapter.command}`)}\n${paragraph(chapter.about, canvas, 2)}\n`;
}

/** What the pipeline uses each AWS service for, in the order in which a newcomer wants to know. */
const purposes: Record<string, string> = {
  ec2: 'network, hosts',
  lambda: 'function',
  s3: 'archive',
  sns: 'topic',
  events: 'schedule',
  scheduler: 'schedule',
  iam: 'roles',
  ssm: 'secret',
  logs: 'log',
};

/** A plan in a few lines: what each AWS service gets. */
export function planSummary(changes: readonly Change[], canvas: Canvas): string {
  const rows = Object.entries(purposes).flatMap(([service, purpose]) => {
    const titles = changes
      .filter(({ operations }) => operations[0]?.startsWith(`${service}:`))
      .map(({ title }) => title);
    return titles.length > 0 ? [[purpose, String(titles.length).padStart(2), titles.map(glued).join(', ')]] : [];
  });
  return table(rows, canvas).replaceAll(noBreak, ' ');
}

const noBreak = '\u00a0';
const glued = (title: string) => title.replaceAll(' ', noBreak);

/** A mail as its reader sees it. */
export function mailView(mail: { to: string; subject: string; body: string }, canvas: Canvas): string {
  const { style, width } = canvas;
  const head = [`To: ${mail.to}`, `Subject: ${mail.subject}`].map(line => style.dim(line));
  const body = mail.body
    .trimEnd()
    .split('\n')
    .flatMap(line => (line.length > width - 4 ? wrap(line, width - 4) : [line]));
  return [...head, '', ...body].map(line => `  ${style.dim('│')} ${line}`.trimEnd()).join('\n');
}
