import { Problem } from '../../src/problem.ts';
import type { Pipeline } from '../../src/provision/pipeline.ts';
import { draw } from '../../src/seeded-random.ts';
import type { Fault } from '../../src/simulator/fault.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { differenceOf, doubledIn, shapeOf } from '../helpers/deaths.ts';
import {
  everything,
  newProcess,
  pipelineOn,
  type StackOptions,
  silent,
  simulatedAws,
} from '../helpers/simulated-stack.ts';

/** What a life in the storm looked like, and what was wrong with it. */
export interface Life {
  seed: number;
  wrong: string[];
  /** One entry an attempt: two lives of one seed have the same. */
  calls: string[];
  faults: number;
  deaths: number;
}

/** The settings that a stack is changed to and back in its life: among them every kind of change. */
const changes: object[] = [
  {},
  { function: { memory: 512 } },
  { timezone: 'Europe/Berlin' },
  { hosts: { cli: false } },
  { network: { webPorts: false }, logs: { retentionDays: 90 } },
  { tags: { team: 'sales' } },
];

/**
 * How often the same command is typed until it has done its work: a call that is refused eight times in a row fails it.
 */
const tries = 6;

function luckOf(seed: number) {
  const drawn = (...key: (string | number)[]) => draw(seed, 'storm', ...key);
  const pick = <T>(list: readonly T[], ...key: (string | number)[]): T =>
    list[Math.floor(drawn(...key) * list.length)]!;
  return { drawn, pick };
}

/**
 * AWS by the seed: how late it shows what is new, and how fast it is; every fourth time as slow as it gets, with
 * settings that are patient enough for it.
 */
function awsOf(seed: number) {
  const { drawn, pick } = luckOf(seed);
  const profile = drawn('profile') < 0.25 ? 'slow' : 'typical';
  const aws = simulatedAws({ seed, profile, lag: pick([0, 2_000, 15_000], 'lag') });
  const patient = (settings: object): object =>
    profile === 'slow' ? { ...settings, patience: { iam: 900 } } : settings;
  return { aws, patient };
}

const shapes = new Map<string, Promise<string[]>>();

/** What stands after an undisturbed provision with these settings. */
function shapeWith(settings: object): Promise<string[]> {
  const key = JSON.stringify(settings);
  const known =
    shapes.get(key) ??
    (async () => {
      const aws = simulatedAws();
      await (await pipelineOn(aws, { settings })).provision(silent);
      return shapeOf(aws);
    })();
  shapes.set(key, known);
  return known;
}

/** How what stands differs from what an undisturbed provision makes. */
async function notAsWanted(aws: Simulator, what: string, settings: object): Promise<string[]> {
  return differenceOf(shapeOf(aws), await shapeWith(settings)).map(difference => `after ${what}: ${difference}`);
}

/** What goes wrong with an attempt, by a number in [0, 1): throttled every third time. */
function weather(luck: number): Fault | undefined {
  if (luck < 0.3) return 'throttled';
  if (luck < 0.33) return 'error before';
  if (luck < 0.36) return 'error after';
  return luck < 0.38 ? 'answer lost' : undefined;
}

/** Every client's module is loaded by it: that takes real time, in which a life's virtual time would run on. */
const loaded = (async () => {
  const pipeline = await pipelineOn(simulatedAws(), { settings: { timezone: 'Europe/Berlin' } });
  await pipeline.provision(silent);
  await pipeline.teardown(silent, everything);
})();

const isWhole = ({ outcomes }: Awaited<ReturnType<Pipeline['provision']>>) =>
  outcomes.every(({ outcome }) => outcome !== 'failed' && outcome !== 'skipped');

/**
 * One stack's life in bad weather: built, changed, taken down, while AWS throttles every third call, fails before and
 * after the effect, loses answers, shows what is new late, is at times as slow as it gets, and the tool's process dies
 * now and then. Everything is drawn from the seed.
 */
