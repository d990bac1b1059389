import { strToU8, zipSync } from 'fflate';
import { expect, it } from 'vitest';
import { AwsError } from '../../../src/simulator/aws-error.ts';
import { inventory, isEnded } from '../../../src/simulator/inventory.ts';
import type { Simulator } from '../../../src/simulator/simulator.ts';
import { builtAws, everything, pipelineOn, silent, simulatedAws } from '../../helpers/simulated-stack.ts';

const FunctionName = 'salesAnalysisReportDataExtractor';
const RoleName = 'salesAnalysisReportRole';
const functionOf = (aws: Simulator) => aws.world.lambda.functions.get(FunctionName)!;
const callsOf = (aws: Simulator, name: string) => aws.calls.filter(({ operation }) => operation === name).length;

async function built() {
  const aws = await builtAws();
  const pipeline = await pipelineOn(aws);
  return { aws, pipeline };
}

/** AWS answers one operation otherwise. */
function answerOtherwise(
  aws: Simulator,
  name: string,
  otherwise: (usual: () => Promise<object>) => Promise<object>,
): void {
  const answer = aws.answer.bind(aws);
  aws.answer = (service, operation, input) => {
    const usual = () => answer(service, operation, input);
    return operation === name ? otherwise(usual) : usual();
  };
}

it('one that failed is deleted as it is, and made anew', async () => {
  const { aws, pipeline } = await built();
  functionOf(aws).failure = 'The function could not be made.';
  const { resources } = await pipeline.status();
  expect(resources.find(({ id }) => id === 'function')).toMatchObject({
    state: 'failed',
    why: 'The function could not be made.',
  });
  const { changes } = await pipeline.plan();
  expect(changes.map(({ id, action }) => `${action} ${id}`)).toEqual([
    'replace function',
    'update schedule.rule',
    'update schedule.watch',
  ]);
  await pipeline.provision(silent);
  expect(callsOf(aws, 'UpdateFunctionConfiguration')).toBe(0);
  expect((await pipeline.plan()).changes).toEqual([]);
  functionOf(aws).failure = 'It failed again.';
  expect((await pipeline.teardown(silent, everything)).left).toEqual([]);
});

it.each(['ResourceConflictException', 'InvalidParameterValueException'])(
  'that may not leave its VPC (%s) is deleted all the same',
  async name => {
    const { aws, pipeline } = await built();
    answerOtherwise(aws, 'UpdateFunctionConfiguration', async () => {
      throw new AwsError(name, 'The function cannot be updated.');
    });
    expect((await pipeline.teardown(silent, everything)).left).toEqual([]);
    expect(inventory(aws.world).filter(row => !isEnded(row))).toEqual([]);
  },
);

it('whose update failed says why, and gets it again', async () => {
  const { aws } = await built();
  functionOf(aws).nextUpdateFails = 'We could not validate the permissions.';
  const pipeline = await pipelineOn(aws, { settings: { function: { memory: 512 } } });
  const { outcomes } = await pipeline.provision(silent);
  expect(outcomes.find(({ id }) => id === 'function')).toMatchObject({
    outcome: 'failed',
    why: expect.stringContaining('We could not validate the permissions.'),
  });
  const { resources, healthy } = await pipeline.status();
  expect(healthy).toBe(false);
  expect(resources.find(({ id }) => id === 'function')?.differences).toMatchObject([
    { what: 'last update', is: 'failed: We could not validate the permissions.' },
  ]);
  await pipeline.provision(silent);
  expect((await pipeline.plan()).changes).toEqual([]);
});

it('whose tags are withheld is not taken for a stranger', async () => {
  const { aws, pipeline } = await built();
  const TagsError = { ErrorCode: 'AccessDeniedException', Message: 'not authorized to perform: lambda:ListTags' };
  answerOtherwise(aws, 'GetFunction', async usual => ({ ...(await usual()), Tags: undefined, TagsError }));
  await expect(pipeline.plan()).rejects.toMatchObject({
    code: 'access-denied',
    message: expect.stringContaining('lambda:ListTags'),
  });
});

