import { Chalk } from 'chalk';
import { asOwn, asPainted, harmless } from './harmless.ts';

/** The colours of a view, and `level` 0 where they are none. */
type Style = Record<(typeof paints)[number], (text: string) => string> & { level: number };

const paints = ['bold', 'cyan', 'dim', 'green', 'red', 'yellow'] as const;

/** Where a view is drawn: its width in columns, and colours that are no colours when it is not a terminal. */
export interface Canvas {
  width: number;
  style: Style;
  /** Whether sentences are folded between words: at a terminal, which would fold them anywhere. */
  folds?: boolean;
}

export interface OutputStream {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

/** 80 columns where nobody looks, so that what is piped into a file reads well. */
export function canvasOf(stream: OutputStream, options: { env: NodeJS.ProcessEnv; color: boolean }): Canvas {
  const { env, color } = options;
  const isColored = Boolean(stream.isTTY) && color && !env.NO_COLOR && env.TERM !== 'dumb';
  return {
    width: Math.min(Math.max(stream.columns ?? 80, 60), 140),
    style: styleOf(isColored ? 1 : 0),
    folds: Boolean(stream.isTTY),
  };
}

/** Colours that are told from other people's: see `harmless`. */
function styleOf(level: 0 | 1): Style {
  const chalk = new Chalk({ level });
  // Chalk looks for its own colours in the text, to go on with them.
  const painted = paints.map(paint => [paint, (text: string) => asOwn(chalk[paint](asPainted(harmless(text))))]);
  return { level, ...Object.fromEntries(painted) };
}
