import type { Clock } from '../clock.ts';
import { Problem } from '../problem.ts';
import { tooManyFiles } from '../too-many-files.ts';
import { type Canvas, canvasOf, type OutputStream } from './canvas.ts';
import { safeJson, shown } from './harmless.ts';
import { paragraph, sentence } from './layout.ts';
import { LineProgress, LiveProgress, type ShownProgress, SilentProgress } from './progress.ts';
import { askHidden, askLine, type InputStream } from './prompt.ts';
import { problemDocument, problemView } from './views/problem.ts';

export interface Streams {
  stdout: OutputStream;
  stderr: OutputStream;
  stdin: InputStream;
  env: NodeJS.ProcessEnv;
}

export interface TerminalFlags {
  json?: boolean;
  quiet?: boolean;
  verbose?: boolean;
  /** False with --no-color. */
  color?: boolean;
}

/** What a command has to show: words for a person, or with --json one document. */
export interface Result {
  text: (canvas: Canvas) => string;
  document: object;
  /** Whether the text is of a file's form, which programs read: into a pipe or a file it goes as it is. */
  isFile?: boolean;
}

/**
 * Results go to stdout and nothing else does; all other words go to stderr. What is shown is harmless, whosever words
 * are in it.
 */
export class Terminal {
  readonly #streams: Streams;
  readonly #flags: TerminalFlags;
  readonly #out: Canvas;
  readonly #err: Canvas;
  /** What is drawn anew while work lasts. */
  readonly #drawn = new Set<ShownProgress>();
  #isAsking = false;
  #isDocumented = false;
  readonly #signal: AbortSignal | undefined;
  #lastQuestion: Promise<unknown> = Promise.resolve();

  /** `signal` ends the question that is being asked. */
  constructor(streams: Streams, flags: TerminalFlags, signal?: AbortSignal) {
    this.#streams = streams;
    this.#flags = flags;
    this.#signal = signal;
    const options = { env: streams.env, color: flags.color !== false };
    this.#out = canvasOf(streams.stdout, options);
    this.#err = canvasOf(streams.stderr, options);
  }

  result(result: Result): void {
    if (this.#flags.json) {
      this.#show(result.document);
      return;
    }
    const text = result.text(this.#out).trimEnd();
    if (text === '') return;
    if (result.isFile && !this.#streams.stdout.isTTY) this.#streams.stdout.write(`${text}\n`);
    else this.#print('stdout', text);
  }

  /** A part of a result that is told piece by piece; with --json only the document at its end is shown. */
  tell(text: (canvas: Canvas) => string): void {
    if (!this.#flags.json) this.#print('stdout', text(this.#out));
  }

  /** Something to know while the command works; not with --quiet. */
  note(text: string | ((canvas: Canvas) => string)): void {
    if (this.#flags.quiet) return;
    this.#print('stderr', typeof text === 'string' ? sentence(text, this.#err) : text(this.#err));
  }

  /** Something that should be known before the result is trusted. */
  warn(text: string): void {
    const note = sentence(`Note: ${text}`, this.#err).replace('Note:', this.#err.style.yellow('Note:'));
    this.#print('stderr', note);
  }

  /** One AWS call, with --verbose. */
  call(call: { operation: string; resource?: string; ms: number; error?: string }): void {
    if (!this.#flags.verbose) return;
    const words = [call.operation, `${Math.round(call.ms)} ms`, call.resource, call.error].filter(Boolean).join('  ');
    this.#print('stderr', this.#err.style.dim(`  ${words}`));
  }

  /** Says why the command ends: on stdout as a document with --json, and always as a sentence on stderr. */
  problem(problem: Problem): void {
    if (this.#flags.json) this.#show(problemDocument(problem));
    this.#print('stderr', problemView(problem, this.#err));
    const stack = problem.code === 'unexpected' && this.#flags.verbose ? (problem.cause as Error)?.stack : undefined;
    if (stack) this.#print('stderr', this.#err.style.dim(stack));
  }

  /** Says why the command ends after a part of its work, and what that part is: with --json in one document. */
  partlyDone(problem: Problem, { text, document }: Result): void {
    if (this.#flags.json) this.result({ text, document: { ...problemDocument(problem), ...document, ok: false } });
    else this.result({ text, document });
    this.#print('stderr', problemView(problem, this.#err));
  }

  /**
   * What shows the engine's work while it lasts: live on a terminal, else a line an outcome. Call `end` when it is
   * over.
   */
  progress(title: string, clock: Clock): ShownProgress {
    if (this.#flags.quiet) return new SilentProgress();
    const isLive = this.#streams.stderr.isTTY && this.#streams.env.TERM !== 'dumb' && !this.#flags.verbose;
    if (!isLive) return new LineProgress({ clock, canvas: this.#err, write: line => this.#print('stderr', line) });
    const live = new LiveProgress({ title, clock, canvas: this.#err, stream: this.#streams.stderr });
    this.#drawn.add(live);
    return live;
  }

  /** The one place through which words go to a stream. */
  #print(stream: 'stdout' | 'stderr', text: string): void {
    this.#streams[stream].write(`${shown(text)}\n`);
  }

  /** The document on stdout: one, whatever comes after it. */
  #show(document: object): void {
    if (this.#isDocumented) return;
    this.#isDocumented = true;
    this.#streams.stdout.write(`${safeJson(document)}\n`);
  }

  /** Whether a person is asked for something at this moment. */
  get isAsking(): boolean {
    return this.#isAsking;
  }

  get isInteractive(): boolean {
    return Boolean(this.#streams.stdin.isTTY && this.#streams.stderr.isTTY);
  }

  /** Asks on stderr; anything but yes is no. */
  async confirm(question: string): Promise<boolean> {
    // The last line has room for the answer.
    const asked = paragraph(`${question} [y/N]`, { ...this.#err, width: this.#err.width - ' yes'.length });
    return this.#undisturbed(async () => /^y(es)?$/i.test((await this.#ask(`${asked} `)).trim()));
  }

  /** Says what is at stake and asks for `name` to be typed out. */
  async confirmByName(question: string, name: string): Promise<boolean> {
    return this.#undisturbed(async () => {
      this.#print('stderr', paragraph(question, this.#err));
      return (await this.#ask(`Type ${this.#err.style.bold(name)} to go on: `)).trim() === name;
    });
  }

  /** Asks for a secret, which is not shown while it is typed. */
  hidden(question: string): Promise<string> {
    return this.#undisturbed(() => askHidden(question, this.#streams.stdin, this.#streams.stderr, this.#signal));
  }

  /** Asks one question at a time, while nothing is drawn: a frame would erase it. */
  #undisturbed<T>(question: () => Promise<T>): Promise<T> {
    const asked = this.#lastQuestion
      .catch(() => {})
      .then(async () => {
        for (const live of this.#drawn) live.pause();
        this.#isAsking = true;
        try {
          return await question();
        } finally {
          this.#isAsking = false;
          for (const live of this.#drawn) live.resume();
        }
      });
    this.#lastQuestion = asked;
    return asked;
  }

  #ask(question: string): Promise<string> {
    return askLine(question, this.#streams.stdin, this.#streams.stderr, this.#signal);
  }
}

/** Anything thrown, as a Problem: what is not one already is a mistake of the program. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const crowded = tooManyFiles(error);
  if (crowded) return crowded;
  const message = error instanceof Error ? error.message : String(error);
  return new Problem('unexpected', `Something unexpected happened: ${message.replace(/\.?$/, '.')}`, {
    next: 'Run the same command again with --verbose to see where; a second run continues where this one stopped.',
    cause: error,
  });
}
