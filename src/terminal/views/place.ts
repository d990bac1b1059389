import type { Canvas } from '../canvas.ts';
import { paragraph } from '../layout.ts';

/** Where something is or will be: on every plan and certificate. */
export interface Place {
  stack: string;
  account: string;
  region: string;
}

/** The first line of every view about a stack. */
export function heading(title: string, place: Place, canvas: Canvas): string {
  const { style } = canvas;
  return `${style.bold(`${title} ${place.stack}`)}\n${style.dim(`  account ${place.account}, region ${place.region}`)}`;
}

/** Sentences below each other, each beginning with a dash. */
export function remarks(sentences: readonly string[], canvas: Canvas): string {
  return sentences.map(sentence => `- ${paragraph(sentence, canvas, 2).trimStart()}`).join('\n');
}

/** An id at AWS as people know it: of an ARN only what is its own, since account and region stand above. */
export function shortId(awsId: string | undefined): string {
  return awsId?.replace(/^arn:[^:]*:[^:]*:[^:]*:[^:]*:/, '') ?? '';
}

/**
 * The same, where it says more than the title beside it: `layer:mysql2Library:1` beside `Layer mysql2Library` does not.
 */
export function idBeside(title: string, awsId: string | undefined): string {
  const id = shortId(awsId);
  return title.includes(nameIn(id)) ? '' : id;
}

/**
 * A thing as a certificate names it: what it is, and its id, which the title need not say again: `Role` and
 * `salesAnalysisReportRole`.
 */
export function named(title: string, awsId: string): { what: string; id: string } {
  const id = shortId(awsId);
  const words = title.split(' ').filter(word => word !== nameIn(id));
  return { what: words.join(' ') || title, id };
}

/** The part of an id that somebody chose: `mysql2Library` of `layer:mysql2Library:1`. */
const nameIn = (id: string): string => id.split(':').findLast(part => !/^\d*$/.test(part)) ?? '';
