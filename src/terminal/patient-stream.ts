import { closeSync, constants, fstatSync, openSync, readdirSync, statSync, writeSync } from 'node:fs';
import { clearLine, cursorTo, moveCursor } from 'node:readline';
import { Writable } from 'node:stream';
import type { WriteStream as Tty } from 'node:tty';

/** A standard stream of the process, terminal or not. */
type Standard = Tty & { fd: number };

/** How often a terminal that takes nothing is asked again, ms. */
const pause = 25;

/**
 * A terminal that keeps nobody waiting. Node writes to a terminal in one blocking call (Node.js documentation, "A note
 * on process I/O"): a terminal that is read slowly, or not at all, would hold up everything else that the process does.
 * Here the rest is kept until the terminal takes it. `write` returns false while something is kept: whoever draws
 * frames then leaves them out until `drain`.
 */
export class PatientStream extends Writable {
  readonly isTTY = true;
  readonly #fd: number;
  readonly #terminal: Tty;

  constructor(fd: number, terminal: Tty) {
    super({ highWaterMark: 1 });
    this.#fd = fd;
    this.#terminal = terminal;
    terminal.on('resize', () => this.emit('resize'));
  }

  /** 80 where nobody has set the size: the terminal then says 0, by which nothing can be divided. */
  get columns(): number {
    return this.#terminal.columns || 80;
  }

  get rows(): number {
    return this.#terminal.rows;
  }

  cursorTo(x: number, y?: number): boolean {
    return y === undefined ? cursorTo(this, x) : cursorTo(this, x, y);
  }

  moveCursor(dx: number, dy: number): boolean {
    return moveCursor(this, dx, dy);
  }

  clearLine(direction: -1 | 0 | 1): boolean {
    return clearLine(this, direction);
  }

  /** Whether the terminal has taken it, and everything before it. */
  override write(...written: unknown[]): boolean {
    super.write(...(written as Parameters<Writable['write']>));
    return this.writableLength === 0;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    let rest = chunk;
    try {
      while (rest.length > 0) rest = rest.subarray(writeSync(this.#fd, rest));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN')
        setTimeout(() => this._write(rest, _encoding, done), pause);
      else done(error as Error);
      return;
    }
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    closeSync(this.#fd);
    done(error);
  }
}

/**
 * The streams to write to in place of `stdout` and `stderr`: terminals that keep nobody waiting, and one stream where
 * both are the same terminal, so that the order of what is written stays. Anything else is returned as it is.
 */
export function patiently(stdout: Standard, stderr: Standard): { stdout: Writable; stderr: Writable } {
  const patient = openPatiently(stderr);
  const isSame = patient && stdout.isTTY && fstatSync(stdout.fd).rdev === fstatSync(stderr.fd).rdev;
  return { stdout: (isSame ? patient : openPatiently(stdout)) ?? stdout, stderr: patient ?? stderr };
}

/**
 * The same terminal, opened anew: what is inherited is shared with the shell, which relies on its blocking. Undefined
 * where it is no terminal, or cannot be opened.
 */
function openPatiently(terminal: Standard): PatientStream | undefined {
  if (!terminal.isTTY || process.platform === 'win32') return undefined;
  try {
    const path = process.platform === 'linux' ? `/proc/self/fd/${terminal.fd}` : pathOf(terminal.fd);
    const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    return new PatientStream(fd, terminal);
  } catch {
    return undefined;
  }
}

/** The path of a terminal, found by its device number as ttyname(3) does. */
function pathOf(fd: number): string {
  const { rdev } = fstatSync(fd);
  const paths = readdirSync('/dev').filter(name => name.startsWith('tty') && name !== 'tty');
  return paths.map(name => `/dev/${name}`).find(path => statSync(path).rdev === rdev) ?? '/dev/tty';
}
