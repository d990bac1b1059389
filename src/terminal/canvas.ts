import { Chalk, type ChalkInstance } from 'chalk';

/** Where a view is drawn: its width in columns, and colours that are no colours when it is not a terminal. */
export interface Canvas {
  width: number;
  style: ChalkInstance;
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
    style: new Chalk({ level: isColored ? 1 : 0 }),
    folds: Boolean(stream.isTTY),
  };
}