export async function stormyLife(seed: number): Promise<Life> {
  await loaded;
  const { drawn, pick } = luckOf(seed);
  const { aws, patient } = awsOf(seed);
  const life: Life = { seed, wrong: [], calls: [], faults: 0, deaths: 0 };
  let phase = 0;
  /** Runs a command, again where it died or failed, until it has done its work. */
  const insist = async (
    what: string,
    options: StackOptions,
    command: (pipeline: Pipeline) => Promise<boolean>,
  ): Promise<void> => {
    phase++;
    for (let attempt = 1; attempt <= tries; attempt++) {
      // It dies in one of three first attempts; what it sent before still arrives.
      const death =
        attempt <= 2 && drawn('dies', phase, attempt) < 0.33
          ? 1 + Math.floor(drawn('when', phase, attempt) * 80)
          : undefined;
      const side = drawn('side', phase, attempt) < 0.5 ? ('killed before' as const) : ('killed after' as const);
      let mutating = 0;
      aws.fault = (call, nth) => {
        if (call.mutating && ++mutating === death) {
          life.deaths++;
          return side;
        }
        const fault = weather(drawn('fault', call.service, call.operation, nth));
        if (fault) life.faults++;
        return fault;
      };
      const died = new Promise<'died'>(resolve => {
        aws.onKill = () => resolve('died');
      });
      const run = async () => command(await pipelineOn(aws, { ...options, self: newProcess('shop', () => false) }));
      const came = await Promise.race([died, run().catch((error: Error) => error)]);
      aws.restart();
      if (came === true) return;
      if (came instanceof Error && !(came instanceof Problem) && came.name === 'NotSimulated') throw came;
      if (attempt === tries)
        life.wrong.push(`${what} did not converge: ${came instanceof Error ? came.message : came}`);
    }
  };
  const stands = async (what: string, settings: object) => life.wrong.push(...(await notAsWanted(aws, what, settings)));

  const first = patient(pick(changes, 'first'));
  const then = patient(pick(changes, 'then'));
  await insist('provision', { settings: first }, async pipeline => isWhole(await pipeline.provision(silent)));
  await stands('provision', first);
  await insist('change', { settings: then }, async pipeline => isWhole(await pipeline.provision(silent)));
  await stands('change', then);
  await insist(
    'teardown',
    { settings: then },
    async pipeline => (await pipeline.teardown(silent, everything)).left.length === 0,
  );
  const left = shapeOf(aws);
  if (left.length > 0) life.wrong.push(`after teardown is left: ${left.join(', ')}`);
  life.calls = aws.calls.map(({ service, operation, at, error }) => `${at} ${service}:${operation} ${error ?? ''}`);
  return life;
}

/**
 * Two operators on two machines work on one stack, each at its own time with its own command; each may be suspended in
 * the middle for longer than the lock's lease. Afterwards a third one puts it right and takes it down. Nothing is ever
 * made twice.
 */
export async function twoOperators(seed: number): Promise<Life> {
  await loaded;
  const { drawn, pick } = luckOf(seed);
  const { aws, patient } = awsOf(seed);
  const { clock } = aws.world;
  const life: Life = { seed, wrong: [], calls: [], faults: 0, deaths: 0 };
  const settings = patient(pick(changes, 'settings'));
  const provision = async (pipeline: Pipeline) => void (await pipeline.provision(silent));
  const teardown = async (pipeline: Pipeline) => void (await pipeline.teardown(silent, everything));
  if (drawn('stands') < 0.5) await provision(await pipelineOn(aws, { settings: patient(pick(changes, 'before')) }));
  aws.fault = (call, nth) =>
    drawn('fault', call.service, call.operation, nth) < 0.03
      ? pick(['error after', 'answer lost', 'throttled'] as const, 'which', nth)
      : undefined;

  const operator = async (name: string) => {
    await clock.sleep(drawn(name, 'begins') * (drawn(name, 'begins soon') < 0.5 ? 5_000 : 200_000));
    // Half of the naps fall into the first seconds, in which what AWS would make twice is made.
    const asleep =
      clock.now() + drawn(name, 'falls asleep') * (drawn(name, 'falls asleep soon') < 0.5 ? 4_000 : 150_000);
    const nap =
      drawn(name, 'sleeps') < 0.7
        ? ([asleep, asleep + 20_000 + drawn(name, 'how long') * 400_000] as const)
        : undefined;
    const pipeline = await pipelineOn(aws, { settings, self: newProcess(name), nap });
    const act = drawn(name, 'removes') < 0.3 ? teardown : provision;
    await act(pipeline).catch((error: unknown) => {
      const isExpected = error instanceof Problem && ['locked', 'lock-lost', 'moved'].includes(error.code);
      if (!isExpected) life.wrong.push(`${name} ended with ${error}`);
    });
  };
  await Promise.all([operator('ann'), operator('bob')]);

  for (const doubled of doubledIn(shapeOf(aws), await shapeWith(settings))) life.wrong.push(`made twice: ${doubled}`);
  aws.fault = () => undefined;
  // A note that one of them left a moment ago is seen, and taken away, once AWS shows it.
  await clock.sleep(aws.world.lag);
  await provision(await pipelineOn(aws, { settings, self: newProcess('third') }));
  life.wrong.push(...(await notAsWanted(aws, 'the third provision', settings)));
  await teardown(await pipelineOn(aws, { settings, self: newProcess('third') }));
  const left = shapeOf(aws);
  if (left.length > 0) life.wrong.push(`after teardown is left: ${left.join(', ')}`);
  life.calls = aws.calls.map(({ service, operation, at, error }) => `${at} ${service}:${operation} ${error ?? ''}`);
  return life;
}

/** `3`, `1-50`: the seeds that the environment names; a few without. */
export const seeds: readonly number[] = (() => {
  const [first = 1, last = first] = (process.env.STORM || '1').split('-').map(Number);
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
})();

/** How to live the same lives again. */
export const namedSeeds = `STORM=${seeds[0]}-${seeds.at(-1)}`;

/** What went wrong in which life. */
export async function wrongIn(live: (seed: number) => Promise<Life>): Promise<string[]> {
  const wrong: string[] = [];
  for (const seed of seeds) {
    const { wrong: what } = await live(seed).catch((error: Error) => ({ wrong: [`it ended with ${error}`] }));
    wrong.push(...what.map(sentence => `STORM=${seed}: ${sentence}`));
  }
  return wrong;
}
