import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startFaultyProxy } from './helpers/faulty-proxy.ts';
import { listingOf } from './helpers/listing.ts';
import { startMoto, wellAnswer } from './helpers/moto.ts';
import { own, ownSettings } from './helpers/own.ts';
import { startProgram } from './helpers/salesreport.ts';
import { namesOf, region, simulatedNames } from './helpers/same.ts';

const verbs = {
  provision: ['provision', '--yes'],
  teardown: ['teardown', '--delete-archive', '--confirm', 'salesreport'],
} as const;
type Verb = keyof typeof verbs;

/** A moto of its own, on which commands run whose calls are answered up to the nth, or all of them. */
async function startLife() {
  const moto = await own(startMoto());
  await moto.answerAlways(region, wellAnswer);
  const file = ownSettings();
  const before = await listingOf(moto.url, region);
  const start = async (verb: Verb, hangsFrom = Number.POSITIVE_INFINITY) => {
    const proxy = await own(
      startFaultyProxy(moto.url, (_call, log) => (log.length + 1 >= hangsFrom ? 'hangs' : undefined)),
    );
    const child = startProgram(proxy.url, [...verbs[verb], '--settings', file, '--json']);
    const ended = child.ended.then(({ exit, stdout }) => ({ exit, stdout, at: performance.now() }));
    return { proxy, pid: child.pid, ended };
  };
  return {
    start,
    async whole(verb: Verb): Promise<number> {
      const { proxy, ended } = await start(verb);
      const { exit, stdout } = await ended;
      expect(exit, stdout).toBe(0);
      return proxy.log.length;
    },
    async standing() {
      const known = new Set(before.map(({ id }) => id));
      return namesOf((await listingOf(moto.url, region)).filter(({ id }) => !known.has(id)));
    },
  };
}

/** How many calls a teardown makes, undisturbed. */
const callsOfTeardown = (async () => {
  const life = await startLife();
  await life.whole('provision');
  return life.whole('teardown');
})();

test.concurrent.each<[Verb, number | 'the last third']>([
  ['provision', 1],
  ['provision', 30],
  ['provision', 70],
  ['provision', 120],
  ['teardown', 1],
  ['teardown', 30],
  ['teardown', 'the last third'],
])(
  '%s, where AWS takes connections and answers nothing from call %s on, ends in time with a sentence, and the next converges',
  async (verb, from) => {
    const life = await startLife();
    if (verb === 'teardown') await life.whole('provision');
    const nth = from === 'the last third' ? Math.ceil(((await callsOfTeardown) * 2) / 3) : from;
    const { proxy, ended } = await life.start(verb, nth);
    const { exit, stdout, at } = await ended;
    const seconds = (at - proxy.hangingSince!) / 1_000;
    expect(stdout).toMatch(/^\{/);
    const document = JSON.parse(stdout);
    // biome-ignore lint/suspicious/noConsole: the measured times are what the run is read for.
    console.log(`${verb} from call ${nth}: ${seconds.toFixed(1)} s, exit ${exit}: ${document.error?.message}`);
    expect(exit).toBe(1);
    expect(document).toMatchObject({ ok: false, error: { code: 'aws-unreachable' } });
    expect(document.error.message).toMatch(/^AWS does not answer: \w+:\w+ was asked (once|\d+ times) in \d+ s\./);
    expect(seconds).toBeLessThan(nth === 1 ? 30 : 120);
    await life.whole(verb);
    expect(await life.standing()).toEqual(verb === 'provision' ? await simulatedNames({}) : []);
  },
  600_000,
);

test.concurrent.each([
  [1, 45],
  [2, 5],
])(
  'Ctrl-C, pressed %i times while AWS answers nothing, ends a provision within %i s',
  async (times, budget) => {
    const life = await startLife();
    const { proxy, pid, ended } = await life.start('provision', 70);
    while (proxy.hangingSince === undefined) await pause(100);
    await pause(2_000);
    const pressedAt = performance.now();
    for (let nth = 0; nth < times; nth++) {
      if (nth > 0) await pause(500);
      process.kill(pid, 'SIGINT');
    }
    const { exit, at } = await ended;
    const seconds = (at - pressedAt) / 1_000;
    // biome-ignore lint/suspicious/noConsole: the measured times are what the run is read for.
    console.log(`Ctrl-C, ${times} times: ${seconds.toFixed(1)} s, exit ${exit}`);
    expect(exit).toBe(130);
    expect(seconds).toBeLessThan(budget);
  },
  600_000,
);
