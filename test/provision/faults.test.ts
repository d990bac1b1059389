import { describe, expect, it } from 'vitest';
import type { Progress } from '../../src/provision/engine/outcome.ts';
import type { Pipeline } from '../../src/provision/pipeline.ts';
import { AwsError } from '../../src/simulator/aws-error.ts';
import { inventory, isEnded } from '../../src/simulator/inventory.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { sampled } from '../helpers/sampled.ts';
import { everything, pipelineOn, silent, simulatedAws } from '../helpers/simulated-stack.ts';

const minute = 60_000;

const living = (aws: Simulator) => inventory(aws.world).filter(row => !isEnded(row));
const mutations = (aws: Simulator) =>
  aws.calls.filter(({ mutating, operation }) => mutating && operation !== 'Invoke').length;
const sent = (aws: Simulator, name: string) => aws.calls.filter(({ operation }) => operation === name);
const invalid = (message: string) => new AwsError('InvalidParameterValueException', message);

/** Provisions, and says what did not go well. */
const troubles = async (pipeline: Pipeline, progress: Progress = silent) =>
  (await pipeline.provision(progress)).outcomes.filter(({ outcome }) => outcome === 'failed' || outcome === 'skipped');

async function expectWhole(pipeline: Pipeline): Promise<void> {
  expect((await pipeline.plan()).changes).toEqual([]);
  expect((await pipeline.probe(silent)).filter(({ ok }) => !ok)).toEqual([]);
}

async function expectTracelessTeardown(aws: Simulator, pipeline: Pipeline): Promise<void> {
  expect((await pipeline.teardown(silent, everything)).left).toEqual([]);
  expect(living(aws)).toEqual([]);
}

/** Keeps what is said while a resource is waited for. */
function listening(): { progress: Progress; said: string[] } {
  const said: string[] = [];
  return { said, progress: { ...silent, waiting: (id, reason) => reason && said.push(`${id}: ${reason}`) } };
}

const built = async (options: Parameters<typeof simulatedAws>[0] = {}) => {
  const aws = simulatedAws(options);
  const pipeline = await pipelineOn(aws);
  expect(await troubles(pipeline)).toEqual([]);
  return { aws, pipeline };
};

describe('interfaces of the function', () => {
  const minutesHeld = [35, 0, 5, 21];

  /** From the instant at which the function has left its subnets, its interfaces stay `in-use` for so long. */
  const heldFor = (aws: Simulator, ms: number): (() => number | undefined) => {
    let since: number | undefined;
    aws.onEffect = ({ operation }, side) => {
      if (side === 'before') return;
      const released = aws.world.ec2.interfaces
        .existing()
        .filter(eni => eni.type === 'lambda' && eni.attachment!.until < Infinity);
      if (released.length === 0) return;
      since ??= aws.world.now();
      if (operation !== 'UpdateFunctionConfiguration' && operation !== 'DeleteFunction') return;
      for (const eni of released)
        Object.assign(eni, { goneAt: since + ms, attachment: { ...eni.attachment!, until: since + ms } });
    };
    return () => since;
  };

  it.each(sampled(minutesHeld, 3))(
    'T3: in use for %i minutes after it left are waited for, and nothing stays',
    async minutes => {
      const { aws, pipeline } = await built();
      const since = heldFor(aws, minutes * minute);
      await expectTracelessTeardown(aws, pipeline);
      expect((aws.world.now() - since()!) / minute).toBeGreaterThanOrEqual(minutes);
      expect((aws.world.now() - since()!) / minute).toBeLessThan(minutes + 5);
    },
  );

  it('T3: as slow as seen at worst are waited for, and nothing stays', async () => {
    const aws = simulatedAws({ profile: 'slow' });
    const pipeline = await pipelineOn(aws, { settings: { patience: { iam: 900 } } });
    expect(await troubles(pipeline)).toEqual([]);
    await expectTracelessTeardown(aws, pipeline);
  });

  /** Lists that have no interface of a function, for 8 s from the first that is asked after `isTime`. */
  const hide = (aws: Simulator, isTime: () => boolean) => {
    const { interfaces } = aws.world.ec2;
    const { listed } = interfaces;
    let lies = 0;
    let until: number | undefined;
    interfaces.listed = ids => {
      const rows = listed.call(interfaces, ids);
      if (isTime()) until ??= aws.world.now() + 8_000;
      const shown = rows.filter(({ type }) => type !== 'lambda');
      if (until === undefined || aws.world.now() >= until || shown.length === rows.length) return rows;
      lies++;
      if (ids?.length)
        throw new AwsError('InvalidNetworkInterfaceID.NotFound', `The networkInterface ID '${ids[0]}' does not exist`);
      return shown;
    };
    return () => lies;
  };

  it.each(sampled(minutesHeld, 3))(
    'T3: in use for %i minutes and hidden when the function left are not left',
    async minutes => {
      const { aws, pipeline } = await built();
      const since = heldFor(aws, minutes * minute);
      const lies = hide(aws, () => since() !== undefined);
      await expectTracelessTeardown(aws, pipeline);
      // Those that nobody holds may be gone before the first list.
      if (minutes > 0) expect(lies()).toBeGreaterThan(0);
    },
  );

  it.each(sampled(minutesHeld, 3))(
    'T3: in use for %i minutes and hidden when the teardown begins are not left',
    async minutes => {
      const { aws, pipeline } = await built();
      heldFor(aws, minutes * minute);
      const lies = hide(aws, () => true);
      await expectTracelessTeardown(aws, pipeline);
      expect(lies()).toBeGreaterThan(0);
    },
  );
});

