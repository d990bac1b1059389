import { type ExecException, exec } from 'node:child_process';
import { promisify } from 'node:util';
import { externalDataInterceptor } from '@smithy/core/config';

/** How long a `credential_process` may take, ms. */
const budget = 60_000;

const failed = 'credential_process failed';

/**
 * Has the SDK run a profile's `credential_process` with an end to its patience, and pass on what the process says; the
 * SDK itself would wait for ever.
 */
export function boundCredentialProcesses(): void {
  externalDataInterceptor.getTokenRecord().exec = bounded;
}

/**
 * What a process said that failed, from the SDK's error: its last words, or how it ended. Undefined for an error of
 * something else.
 */
export function wordsOfProcess(message: string): string | undefined {
  return message.startsWith(`${failed}: `) ? message.slice(failed.length + 2) : undefined;
}

/** As `exec` where it is used as a promise, which is all that the SDK does with it. */
const bounded = Object.assign(() => {}, {
  [promisify.custom]: (command: string): Promise<{ stdout: string }> =>
    new Promise((resolve, reject) => {
      const running = exec(command, { timeout: budget, killSignal: 'SIGKILL' }, (error, stdout, stderr) => {
        if (error) reject(new Error(`${failed}: ${wordsOf(error, stderr)}`));
        else resolve({ stdout });
      });
      // One that reads from a terminal would wait for ever.
      running.stdin?.end();
    }),
});

/** The last lines of standard error. Never the command, which may hold a secret. */
function wordsOf({ killed, signal, code }: ExecException, stderr: string): string {
  if (killed) return `it did not end within ${budget / 1_000} s`;
  const lines = stderr
    .split('\n')
    .map(line => line.trim())
    .filter(Boolean);
  return lines.slice(-3).join(' ').slice(-400) || `it said nothing and ended with ${signal ?? `exit code ${code}`}`;
}
