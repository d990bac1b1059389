import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { Problem } from '../problem.ts';
import type { OutputStream } from './canvas.ts';
import { shown } from './harmless.ts';

export type InputStream = NodeJS.ReadableStream & { isTTY?: boolean };

/** One line typed by a person, without its end. Ctrl-C, Ctrl-D and the signal throw Problem `interrupted`. */
export function askLine(
  question: string,
  input: InputStream,
  output: OutputStream,
  signal?: AbortSignal,
): Promise<string> {
  return ask(shown(question), input, output, text => output.write(text), signal);
}

/** As `askLine`, but nothing of the answer is shown. */
export async function askHidden(
  question: string,
  input: InputStream,
  output: OutputStream,
  signal?: AbortSignal,
): Promise<string> {
  output.write(shown(question));
  const answer = await ask('', input, output, () => {}, signal);
  output.write('\n');
  return answer;
}

async function ask(
  question: string,
  input: InputStream,
  output: OutputStream,
  echo: (text: string) => void,
  signal: AbortSignal | undefined,
): Promise<string> {
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
  const end = () => stop.abort();
  if (signal?.aborted) end();
  signal?.addEventListener('abort', end);
  try {
    return await lines.question(question, { signal: stop.signal });
  } catch {
    output.write('\n');
    throw new Problem('interrupted', 'Nothing was changed.', { exit: 'interrupted' });
  } finally {
    signal?.removeEventListener('abort', end);
    lines.close();
  }
}
