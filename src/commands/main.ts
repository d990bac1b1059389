import { CommanderError } from 'commander';
import { exitCodes, Problem } from '../problem.ts';
import { withGiven } from '../suggest.ts';
import { shown } from '../terminal/harmless.ts';
import type { Streams, Terminal, TerminalFlags } from '../terminal/terminal.ts';
import { type Dispatch, globalFlagsOf } from './cli.ts';
import type { Cloud } from './cloud.ts';
import { Interrupt } from './interrupt.ts';
import { buildProgram } from './program.ts';

export { patiently } from '../terminal/patient-stream.ts';
export { steady } from '../terminal/steady.ts';

export interface World extends Streams {
  /** Calls back at each Ctrl-C. */
  onInterrupt?: (press: () => void) => void;
  /** Calls back with an error that nobody caught: it ends the command. */
  onCrash?: (crash: (error: unknown) => void) => void;
  /** Stands in for the choice of the cloud, in tests. */
  cloud?: Cloud;
}

/** Runs one command line (without `node` and the program's name). Returns the exit code; never throws. */
export async function main(argv: readonly string[], world: World): Promise<number> {
  const interrupt = new Interrupt();
  let exit: number = exitCodes.done;
  let opened: Terminal | undefined;
  const crashed = new Promise<never>((_resolve, reject) => world.onCrash?.(reject));
  crashed.catch(() => {});
  const act: Dispatch = run =>
    async function (...given) {
      const [{ Terminal }, { chooseCloud }] = await Promise.all([
        import('../terminal/terminal.ts'),
        import('./cloud.ts'),
      ]);
      const flags = globalFlagsOf(this);
      const terminal = new Terminal(world, flags, interrupt.signal);
      opened = terminal;
      world.onInterrupt?.(() => {
        const words = interrupt.press();
        if (words) terminal.warn(words);
      });
      const session = { flags, streams: world, terminal, interrupt, cloud: world.cloud ?? chooseCloud };
      const args = given.slice(0, -2).flat() as string[];
      exit =
        exitCodes[
          await Promise.race([
            withGiven(flags, () => run(session, this.opts<never>(), args)),
            interrupt.stopped,
            crashed,
          ])
        ];
    };
  const program = buildProgram(act, {
    out: text => world.stdout.write(shown(text)),
    err: text => world.stderr.write(shown(text)),
  });
  try {
    await program.parseAsync(argv.length === 0 ? ['--help'] : [...argv], { from: 'user' });
    return exit;
  } catch (error) {
    // Help and the version are thrown too, also help that was not asked for.
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.done;
    const { Terminal, problemOf } = await import('../terminal/terminal.ts');
    const problem = error instanceof CommanderError ? incomplete() : problemOf(error);
    (opened ?? new Terminal(world, writtenFlags(argv))).problem(problem);
    return exitCodes[problem.exit];
  }
}

const incomplete = () =>
  new Problem('usage', 'The command line is not complete: name a command from the list above.', { exit: 'usage' });

/** The flags about output as they were typed: also where the command line as a whole could not be read. */
function writtenFlags(argv: readonly string[]): TerminalFlags {
  return { json: argv.includes('--json'), verbose: argv.includes('--verbose'), color: !argv.includes('--no-color') };
}