it('is made anew with its role, which its environment is locked to, and may be started by the rules again', async () => {
  const { aws, pipeline } = await built();
  await aws.answer('iam', 'DeleteRolePolicy', { RoleName, PolicyName: 'salesAnalysisReport' });
  await aws.answer('iam', 'DeleteRole', { RoleName });
  const { changes } = await pipeline.plan();
  expect(changes.map(({ id, action }) => `${action} ${id}`)).toEqual([
    'create role.function',
    'replace function',
    'update schedule.rule',
    'update schedule.watch',
  ]);
  await pipeline.provision(silent);
  expect((await pipeline.probe(silent)).every(({ ok }) => ok)).toBe(true);
  expect([...functionOf(aws).permissions.keys()].sort()).toEqual([
    'salesAnalysisReportSchedule',
    'salesAnalysisReportWatch',
  ]);
  expect((await pipeline.plan()).changes).toEqual([]);
});

it('that somebody gave its role anew by hand is seen', async () => {
  const { aws, pipeline } = await built();
  aws.world.iam.role(RoleName)!.id = 'AROAANEW';
  await expect(pipeline.probe(silent)).rejects.toMatchObject({
    code: 'not-started',
    aws: { name: 'KMSAccessDeniedException' },
  });
  expect((await pipeline.status()).healthy).toBe(false);
  await pipeline.provision(silent);
  expect((await pipeline.probe(silent)).every(({ ok }) => ok)).toBe(true);
});

it('moves to another processor with its code', async () => {
  const { aws } = await built();
  const pipeline = await pipelineOn(aws, { settings: { function: { architecture: 'x86_64' } } });
  const { changes } = await pipeline.plan();
  expect(changes).toMatchObject([
    { id: 'function', differences: [{ what: 'architecture', is: 'arm64', wanted: 'x86_64' }] },
  ]);
  await pipeline.provision(silent);
  expect(functionOf(aws).architecture).toBe('x86_64');
  expect((await pipeline.plan()).changes).toEqual([]);
});

const secretReader = `
const { GetParameterCommand } = require('@aws-sdk/client-ssm');
exports.createHandler = ({ clients, environment }) => async () => {
  const asked = clients.ssm.send(new GetParameterCommand({ Name: environment.DB_PASSWORD_PARAMETER, WithDecryption: true }));
  const hop = await asked.then(() => ({ ok: true }), error => ({ ok: false, detail: error.name + ': ' + error.message }));
  return { ok: hop.ok, hops: [{ hop: 'secret', ms: 1, ...hop }] };
};
exports.handler = () => {};`;

it("reads a parameter that is encrypted with the user's own key", async () => {
  const aws = simulatedAws();
  const Name = '/shop/password';
  const KeyId = `arn:aws:kms:eu-west-1:${aws.world.account}:key/1234abcd`;
  await aws.answer('ssm', 'PutParameter', { Name, Type: 'SecureString', Value: 'of-the-shop', KeyId });
  const pipeline = await pipelineOn(aws, {
    settings: { database: { host: 'db.example.com', name: 'shop', user: 'reporter', passwordParameter: Name } },
    artifacts: {
      functionZip: zipSync({ 'index.js': strToU8(secretReader) }),
      layerZip: zipSync({ 'nodejs/node_modules/mysql2/package.json': strToU8('{}') }),
    },
  });
  await pipeline.provision(silent);
  expect(await pipeline.probe(silent)).toEqual([{ hop: 'secret', ok: true, ms: 1 }]);
  const policies = aws.world.iam.role(RoleName)!.policies.get('salesAnalysisReport')!;
  policies.document = policies.document.replace('kms:Decrypt', 'kms:Encrypt');
  expect(await pipeline.probe(silent)).toMatchObject([
    { ok: false, detail: expect.stringMatching(/^AccessDeniedException: .*master key/) },
  ]);
});
