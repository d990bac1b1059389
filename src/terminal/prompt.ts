import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { Problem } from '../problem.ts';
import type { OutputStream } from './canvas.ts';

export type InputStream = NodeJS.ReadableStream & { isTTY?: boolean };

/** One line typed by a person, without its end. Ctrl-C and Ctrl-D throw Problem `interrupted`. */
export function askLine(question: string, input: InputStream, output: OutputStream): Promise<string> {
  return ask(question, input, output, text => output.write(text));
}

/** As `askLine`, but nothing of the answer is shown. */
export async function askHidden(question: string, input: InputStream, output: OutputStream): Promise<string> {
  output.write(question);
  const answer = await ask('', input, output, () => {});
  output.write('\n');
  return answer;
}

async function ask(question: string, input: InputStream, output: OutputStream, echo: (text: string) => void): Promise<string> {
  const sink = new Writable({
    write(chunk, _encoding, done) {
      echo(String(chunk));
      done();
    },
  });
  const lines = createInterface({ input, output: sink, terminal: Boolean(input.isTTY) });
  const stop = new AbortController();
  lines.once('SIGINT', () => stop.abort());
  lines.once('close', () => stop.abort());
  try {
    return await lines.question(question, { signal: stop.signal });
  } catch {
    output.write('\n');
    throw new Problem('interrupted', 'Nothing was changed.', { exit: 'interrupted' });
  } finally {
    lines.close();
  }
}
