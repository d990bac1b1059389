import { draw } from '../../src/seeded-random.ts';
import { type Call, changesIn } from '../helpers/verbose-calls.ts';
import type { Ended, Limits, Tool } from './tool.ts';

/** How long the whole may take, and until when something else than the teardown may begin, minutes. */
export const limits = { whole: 90, building: 45 };

/** A resource that was made by one undisturbed process. */
export interface Made {
  title: string;
  /** s */
  seconds: number;
}

/** What a stack's life on AWS was like. */
export interface Life {
  /** Every call of every process, in order. */
  calls: Call[];
  made: Made[];
  /** s */
  teardownSeconds?: number;
  /** What was not as it must be, one sentence each. */
  wrong: string[];
}

export interface LifeOptions {
  stack: string;
  /** Draws at which changing call a process is killed. */
  seed: number;
  /** How many processes of a provision are killed, and whether one of the teardown is. */
  kills: number;
  certificate: string;
  say(line: string): void;
  /** Whether the person wants it to end. */
  isStopped(): boolean;
}

/** Fewer changing calls than a provision or a teardown makes: so every process that is to be killed is. */
const fewChanges = 40;

/**
 * A stack's life: built while its processes are killed, built again, verified, built without a change, and taken down,
 * which is killed once too. Whatever goes wrong, the teardown comes, three times if it must.
 */
export async function live(
  tool: Tool,
  { stack, seed, kills, certificate, say, isStopped }: LifeOptions,
): Promise<Life> {
  const start = Date.now();
  const at = (minutes: number) => start + minutes * 60_000;
  const life: Life = { calls: [], made: [], wrong: [] };
  const run = async (title: string, args: readonly string[], given: Limits): Promise<Ended> => {
    const ended = await tool([...args, '--stack', stack], given);
    life.calls.push(...ended.calls);
    const end = ended.signal ? `killed (${ended.signal})` : `exit ${ended.exit}`;
    say(
      `${title}: ${end} after ${ended.seconds.toFixed(0)} s, ${ended.calls.length} calls, ${changesIn(ended.calls).length} of them changing`,
    );
    return ended;
  };
  const killPoint = (...key: (string | number)[]) =>
    1 + Math.floor((draw(seed, ...key) * fewChanges) / Math.max(1, kills));
  const expectExit = (title: string, { exit, document, said }: Ended) => {
    if (exit !== 0) throw new Error(`${title} ended with exit ${exit}: ${document?.error?.message ?? said}`);
  };
  const building = async (title: string, args: readonly string[], killAfter?: number): Promise<Ended> => {
    if (isStopped()) throw new Error(`${title} was not begun, because of Ctrl-C.`);
    if (Date.now() > at(limits.building))
      throw new Error(`${title} was not begun: ${limits.building} minutes are over.`);
    return run(title, args, { until: at(limits.building), ...(killAfter ? { killAfter } : {}) });
  };

  try {
    for (let death = 1; death <= kills; death++) {
      const killAfter = killPoint('provision', death);
      await building(`provision, killed after ${killAfter} changes`, ['provision', '--yes'], killAfter);
    }
    const built = await building('provision', ['provision', '--yes']);
    expectExit('provision', built);
    life.made = built.document.outcomes.filter(({ outcome }: { outcome: string }) => outcome === 'created');

    const again = await building('provision again', ['provision', '--yes']);
    expectExit('provision again', again);
    for (const { operation } of changesIn(again.calls))
      life.wrong.push(`A provision without a change called ${operation}.`);

    expectExit('verify', await building('verify', ['verify']));
  } catch (error) {
    life.wrong.push((error as Error).message);
  }

  const teardown = [
    'teardown',
    '--delete-archive',
    '--delete-database',
    '--confirm',
    stack,
    '--certificate',
    certificate,
    '--force',
  ];
  const until = at(limits.whole);
  if (kills > 0) {
    const killAfter = killPoint('teardown');
    await run(`teardown, killed after ${killAfter} changes`, teardown, { until, killAfter });
  }
  for (let attempt = 1; attempt <= 3; attempt++) {
    const gone = await run('teardown', teardown, { until });
    life.teardownSeconds = gone.seconds;
    if (gone.exit === 0) break;
    if (attempt === 3 || Date.now() > until)
      life.wrong.push(`The teardown left something (exit ${gone.exit}): ${gone.said}`);
    if (Date.now() > until) break;
  }
  const { document: swept } = await run('sweep', ['sweep'], {});
  const own = swept?.stacks?.find((one: { stack: string }) => one.stack === stack);
  if (!swept?.stacks || swept.unseen.length > 0) life.wrong.push('sweep could not look at everything.');
  if (own) life.wrong.push(`sweep finds ${own.things.length} things of stack ${stack}: run ${own.removedBy}`);
  return life;
}
