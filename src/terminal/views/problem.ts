import type { Problem } from '../../problem.ts';
import type { Canvas } from '../canvas.ts';
import { paragraph, sentence } from '../layout.ts';

/** The sentence, what to do next, and AWS's own words dimmed below. */
export function problemView(problem: Problem, canvas: Canvas): string {
  const { style } = canvas;
  const { code, message, next, aws, exit } = problem;
  const [word, paint] =
    exit === 'interrupted' || code === 'declined' ? ['Stopped.', style.yellow] : ['Error:', style.red];
  const lines = [sentence(`${word} ${inOneLine(message)}`, canvas).replace(word, paint(word))];
  if (next) lines.push(sentence(next, canvas));
  if (aws) {
    const request = aws.requestId ? ` (request ${aws.requestId})` : '';
    lines.push(
      style.dim(paragraph(`AWS to ${aws.operation}: ${aws.name}: ${inOneLine(aws.message)}${request}`, canvas, 2)),
    );
  }
  return lines.join('\n');
}

/** Other people's words hold no lines that could pass for ours. */
const inOneLine = (words: string): string => words.trim().replace(/\s*[\r\n]\s*/g, ' ');

/** The document that stands on stdout with --json when a command fails. */
export function problemDocument({ code, message, next, aws }: Problem): object {
  return { version: 1, ok: false, error: { code, message, next: next ?? null, ...(aws ? { aws } : {}) } };
}