describe('a role', () => {
  const refusals = {
    'cannot be assumed': 'The role defined for the function cannot be assumed by Lambda.',
    'may not make interfaces':
      'The provided execution role does not have permissions to call CreateNetworkInterface on EC2',
  };

  /** Refuses to make a function for so long after the first try; the `fails`th try answers a 500. */
  const unusableFor = (aws: Simulator, ms: number, message: string, fails?: number) => {
    let first: number | undefined;
    aws.fault = ({ operation, at }, nth) => {
      if (operation !== 'CreateFunction') return undefined;
      first ??= at;
      if (nth === fails) return 'error before';
      return at < first + ms ? invalid(message) : undefined;
    };
  };

  const cases = Object.entries(refusals).flatMap(([words, message]) =>
    [0, 10, 300].map(seconds => [words, seconds, message] as const),
  );

  it.each(sampled(cases, 4))('T4: that %s for %i s is waited for', async (_, seconds, message) => {
    const aws = simulatedAws();
    unusableFor(aws, seconds * 1_000, message);
    const pipeline = await pipelineOn(aws);
    expect(await troubles(pipeline)).toEqual([]);
    await expectWhole(pipeline);
  });

  it.each([10, 300])('T4: that is unusable for %i s, with a 500 in the middle, is waited for', async seconds => {
    const aws = simulatedAws();
    unusableFor(aws, seconds * 1_000, refusals['cannot be assumed'], 5);
    const pipeline = await pipelineOn(aws);
    expect(await troubles(pipeline)).toEqual([]);
    await expectWhole(pipeline);
    expect(aws.world.lambda.functions.size).toBe(1);
  });

  it('T4: and a profile that are unusable for 900 s are waited for as long as the settings say', async () => {
    const aws = simulatedAws({ profile: 'slow' });
    const pipeline = await pipelineOn(aws, { settings: { patience: { iam: 900 } } });
    const { progress, said } = listening();
    expect(await troubles(pipeline, progress)).toEqual([]);
    expect(said).toContainEqual(
      expect.stringMatching(/^function: IAM is making the new role known \(\d+ tries, up to 900 s\)$/),
    );
    expect(said).toContainEqual(
      expect.stringMatching(
        /^host\.database: IAM is making the new instance profile known \(\d+ tries, up to 900 s\)$/,
      ),
    );
    await expectWhole(pipeline);
  });

  it('T4: that is unusable for 900 s is said after 300 s, and a later run finishes', async () => {
    const aws = simulatedAws({ profile: 'slow' });
    const pipeline = await pipelineOn(aws);
    const advice = /\. IAM was waited for 300 s \(patience\.iam\): run the same command again to go on\.$/;
    const failed = await troubles(pipeline);
    expect(failed.find(({ id }) => id === 'function')).toMatchObject({
      outcome: 'failed',
      why: expect.stringMatching(advice),
    });
    const tries = sent(aws, 'CreateFunction').map(({ at }) => at);
    expect((tries.at(-1)! - tries[0]!) / 1_000).toBeCloseTo(301, -1);
    await aws.world.clock.sleep(10 * minute);
    expect(await troubles(pipeline)).toEqual([]);
    await expectWhole(pipeline);
  });
});

it.each(['RunInstances', 'CreateNatGateway'])(
  'T5: %s that answers 500 after it succeeded makes no second',
  async name => {
    const usual = await built();
    const aws = simulatedAws();
    const answered: number[] = [];
    aws.fault = ({ operation }, nth) => {
      if (operation !== name || nth > 2) return undefined;
      answered.push(nth);
      return 'error after';
    };
    const pipeline = await pipelineOn(aws);
    expect(await troubles(pipeline)).toEqual([]);
    expect(answered).toEqual([1, 2]);
    expect(living(aws).length).toBe(living(usual.aws).length);
    expect(aws.world.ec2.instances.existing().length).toBe(2);
    expect(aws.world.ec2.natGateways.existing().length).toBe(1);
    await expectWhole(pipeline);
    await expectTracelessTeardown(aws, pipeline);
  },
);

