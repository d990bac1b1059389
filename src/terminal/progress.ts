import ora, { type Ora } from 'ora';
import type { Clock } from '../clock.ts';
import type { Action, Outcome, Progress, WaitForecast } from '../provision/engine/outcome.ts';
import type { Canvas, OutputStream } from './canvas.ts';
import { shown } from './harmless.ts';
import { clipped, duration, paragraph } from './layout.ts';
import { outcomeRow } from './views/outcomes.ts';
import { outlookWords } from './views/outlook.ts';

/** Progress that somebody sees; `end` leaves the screen as it was. */
export interface ShownProgress extends Progress {
  end(): void;
  /** Takes it off the screen while a question is being answered; `resume` draws it again. */
  pause(): void;
  resume(): void;
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
  adopt: 'adopting',
  remove: 'removing',
};

/** What ended without anything being done is not counted among what there was to do. */
const isNoWork = ({ outcome }: Outcome): boolean => outcome === 'absent' || outcome === 'unchanged';

/** A block that is drawn anew ten times a second: how many of how many, elapsed, what runs and what it waits for. */
export class LiveProgress implements ShownProgress {
  readonly #clock: Clock;
  readonly #canvas: Canvas;
  readonly #spinner: Ora;
  readonly #start: number;
  readonly #running = new Map<string, Running>();
  #isOver = false;
  #outlook: WaitForecast | undefined;
  /** When the work is expected to be over, ms on the clock. */
  #until: number | undefined;
  #total = 0;
  #done = 0;

  constructor(options: { title: string; clock: Clock; canvas: Canvas; stream: OutputStream }) {
    this.#clock = options.clock;
    this.#canvas = options.canvas;
    this.#start = options.clock.elapsed();
    this.#spinner = ora({
      text: shown(options.title),
      suffixText: () => shown(this.block()),
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
    this.#running.set(step.id, { ...step, since: this.#clock.elapsed() });
  }

  waiting(id: string, reason: string | undefined): void {
    const step = this.#running.get(id);
    if (step) step.waiting = reason;
  }

  finished(outcome: Outcome): void {
    this.#running.delete(outcome.id);
    if (outcome.id === this.#outlook?.id) this.#outlook = undefined;
    if (isNoWork(outcome)) this.#total--;
    else this.#done++;
  }

  expect(seconds: number): void {
    this.#until = this.#clock.elapsed() + seconds * 1_000;
  }

  outlook(outlook: WaitForecast): void {
    this.#outlook = outlook;
  }

  end(): void {
    this.#isOver = true;
    this.#spinner.stop();
  }

  pause(): void {
    if (!this.#isOver) this.#spinner.stop();
  }

  resume(): void {
    if (!this.#isOver) this.#spinner.start();
  }

  /** What stands beside the spinner at this moment. */
  block(): string {
    const { style, width } = this.#canvas;
    const elapsed = duration(Math.floor((this.#clock.elapsed() - this.#start) / 1000));
    const head = [...(this.#total > 1 ? [`${this.#done} of ${this.#total}`] : []), elapsed, ...this.#left()].join(', ');
    const rows = [...this.#running.values()].map(step => this.#row(step, width));
    const more = rows.length > rowsShown ? [`  and ${rows.length - rowsShown} more`] : [];
    const outlook = this.#outlook ? paragraph(outlookWords(this.#outlook), this.#canvas, 2).split('\n') : [];
    return [head, ...[...rows.slice(0, rowsShown), ...more].map(row => style.dim(row)), ...outlook].join('\n');
  }

  /** The time that is left; nothing once it is over, since how much longer it takes nobody knows. */
  #left(): string[] {
    const seconds = Math.round(((this.#until ?? 0) - this.#clock.elapsed()) / 1_000);
    return seconds > 0 ? [`about ${duration(seconds)} left`] : [];
  }

  #row(step: Running, width: number): string {
    const time = duration(Math.floor((this.#clock.elapsed() - step.since) / 1000));
    const doing = step.action === 'look' ? step.title : `${verbs[step.action]} ${step.title}`;
    const reason = step.waiting ? `: ${step.waiting}` : '';
    return clipped(`  ${doing}, ${time}${reason}`.replace(/\s*[\r\n]\s*/g, ' '), width - 1);
  }
}

/** How often a log hears that a long wait goes on, ms. */
const lifeSign = 5 * 60_000;

/** Where nobody watches: one line when a step is over, and every five minutes of a long wait. */
export class LineProgress implements ShownProgress {
  readonly #clock: Clock;
  readonly #canvas: Canvas;
  readonly #write: (line: string) => void;
  #long: { outlook: WaitForecast; since: number; told: number } | undefined;
  #total = 0;
  #done = 0;

  constructor(options: { clock: Clock; canvas: Canvas; write: (line: string) => void }) {
    this.#clock = options.clock;
    this.#canvas = options.canvas;
    this.#write = options.write;
  }

  begin(total: number): void {
    this.#total = total;
    this.#done = 0;
  }

  started(): void {}

  waiting(id: string): void {
    const long = this.#long;
    const now = this.#clock.elapsed();
    if (long?.outlook.id !== id || now < long.told + lifeSign) return;
    long.told = now;
    this.#write(
      `${this.#count()}  … waiting  ${long.outlook.title}  for ${duration((now - long.since) / 1000)} so far`,
    );
  }

  finished(outcome: Outcome): void {
    if (outcome.id === this.#long?.outlook.id) this.#long = undefined;
    if (isNoWork(outcome)) {
      this.#total--;
      return;
    }
    this.#done++;
    const [word, title, time] = outcomeRow(outcome, this.#canvas);
    this.#write(
      [this.#count(), word, title, time, outcome.why]
        .filter(Boolean)
        .join('  ')
        .replace(/\s*[\r\n]\s*/g, ' '),
    );
  }

  /** Told once nothing else is going on: until then other lines come. */
  outlook(outlook: WaitForecast): void {
    const now = this.#clock.elapsed();
    const since = this.#long?.since ?? now;
    const isNews = outlook.beside.length === 0 && this.#long?.told !== now;
    this.#long = { outlook, since, told: isNews ? now : (this.#long?.told ?? now) };
    if (isNews) this.#write(`${this.#count()}  … waiting  ${outlookWords(outlook)}`);
  }

  #count(): string {
    return `[${String(this.#done).padStart(String(this.#total).length)}/${this.#total}]`;
  }

  end(): void {}
  pause(): void {}
  resume(): void {}
}

/** With --quiet. */
export class SilentProgress implements ShownProgress {
  begin(): void {}
  started(): void {}
  waiting(): void {}
  finished(): void {}
  end(): void {}
  pause(): void {}
  resume(): void {}
}
