/** An output that somebody may close, or that may be full. */
type Stream = NodeJS.WritableStream & { writableLength?: number };

interface Steady {
  /** Why nothing can be written any more; undefined as long as all is well. */
  readonly failure: NodeJS.ErrnoException | undefined;
  /** Resolves when what was written has gone, or cannot go. Never rejects. */
  flushed(): Promise<void>;
}

/**
 * Makes writing to a stream of the process fail without a word: the work goes on when nobody listens to it any more.
 * Node throws from `write` where the stream is a file (a full disk), and emits an error where it is a pipe or a
 * terminal, which ends the process if nobody handles it.
 */
export function steady(stream: Stream): Steady {
  let failure: NodeJS.ErrnoException | undefined;
  let onFailure = () => {};
  const failed = new Promise<void>(resolve => {
    onFailure = resolve;
  });
  const fail = (error: NodeJS.ErrnoException) => {
    failure ??= error;
    onFailure();
  };
  stream.on('error', fail);
  const write = stream.write.bind(stream) as (...given: unknown[]) => boolean;
  stream.write = (...given: unknown[]): boolean => {
    // True: whoever writes need not wait for anything.
    if (failure) return true;
    try {
      return write(...given);
    } catch (error) {
      fail(error as NodeJS.ErrnoException);
      return true;
    }
  };
  return {
    get failure() {
      return failure;
    },
    flushed: () => Promise.race([failed, new Promise<void>(done => void stream.write('', () => done()))]),
  };
}
