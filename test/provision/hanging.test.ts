import { expect, it } from 'vitest';
import type { Pipeline } from '../../src/provision/pipeline.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { shapeOf } from '../helpers/deaths.ts';
import { builtAws, everything, newProcess, pipelineOn, silent, simulatedAws } from '../helpers/simulated-stack.ts';

type Act = (pipeline: Pipeline) => Promise<unknown>;
const provision: Act = pipeline => pipeline.provision(silent);
const teardown: Act = pipeline => pipeline.teardown(silent, everything);

/**
 * Runs a command on an AWS that answers nothing from its nth call on. Gives how it ended, and how long after the first
 * silence, s.
 */
async function hanging(aws: Simulator, act: Act, nth: number, effect: 'hangs' | 'hangs after') {
  const before = aws.calls.length;
  let since: number | undefined;
  aws.fault = () => {
    if (aws.calls.length - before < nth) return undefined;
    since ??= aws.world.now();
    return effect;
  };
  const waits: number[] = [];
  const self = newProcess();
  const error = await pipelineOn(aws, {
    onWait: ({ seconds }) => waits.push(seconds),
    self: { ...self, isAlive: () => true },
  })
    .then(act)
    .then(
      () => undefined,
      (thrown: Error) => thrown,
    );
  aws.fault = () => undefined;
  return { error, seconds: (aws.world.now() - since!) / 1_000, waits };
}

it.each(
  [1, 2, 30, 70, 120].flatMap(nth => [
    [nth, 'hangs'],
    [nth, 'hangs after'],
  ]) as [number, 'hangs' | 'hangs after'][],
)(
  'provision, where AWS %# answers nothing from call %i on (%s), ends in two minutes with a sentence, and the next converges',
  async (nth, effect) => {
    const whole = await builtAws();
    const aws = simulatedAws();
    const { error, seconds, waits } = await hanging(aws, provision, nth, effect);
    expect(error).toMatchObject({
      code: 'aws-unreachable',
      message: expect.stringMatching(
        /^AWS does not answer: \w+:\w+ was asked (once|\d+ times) in \d+ s\. Check the network/,
      ),
    });
    expect(seconds).toBeLessThan(nth === 1 ? 30 : 120);
    expect(waits[0]).toBe(10);
    await provision(await pipelineOn(aws));
    expect(shapeOf(aws)).toEqual(shapeOf(whole));
  },
);

it.each([1, 30, 90])(
  'teardown, where AWS answers nothing from call %i on, ends in two minutes with a sentence, and the next leaves nothing',
  async nth => {
    const aws = await builtAws();
    const { error, seconds } = await hanging(aws, teardown, nth, 'hangs after');
    expect(error).toMatchObject({ code: 'aws-unreachable' });
    expect(seconds).toBeLessThan(nth === 1 ? 30 : 120);
    await teardown(await pipelineOn(aws));
    expect(shapeOf(aws)).toEqual([]);
  },
);

it.each([30, 70, 120])(
  'one answer that never comes, to call %i of a provision, changes nothing of how it ends',
  async nth => {
    const whole = await builtAws();
    const aws = simulatedAws();
    let calls = 0;
    aws.fault = () => (++calls === nth ? 'hangs after' : undefined);
    await provision(await pipelineOn(aws));
    expect(shapeOf(aws)).toEqual(shapeOf(whole));
  },
);

it.each([
  [30, 45],
  [70, 45],
  [120, 45],
])('Ctrl-C while AWS answers nothing from call %i on ends the run within %i s', async (nth, budget) => {
  const aws = simulatedAws();
  const stop = new AbortController();
  let pressedAt: number | undefined;
  const { clock } = aws.world;
  aws.fault = () => {
    if (aws.calls.length < nth) return undefined;
    if (pressedAt === undefined) {
      pressedAt = clock.elapsed() + 2_000;
      void clock.sleep(2_000).then(() => stop.abort());
    }
    return 'hangs after';
  };
  const error = await pipelineOn(aws, { signal: stop.signal })
    .then(provision)
    .catch(thrown => thrown);
  // The command line says `interrupted` of whatever failed after Ctrl-C.
  expect(error).toMatchObject({ code: expect.stringMatching(/^(interrupted|no-answer|aws-unreachable)$/) });
  expect((clock.elapsed() - pressedAt!) / 1_000).toBeLessThan(budget);
});
