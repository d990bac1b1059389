import { strToU8, zipSync } from 'fflate';
import { expect, it } from 'vitest';
import type { Hop } from '../../src/function-contract.ts';
import { AwsError } from '../../src/simulator/aws-error.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { pipelineOn, silent, simulatedAws, smallArtifacts } from '../helpers/simulated-stack.ts';

const refusal =
  'The function cannot publish (AuthorizationErrorException: User: arn:aws:sts::123456789012:assumed-role/r is not authorized to perform: SNS:Publish)';

/** A stack whose function answers a probe with these hops at this many ms since its first one. */
async function answering(hops: (elapsed: number) => Hop[]) {
  let first: number | undefined;
  const aws: Simulator = simulatedAws({
    functionSource: () => ({
      kind: 'sample',
      read: () => Promise.reject(new Error('nothing is read in this test')),
      probe: async () => {
        first ??= aws.world.now();
        return hops(aws.world.now() - first);
      },
      beyondSeed: () => Promise.reject(new Error('not asked in this test')),
      close: async () => {},
    }),
  });
  const pipeline = await pipelineOn(aws);
  await pipeline.provision(silent);
  const since = () => (aws.world.now() - first!) / 1_000;
  return { aws, pipeline, since };
}

it.each(['secret', 'topic'] as const)(
  'a permission for the %s that has not got through yet is waited for',
  async hop => {
    const { pipeline } = await answering(ms => [
      ms < 20_000 ? { hop, ok: false, ms: 1, detail: refusal } : { hop, ok: true, ms: 1 },
    ]);
    expect(await pipeline.probe(silent)).toEqual([{ hop, ok: true, ms: 1 }]);
  },
);

it('a permission that never comes is said after a minute, and another failure at once', async () => {
  const never = await answering(() => [{ hop: 'topic', ok: false, ms: 1, detail: refusal }]);
  expect(await never.pipeline.probe(silent)).toMatchObject([{ ok: false, detail: refusal }]);
  expect(never.since()).toBeGreaterThanOrEqual(60);
  expect(never.since()).toBeLessThan(75);
  const gone = await answering(() => [{ hop: 'secret', ok: false, ms: 1, detail: 'ParameterNotFound' }]);
  expect(await gone.pipeline.probe(silent)).toMatchObject([{ ok: false, detail: 'ParameterNotFound' }]);
  expect(gone.since()).toBeLessThan(5);
});

it.each([
  ['the latest output', 1, /the host says: (nothing yet|SALESREPORT .+)\)$/],
  ['any output', Infinity, /the host says: nothing that can be read: .+\)$/],
])('the hop is told where AWS does not give %s of the console', async (_what, refusals, told) => {
  const { aws, pipeline } = await answering(() => [{ hop: 'tcp', ok: false, ms: 1, detail: 'connect ECONNREFUSED' }]);
  aws.fault = ({ operation }, nth) => (operation === 'GetConsoleOutput' && nth <= refusals ? 'denied' : undefined);
  const [hop] = await pipeline.probe(silent);
  expect(hop?.detail).toMatch(/^connect ECONNREFUSED /);
  expect(hop?.detail).toMatch(told);
});

it.each(['error after', 'answer lost'] as const)(
  'one %s is no answer to a probe or to what the shop holds: it is asked again',
  async fault => {
    const { aws, pipeline } = await answering(() => [{ hop: 'secret', ok: true, ms: 1 }]);
    let lost = 0;
    aws.fault = ({ operation }) => (operation === 'Invoke' && lost++ === 0 ? fault : undefined);
    expect(await pipeline.probe(silent)).toMatchObject([{ ok: true }]);
    expect(lost).toBe(2);
  },
);

it.each([
  ['ResourceNotReadyException', 502],
  ['CodeArtifactUserPendingException', 429],
  ['ResourceConflictException', 409],
] as const)('a function that is not ready (%s) is waited for, also by a run', async (name, status) => {
  const { aws, pipeline } = await answering(() => []);
  let asked = 0;
  aws.fault = ({ operation }) =>
    operation === 'Invoke' && ++asked <= 5 ? new AwsError(name, 'not ready', status) : undefined;
  await expect(pipeline.invoke({ run: {} })).rejects.toMatchObject({ code: 'function-failed' });
  expect(asked).toBe(6);
});

it('a function that Lambda does not start is a sentence with what to do, after as long as it may take to get ready', async () => {
  const { aws, pipeline } = await answering(() => []);
  const refusedWith = async (name: string, message: string) => {
    aws.fault = ({ operation }) => (operation === 'Invoke' ? new AwsError(name, message, 502) : undefined);
    const start = aws.world.now();
    const error: Error = await pipeline.invoke({ run: {} }).then(
      () => new Error('it was started'),
      refusal => refusal,
    );
    return { message: error.message, seconds: (aws.world.now() - start) / 1_000 };
  };
  const does = 'Lambda does not start the function salesAnalysisReportDataExtractor';
  const waking = await refusedWith('ResourceNotReadyException', 'The function is inactive');
  expect(waking.message).toBe(
    `${does} (ResourceNotReadyException: The function is inactive). It was not ready within 300 s: run the same command again in a few minutes.`,
  );
  expect(waking.seconds).toBeGreaterThan(299);
  const broken = await refusedWith('KMSDisabledException', 'The key is disabled');
  expect(broken.message).toBe(
    `${does} (KMSDisabledException: The key is disabled). salesreport verify looks for what keeps it from starting.`,
  );
  expect(broken.seconds).toBeLessThan(60);
});

it.each([
  [{}, 'salesreport password set changes the stored password.'],
  [{ passwordParameter: '/shop/pw' }, 'the password is in /shop/pw, which salesreport never writes.'],
])(
  'a run whose login the database refuses says who is refused and what changes the password: %j',
  async (more, advice) => {
    const refused = 'The database at db.example.com refuses ann: check the user and the password';
    const functionZip = zipSync({
      'index.js': strToU8(
        `exports.createHandler = () => async () => { throw new Error('${refused}.'); }; exports.handler = () => {};`,
      ),
    });
    const settings = { database: { host: 'db.example.com', name: 'shop', user: 'ann', ...more } };
    const aws = simulatedAws();
    const pipeline = await pipelineOn(aws, { settings, artifacts: { ...smallArtifacts, functionZip } });
    await pipeline.provision(silent);
    await expect(pipeline.invoke({ run: {} })).rejects.toMatchObject({
      code: 'function-failed',
      message: `The function salesAnalysisReportDataExtractor failed: ${refused}; ${advice}`,
    });
  },
);

it('a lost answer to a run is a sentence, and the run is not asked for again', async () => {
  const { aws, pipeline } = await answering(() => []);
  aws.fault = ({ operation }) => (operation === 'Invoke' ? 'answer lost' : undefined);
  await expect(pipeline.invoke({ run: {} })).rejects.toMatchObject({ code: 'no-answer' });
  expect(aws.calls.filter(({ operation }) => operation === 'Invoke').length).toBe(1);
});

it.each(['null', '{}', '"hello"'])('a function that answers %s is not ours', async answer => {
  const functionZip = zipSync({
    'index.js': strToU8(`exports.createHandler = () => async () => (${answer}); exports.handler = () => {};`),
  });
  const pipeline = await pipelineOn(simulatedAws(), { artifacts: { ...smallArtifacts, functionZip } });
  await pipeline.provision(silent);
  await expect(pipeline.probe(silent)).rejects.toMatchObject({ code: 'foreign-function' });
});
