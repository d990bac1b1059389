import { describe, expect, it } from 'vitest';
import type { Simulator } from '../../../src/simulator/simulator.ts';
import { builtAws, everything, pipelineOn, silent, simulatedAws } from '../../helpers/simulated-stack.ts';

const Bucket = 'salesreport-salesreport-123456789012-eu-west-1';
const bucketOf = ({ world }: Simulator) => world.s3.buckets.get(Bucket);
const callsOf = ({ calls }: Simulator, operation: string) => calls.filter(call => call.operation === operation);

async function built(settings: object = {}) {
  const aws = await builtAws({ settings });
  const pipeline = await pipelineOn(aws, { settings });
  return { aws, pipeline };
}

/** Puts as many files under a prefix, of which each is a byte. */
async function fill(aws: Simulator, count: number, prefix = 'reports/'): Promise<void> {
  const keys = Array.from({ length: count }, (_, nth) => `${prefix}${nth}`);
  await Promise.all(keys.map(Key => aws.answer('s3', 'PutObject', { Bucket, Key, Body: 'x' })));
}

describe('the archive', () => {
  it('is made with its tags in one call, closed, over TLS only, with versions, and clears away below reports/ only', async () => {
    const { aws } = await built();
    const { tags, publicAccess, policy, versioning, lifecycle, ownership, encryption } = bucketOf(aws)!;
    expect(tags).toMatchObject({ 'salesreport:stack': 'salesreport', 'salesreport:resource': 'archive' });
    expect(Object.values(publicAccess)).toEqual([true, true, true, true]);
    expect({ versioning, ownership, encryption }).toEqual({
      versioning: 'Enabled',
      ownership: 'BucketOwnerEnforced',
      encryption: 'AES256',
    });
    expect(JSON.parse(policy!).Statement).toEqual([
      {
        Sid: 'TlsOnly',
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`],
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ]);
    expect(lifecycle.map(({ Filter }) => Filter)).toEqual([{ Prefix: 'reports/' }]);
    expect(lifecycle[0]).not.toHaveProperty('Expiration');
  });

  it('expects the owner of the account in every call', async () => {
    const { aws, pipeline } = await built();
    await fill(aws, 1);
    await pipeline.teardown(silent, everything);
    const own = aws.calls.filter(
      ({ service, operation }) => service === 's3' && !['CreateBucket', 'PutObject'].includes(operation),
    );
    expect(own.length).toBeGreaterThan(10);
    expect(own.filter(({ input }) => !('ExpectedBucketOwner' in input))).toEqual([]);
  });

  it('of the first region names no location', async () => {
    const aws = simulatedAws({ region: 'us-east-1' });
    const { outcomes } = await (await pipelineOn(aws)).provision(silent);
    expect(outcomes.find(({ id }) => id === 'archive')).toMatchObject({ outcome: 'created' });
  });

  it('lets reports go after as many days as the settings say, and keeps them again', async () => {
    const { aws } = await built();
    const change = async (settings: object) => {
      const pipeline = await pipelineOn(aws, { settings });
      const { changes } = await pipeline.plan();
      await pipeline.provision(silent);
      expect((await pipeline.plan()).changes).toEqual([]);
      return changes.flatMap(({ id, differences }) =>
        differences.map(({ what, wanted }) => `${id}: ${what}: ${wanted}`),
      );
    };
    expect(await change({ archive: { keepDays: 400 } })).toEqual(['archive: lifecycle: reports go after 400 days']);
    expect(bucketOf(aws)!.lifecycle[0]!.Expiration).toEqual({ Days: 400 });
    expect(await change({})).toEqual(['archive: lifecycle: reports stay']);
    expect(bucketOf(aws)!.lifecycle[0]).not.toHaveProperty('Expiration');
  });

  it('that is of another account is refused before any change', async () => {
    const aws = simulatedAws();
    aws.world.s3.add({ name: Bucket, owner: '999999999999', region: 'eu-west-1', createdAt: 0 });
    await expect((await pipelineOn(aws)).plan()).rejects.toMatchObject({
      code: 'name-taken',
      message: expect.stringContaining('it is of another account or region'),
    });
    expect(aws.calls.some(({ mutating }) => mutating)).toBe(false);
  });

  it('that has no tags of ours is refused, and a teardown leaves it alone', async () => {
    const aws = simulatedAws();
    aws.world.s3.add({ name: Bucket, owner: aws.world.account, region: 'eu-west-1', createdAt: 0 });
    const pipeline = await pipelineOn(aws);
    await expect(pipeline.plan()).rejects.toMatchObject({ code: 'name-taken' });
    expect(await pipeline.teardown(silent, everything)).toMatchObject({ removed: [], kept: [], left: [] });
    expect(bucketOf(aws)).toBeDefined();
  });

  it('that is made while somebody else takes the name is not made', async () => {
    const aws = simulatedAws();
    aws.fault = ({ operation }) => {
      if (operation === 'CreateBucket' && !bucketOf(aws))
        aws.world.s3.add({ name: Bucket, owner: '999999999999', region: 'eu-west-1', createdAt: 0 });
      return undefined;
    };
    const { outcomes } = await (await pipelineOn(aws)).provision(silent);
    expect(outcomes.find(({ id }) => id === 'archive')).toMatchObject({
      outcome: 'failed',
      why: expect.stringContaining('is there already and is not ours'),
    });
    expect(outcomes.find(({ id }) => id === 'function')).toMatchObject({ outcome: 'skipped' });
  });
});

describe('a teardown', () => {
  it('keeps it, names it with what is in it and what it costs, and the next provision uses it again', async () => {
    const { aws, pipeline } = await built();
    await fill(aws, 3);
    const certificate = await pipeline.teardown(silent);
    expect(certificate).toMatchObject({ left: [] });
    expect(certificate.removed.map(({ id }) => id)).not.toContain('archive');
    expect(certificate.kept).toEqual([
      {
        id: 'archive',
        title: `Archive ${Bucket}`,
        awsId: Bucket,
        why: '4 objects, 59 bytes, less than $0.01 a month; kept for its reports: salesreport teardown --delete-archive removes it',
      },
    ]);
    expect(callsOf(aws, 'DeleteObjects')).toEqual([]);

    const { outcomes } = await pipeline.provision(silent);
    expect(outcomes.find(({ id }) => id === 'archive')).toMatchObject({ outcome: 'unchanged' });
    expect(outcomes.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
    expect(bucketOf(aws)!.versions).toHaveLength(4);
    expect((await pipeline.plan()).changes).toEqual([]);
  });

  it('says of one in which no report is that there is only the record of the settings in it', async () => {
    const { pipeline } = await built({ stack: 'dev' });
    expect((await pipeline.teardown(silent)).kept).toMatchObject([
      {
        why: expect.stringMatching(
          /^1 object, 56 bytes, less than \$0\.01 a month; kept for its reports: salesreport teardown .*--delete-archive removes it$/,
        ),
      },
    ]);
  });

  it('of everything empties it of all versions and markers, a thousand at a time, once the function is gone', async () => {
    const { aws, pipeline } = await built();
    await fill(aws, 1_200);
    await fill(aws, 3, 'ledger/');
    await fill(aws, 3, 'ledger/');
    await aws.answer('s3', 'DeleteObjects', { Bucket, Delete: { Objects: [{ Key: 'reports/0' }] } });
    const before = aws.calls.length;
    const { removed, kept, left } = await pipeline.teardown(silent, everything);
    expect({ kept, left }).toEqual({ kept: [], left: [] });
    expect(removed.find(({ id }) => id === 'archive')).toMatchObject({
      asked: `s3:HeadBucket ${Bucket}`,
      answer: 'NotFound',
    });
    expect(bucketOf(aws)).toBeUndefined();
    const emptying = callsOf({ calls: aws.calls.slice(before) } as Simulator, 'DeleteObjects');
    const sizes = emptying.map(({ input }) => (input as { Delete: { Objects: object[] } }).Delete.Objects.length);
    expect(sizes).toEqual([1_000, 208]);
    const [functionGone] = callsOf(aws, 'DeleteFunction');
    expect(emptying[0]!.at).toBeGreaterThan(functionGone!.at);
  });

  it('of everything is finished by the next one, where it stopped half-way through the objects', async () => {
    const { aws, pipeline } = await built();
    await fill(aws, 1_500);
    aws.fault = ({ operation }, nth) => (operation === 'DeleteObjects' && nth > 1 ? 'credentials expired' : undefined);
    expect((await pipeline.teardown(silent, everything)).left).toMatchObject([{ id: 'archive' }]);
    expect(bucketOf(aws)!.versions).toHaveLength(501);
    aws.fault = () => undefined;
    expect(await pipeline.teardown(silent, everything)).toMatchObject({ removed: [{ id: 'archive' }], left: [] });
  });

  it('names what S3 did not delete, though it answered well', async () => {
    const { aws, pipeline } = await built();
    await fill(aws, 1);
    const answer = aws.answer.bind(aws);
    aws.answer = async (service, operation, input) =>
      operation === 'DeleteObjects'
        ? { Errors: [{ Key: 'reports/0', Code: 'AccessDenied', Message: 'Access Denied' }] }
        : answer(service, operation, input);
    expect((await pipeline.teardown(silent, everything)).left).toMatchObject([
      { id: 'archive', why: expect.stringContaining('S3 did not delete reports/0 (AccessDenied: Access Denied)') },
    ]);
  });

  it('of everything can be followed by a provision at once, although the name is not free yet', async () => {
    const { pipeline } = await built();
    await pipeline.teardown(silent, everything);
    const { outcomes } = await pipeline.provision(silent);
    expect(outcomes.filter(({ outcome }) => outcome !== 'created')).toEqual([]);
  });
});
