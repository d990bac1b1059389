import { describe, expect, it } from 'vitest';
import { inventory } from '../../src/simulator/inventory.ts';
import type { SimulatedCall, Simulator } from '../../src/simulator/simulator.ts';
import { VirtualClock } from '../../src/simulator/virtual-clock.ts';
import { shapeOf } from '../helpers/deaths.ts';
import {
  everything,
  newProcess,
  pipelineOn,
  silent,
  simulatedAws,
  smallArtifacts,
} from '../helpers/simulated-stack.ts';

const self = newProcess('shop', () => false);
const fork = (aws: Simulator) => aws.fork(new VirtualClock({ start: aws.world.now() }));

async function provision(aws: Simulator) {
  await (await pipelineOn(aws, { self })).provision(silent);
}
async function teardown(aws: Simulator) {
  await (await pipelineOn(aws, { self })).teardown(silent, everything);
}

/** Runs a command whose process dies at its nth changing call, and what `then` does at that instant. */
async function dieAt(
  aws: Simulator,
  nth: number,
  side: 'before' | 'after',
  command: (aws: Simulator) => Promise<void>,
  then: () => void,
) {
  let calls = 0;
  aws.fault = ({ mutating }) => (mutating && ++calls === nth ? `killed ${side}` : undefined);
  const died = new Promise<void>(resolve => {
    aws.onKill = () => {
      then();
      resolve();
    };
  });
  await Promise.race([died, command(aws)]);
  aws.fault = () => undefined;
  aws.restart();
}

/** One entry an attempt. Only when the parameters come to it does the copy differ if anything does. */
const logOf = (calls: readonly SimulatedCall[]) =>
  calls.map(({ service, operation, input, at, error }) => [at, service, operation, JSON.stringify(input), error]);

describe('a copy of the simulated AWS', () => {
  it.each([
    [5, 'before', 0],
    [30, 'after', 2_000],
    [60, 'before', 15_000],
    [70, 'after', 0],
  ] as const)(
    'goes on as the original does after a death at changing call %i, %s its effect, with a lag of %i ms',
    async (nth, side, lag) => {
      const aws = simulatedAws({ lag });
      let copy: Simulator | undefined;
      let died = 0;
      await dieAt(aws, nth, side, provision, () => {
        copy = fork(aws);
        died = aws.world.now();
      });
      for (const one of [aws, copy!]) {
        // What was under way in the copy has moved its time already.
        await one.world.clock.sleepUntil(died + 1_000);
        await provision(one);
        await teardown(one);
      }
      expect(logOf(copy!.calls)).toEqual(logOf(aws.calls));
      expect(inventory(copy!.world)).toEqual(inventory(aws.world));
      expect(shapeOf(aws)).toEqual([]);
    },
  );

  it('takes nothing from the original and gives nothing to it', async () => {
    const [aws, undisturbed] = [simulatedAws(), simulatedAws()];
    const copies: Simulator[] = [];
    const callsBefore: number[] = [];
    let effects = 0;
    aws.onEffect = () => {
      if (++effects % 40 !== 0) return;
      copies.push(fork(aws));
      expect(inventory(copies.at(-1)!.world)).toEqual(inventory(aws.world));
      callsBefore.push(aws.calls.length);
    };
    await provision(aws);
    await provision(undisturbed);
    expect(logOf(aws.calls)).toEqual(logOf(undisturbed.calls));
    expect(copies.length).toBeGreaterThan(5);
    const standing = inventory(aws.world);
    for (const [index, copy] of copies.entries()) {
      expect(copy.calls.length).toBe(callsBefore[index]);
      await provision(copy);
      expect(shapeOf(copy)).toEqual(shapeOf(undisturbed));
    }
    expect(inventory(aws.world)).toEqual(standing);
  });

  it('holds every kind of thing, the readers and their mail, the tokens, ids and quotas', async () => {
    const aws = simulatedAws();
    const pipeline = await pipelineOn(aws, { self });
    await pipeline.provision(silent);
    await pipeline.subscribe('email', ['ann@example.com']);
    await pipeline.probe(silent);
    aws.world.ec2.quotas.vpcs = 1;
    const copy = fork(aws);
    const { world } = copy;
    expect(world).not.toBe(aws.world);
    expect(world.sns.mailbox).toEqual(aws.world.sns.mailbox);
    expect(world.ec2.quotas).toEqual(aws.world.ec2.quotas);
    expect(world.iam).not.toBe(aws.world.iam);
    expect(world.iam.roles).toEqual(aws.world.iam.roles);
    world.sns.confirm('ann@example.com');
    const confirmed = (one: Simulator) =>
      [...one.world.sns.topics.values()].flatMap(topic => topic.subscriptions.map(one => one.confirmed));
    expect([confirmed(copy), confirmed(aws)]).toEqual([[true], [false]]);
    expect(world.newId('vpc')).toBe(aws.world.newId('vpc'));
    // The bytes of the code are not copied.
    const zipOf = (one: Simulator) => [...one.world.lambda.functions.values()][0]!.zip;
    expect(zipOf(copy)).toBe(zipOf(aws));
    expect(zipOf(aws)).toEqual(smallArtifacts.functionZip);
    // The function itself works in the copy, with its own clients.
    await expect((await pipelineOn(copy, { self })).probe(silent)).resolves.toHaveLength(3);
    await teardown(copy);
    expect(shapeOf(copy)).toEqual([]);
    expect(shapeOf(aws)).not.toEqual([]);
  });

  it('lets what was sent have its effect, at its instant, though nobody hears of it', async () => {
    const aws = simulatedAws();
    const sent = aws.answer('ec2', 'CreateVpc', { CidrBlock: '10.0.0.0/16' });
    const copy = fork(aws);
    expect(copy.world.ec2.vpcs.existing()).toEqual([]);
    await sent;
    await copy.world.clock.sleep(1_000);
    expect(copy.world.ec2.vpcs.existing()).toEqual(
      aws.world.ec2.vpcs.existing().map(vpc => expect.objectContaining({ id: vpc.id, createdAt: vpc.createdAt })),
    );
  });

  it('cannot be made while a function is at work, nor on a clock that shows another time', async () => {
    const aws = simulatedAws();
    await provision(aws);
    let refused = '';
    const probing = (await pipelineOn(aws, { self })).probe(silent);
    aws.world.lambda.running++;
    try {
      fork(aws);
    } catch (error) {
      refused = (error as Error).message;
    }
    aws.world.lambda.running--;
    expect(refused).toMatch(/function at work/);
    await probing;
    expect(() => aws.fork(new VirtualClock({ start: aws.world.now() + 1 }))).toThrow(/must show/);
  });
});
