import { closeSync, constants, openSync, readlinkSync, writeSync } from 'node:fs';
import { clearLine, cursorTo, moveCursor } from 'node:readline';
import { Writable } from 'node:stream';
import type { WriteStream } from 'node:tty';

/** How often a terminal that takes nothing is asked again, ms. */
const pause = 25;

/**
 * A terminal that keeps nobody waiting. Node writes to a terminal in one blocking call (Node.js documentation, "A note on process I/O"): one that is read slowly,
 * or not at all, would hold up everything else that the process does. Here what the terminal does not take is kept, and `write` answers false until it has
 * gone, so that who draws frames leaves them out meanwhile.
 */
export class PatientStream extends Writable {
  readonly isTTY = true;
  readonly #fd: number;
  readonly #terminal: WriteStream;

  constructor(fd: number, terminal: WriteStream) {
    super({ decodeStrings: true, highWaterMark: 1 });
    this.#fd = fd;
    this.#terminal = terminal;
    terminal.on('resize', () => this.emit('resize'));
  }

  get columns(): number {
    return this.#terminal.columns;
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

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    let rest = chunk;
    try {
      while (rest.length > 0) rest = rest.subarray(writeSync(this.#fd, rest));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') setTimeout(() => this._write(rest, _encoding, done), pause);
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
 * The same terminal, opened anew, so that its not blocking is nobody else's affair: a description that is inherited is the shell's too. Undefined where it is
 * no terminal, or cannot be opened so.
 */
export function openPatiently(terminal: WriteStream): PatientStream | undefined {
  if (!terminal.isTTY || process.platform === 'win32') return undefined;
  try {
    const path =
      process.platform === 'linux' ? readlinkSync(`/proc/self/fd/${(terminal as unknown as { fd: number }).fd}`) : '/dev/tty';
    const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    return new PatientStream(fd, terminal);
  } catch {
    return undefined;
  }
}
