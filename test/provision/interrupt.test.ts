import { expect, it } from 'vitest';
import type { Pipeline } from '../../src/provision/pipeline.ts';
import { shapeOf } from '../helpers/deaths.ts';
import { sampled } from '../helpers/sampled.ts';
import { everything, pipelineOn, silent, simulatedAws } from '../helpers/simulated-stack.ts';

const acts: [verb: string, act: (pipeline: Pipeline) => Promise<unknown>][] = [
  ['provision', pipeline => pipeline.provision(silent)],
  ['teardown', pipeline => pipeline.teardown(silent, everything)],
];

it.each(
  sampled(
    acts.flatMap(([verb, act]) => [2, 20, 60, 110].map(seconds => [verb, seconds, act] as const)),
    3,
  ),
)(
  'T2: a %s that is told to stop after %i s begins no other call, waits for those under way, and leaves no lock that holds anybody up',
  async (verb, seconds, act) => {
    const whole = simulatedAws();
    await (await pipelineOn(whole)).provision(silent);

    const aws = simulatedAws();
    if (verb === 'teardown') await (await pipelineOn(aws)).provision(silent);
    const stop = new AbortController();
    const { clock } = aws.world;
    const pipeline = await pipelineOn(aws, { signal: stop.signal });
    const working = act(pipeline);
    const ended = working.then(
      () => undefined,
      (error: Error) => error,
    );
    await clock.sleep(seconds * 1_000);
    const calls = aws.calls.length;
    stop.abort();
    expect(await ended).toMatchObject({ code: 'interrupted' });
    const later = aws.calls.slice(calls).map(({ service, operation }) => `${service}:${operation}`);
    expect(
      later.filter(call => !['ssm:GetParametersByPath', 'ssm:DeleteParameter', 'ssm:PutParameter'].includes(call)),
    ).toEqual([]);
    // What is left of it holds nobody up: it records which free address is the stack's.
    const left = [...aws.world.ssm.parameters].filter(([name]) => name.includes('/lock/'));
    const records = left.map(([, { value }]) => JSON.parse(value));
    const addresses = aws.world.ec2.addresses.existing().map(({ id }) => id);
    for (const { unproved, free } of records)
      expect({ unproved, free }).toEqual({ unproved: true, free: { 'address.nat': addresses } });

    await act(await pipelineOn(aws));
    expect(shapeOf(aws)).toEqual(verb === 'teardown' ? [] : shapeOf(whole));
  },
);
