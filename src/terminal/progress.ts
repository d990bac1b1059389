import ora, { type Ora } from 'ora';
import type { Clock } from '../clock.ts';
import type { Action, Outcome, Progress } from '../provision/engine/outcome.ts';
import type { Canvas, OutputStream } from './canvas.ts';
import { clipped, duration } from './layout.ts';
import { outcomeRow } from './views/outcomes.ts';

/** Progress that somebody sees; `end` leaves the screen as it was. */
export interface ShownProgress extends Progress {
  end(): void;
}

type Step = Parameters<Progress['started']>[0];

interface Running extends Step {
  since: number;
  waiting?: string;
}

/** How many running steps are listed, so that the block fits a small window. */
const rowsShown = 8;

const verbs: Record<Action, string> = {
  create: 'creating',
  update: 'updating',
  replace: 'replacing',
  remove: 'removing',
};

/** A block that is drawn anew ten times a second: how many of how many, elapsed, what runs and what it waits for. */
export class LiveProgress implements ShownProgress {
  readonly #clock: Clock;
  readonly #canvas: Canvas;
  readonly #spinner: Ora;
  readonly #start: number;
  readonly #running = new Map<string, Running>();
  #total = 0;
  #done = 0;

  constructor(options: { title: string; clock: Clock; canvas: Canvas; stream: OutputStream }) {
    this.#clock = options.clock;
    this.#canvas = options.canvas;
    this.#start = options.clock.now();
    this.#spinner = ora({
      text: options.title,
      suffixText: () => this.block(),
      stream: options.stream as NodeJS.WriteStream,
      isEnabled: true,
      discardStdin: false,
      ...(options.canvas.style.level === 0 ? { color: false as never } : {}),
    }).start();
  }

  begin(total: number): void {
    this.#total = total;
    this.#done = 0;
  }

  started(step: Step): void {
    this.#running.set(step.id, { ...step, since: this.#clock.now() });
  }

  waiting(id: string, reason: string | undefined): void {
    const step = this.#running.get(id);
    if (step) step.waiting = reason;
  }

  finished(outcome: Outcome): void {
    this.#running.delete(outcome.id);
    this.#done++;
  }

  end(): void {
    this.#spinner.stop();
  }

  /** What stands beside the spinner at this moment. */
  block(): string {
    const { style, width } = this.#canvas;
    const elapsed = duration(Math.floor((this.#clock.now() - this.#start) / 1000));
    const head = this.#total > 1 ? `${this.#done} of ${this.#total}, ${elapsed}` : elapsed;
    const rows = [...this.#running.values()].map(step => this.#row(step, width));
    const more = rows.length > rowsShown ? [`  and ${rows.length - rowsShown} more`] : [];
    return [head, ...[...rows.slice(0, rowsShown), ...more].map(row => style.dim(row))].join('\n');
  }

  #row(step: Running, width: number): string {
    const time = duration(Math.floor((this.#clock.now() - step.since) / 1000));
    const doing = step.action === 'look' ? step.title : `${verbs[step.action]} ${step.title}`;
    const reason = step.waiting ? `: ${step.waiting}` : '';
    return clipped(`  ${doing}, ${time}${reason}`, width - 1);
  }
}

/** Where nobody watches: one line when a step is over. */
export class LineProgress implements ShownProgress {
  readonly #canvas: Canvas;
  readonly #write: (line: string) => void;
  #total = 0;
  #done = 0;

  constructor(options: { canvas: Canvas; write: (line: string) => void }) {
    this.#canvas = options.canvas;
    this.#write = options.write;
  }

  begin(total: number): void {
    this.#total = total;
    this.#done = 0;
  }

  started(): void {}

  waiting(): void {}

  finished(outcome: Outcome): void {
    this.#done++;
    if (outcome.outcome === 'absent' || outcome.outcome === 'unchanged') return;
    const [word, title, time] = outcomeRow(outcome, this.#canvas);
    const width = String(this.#total).length;
    this.#write(
      [`[${String(this.#done).padStart(width)}/${this.#total}]`, word, title, time, outcome.why].filter(Boolean).join('  '),
    );
  }

  end(): void {}
}

/** With --quiet. */
export class SilentProgress implements ShownProgress {
  begin(): void {}
  started(): void {}
  waiting(): void {}
  finished(): void {}
  end(): void {}
}