describe.each([
  ['AllocateAddress', 'DescribeAddresses'],
  ['CreateInternetGateway', 'DescribeInternetGateways'],
  ['CreateVpc', 'DescribeVpcs'],
  ['PublishLayerVersion', 'ListLayerVersions'],
])('%s whose answer was lost, and whose thing the run did not see before it ended', (create, list) => {
  const creates = (aws: Simulator) => sent(aws, create).filter(({ mutating }) => mutating);
  /** Ends a provision that never learned what its create made. */
  const endedUnknowing = async () => {
    const aws = simulatedAws();
    const pipeline = await pipelineOn(aws);
    aws.fault = ({ operation, mutating }) => {
      if (operation === create && mutating) return 'error after';
      return operation === list && creates(aws).length > 0 ? 'denied' : undefined;
    };
    await troubles(pipeline).catch(() => {});
    expect(creates(aws)).toHaveLength(1);
    aws.fault = () => undefined;
    return aws;
  };

  it('is found by the next provision, which makes no second one', async () => {
    const aws = await endedUnknowing();
    const next = await pipelineOn(aws);
    expect(await troubles(next)).toEqual([]);
    expect(creates(aws)).toHaveLength(1);
    await expectTracelessTeardown(aws, next);
  });

  it('is removed by a teardown, which leaves no lock', async () => {
    const aws = await endedUnknowing();
    await expectTracelessTeardown(aws, await pipelineOn(aws));
  });

  it('is recorded still after an unlock', async () => {
    const aws = await endedUnknowing();
    await (await pipelineOn(aws)).unlock(silent);
    const next = await pipelineOn(aws);
    expect(await troubles(next)).toEqual([]);
    await expectTracelessTeardown(aws, next);
  });
});

it('T6: ids and tags that are not known for 5 s are waited for, and the next run changes nothing', async () => {
  const { aws, pipeline } = await built({ lag: 5_000 });
  expect(aws.calls.some(({ error }) => /NotFound/.test(error ?? ''))).toBe(true);
  const before = mutations(aws);
  const { outcomes } = await pipeline.provision(silent);
  expect(outcomes.filter(({ outcome }) => outcome !== 'unchanged')).toEqual([]);
  expect(mutations(aws)).toBe(before);
  await expectTracelessTeardown(aws, pipeline);
});

it('T8: an address that the NAT gateway still holds is released in the end', async () => {
  const { aws, pipeline } = await built();
  const refusals = [
    new AwsError('AuthFailure', 'You do not have permission to access the specified resource.', 403),
    new AwsError('InvalidNetworkInterfaceID.NotFound', "The networkInterface ID 'eni-0a1' does not exist"),
  ];
  aws.fault = ({ operation, mutating }) => (operation === 'ReleaseAddress' && mutating ? refusals.shift() : undefined);
  await expectTracelessTeardown(aws, pipeline);
  const released = sent(aws, 'ReleaseAddress').filter(({ mutating }) => mutating);
  expect(released.map(({ error }) => error)).toEqual(['AuthFailure', 'InvalidNetworkInterfaceID.NotFound', undefined]);
});

describe('throttling', () => {
  it.each([
    ['RequestLimitExceeded', 'Request limit exceeded.', 503],
    ['Throttling', 'Rate exceeded', 400],
    ['ThrottlingException', 'Rate exceeded', 400],
  ])(
    'T15: as %s at the first tries of every call is waited out, and nothing is double',
    async (name, message, status) => {
      const usual = await built();
      const aws = simulatedAws();
      aws.fault = ({ operation }, nth) =>
        nth <= 3 && operation !== 'GetCallerIdentity' ? new AwsError(name, message, status) : undefined;
      const pipeline = await pipelineOn(aws);
      expect(await troubles(pipeline)).toEqual([]);
      expect(living(aws).length).toBe(living(usual.aws).length);
      await expectWhole(pipeline);
      await expectTracelessTeardown(aws, pipeline);
    },
  );

  it("T15: of EC2 in Lambda's words is waited out", async () => {
    const aws = simulatedAws();
    const words =
      'Lambda was not able to set up your function because its call was throttled by EC2: RequestLimitExceeded. Please retry later.';
    const isOfNetwork = (operation: string) =>
      operation === 'CreateFunction' || operation === 'UpdateFunctionConfiguration';
    aws.fault = ({ operation }, nth) => (isOfNetwork(operation) && nth <= 3 ? invalid(words) : undefined);
    const pipeline = await pipelineOn(aws);
    const { progress, said } = listening();
    expect(await troubles(pipeline, progress)).toEqual([]);
    expect(said).toContainEqual(
      expect.stringMatching(/^function: EC2 asks Lambda to slow down \(3 tries, up to 300 s\)$/),
    );
    await expectWhole(pipeline);
    await expectTracelessTeardown(aws, pipeline);
    expect(
      sent(aws, 'UpdateFunctionConfiguration').filter(({ error }) => error === 'InvalidParameterValueException').length,
    ).toBe(3);
  });
});
