import { runSimulation } from '@cloud-copilot/iam-simulate';
import { beforeAll, describe, expect, it } from 'vitest';
import type { FunctionEvent, ProbeAnswer } from '../../../src/function-contract.ts';
import { loadArtifacts } from '../../../src/provision/artifacts.ts';
import { sampleSource } from '../../../src/report/sources/sample.ts';
import type { AuthorizationRequest } from '../../../src/simulator/authorization/request.ts';
import { listed, matches, type Statement } from '../../../src/simulator/iam/policy.ts';
import type { Simulator } from '../../../src/simulator/simulator.ts';
import { fire, fireSchedule } from '../../../src/simulator/trigger.ts';
import { VirtualClock } from '../../../src/simulator/virtual-clock.ts';
import { pipelineOn, silent, simulatedAws } from '../../helpers/simulated-stack.ts';
import { interfaceActions } from '../../simulator/lambda/extractor.ts';

const FunctionName = 'salesAnalysisReportDataExtractor';
const functionRole = 'salesAnalysisReportRole';
const databaseRole = 'salesAnalysisReportDatabaseHostRole';
const cliRole = 'salesAnalysisReportCliHostRole';
const schedulerRole = 'salesAnalysisReportSchedulerRole';
const key = 'arn:aws:kms:eu-west-1:123456789012:key/0f0e';

/**
 * A shop of one's own whose password is encrypted with a key of one's own, in a time zone: what the default settings do
 * not need.
 */
const own = {
  timezone: 'Europe/Berlin',
  database: { host: 'db.example.com', name: 'shop', user: 'reporter', passwordParameter: '/till/password' },
};
const scenes = { 'the default settings': {}, 'a shop of your own': own };
type Scene = keyof typeof scenes;

type Requests = Map<string, AuthorizationRequest>;
/** What each role was asked for while everything was done that is ever done with it, by scene. */
const asked = new Map<Scene, Map<string, Requests>>();
const standing = new Map<Scene, Simulator>();

async function build(scene: Scene): Promise<void> {
  const functionSource = () => ({ ...sampleSource, kind: 'database' as const });
  const aws = simulatedAws({ functionSource });
  const parameter = { Name: '/till/password', Type: 'SecureString', Value: 'Till-0f-the-shop', KeyId: key };
  if (scene === 'a shop of your own') await aws.answer('ssm', 'PutParameter', parameter);
  const byRole = new Map<string, Requests>();
  asked.set(scene, byRole);
  aws.world.onRoleAsked = (role, request) => {
    const requests: Requests = byRole.get(role) ?? new Map();
    byRole.set(role, requests.set(JSON.stringify(request), request));
  };
  const pipeline = await pipelineOn(aws, { settings: scenes[scene], artifacts: await loadArtifacts() });
  await pipeline.provision(silent, { proves: true });
  standing.set(scene, copyOf(aws));
  for (const act of Object.keys(acts) as Act[]) expect([act, await failuresOf(act, aws, scene)]).toEqual([act, []]);
  await pipeline.teardown(silent, { deleteArchive: true, deleteDatabase: true });
}

const copyOf = (aws: Simulator): Simulator => aws.fork(new VirtualClock({ start: aws.world.now() }));

const due = Date.UTC(2026, 10, 24, 16);

/** What the roles are for. Each gives what failed, with its reason. */
const acts = {
  async probe(aws: Simulator, scene: Scene) {
    const { hops } = (await invoke(aws, scene, { probe: true })) as ProbeAnswer;
    return hops.filter(({ ok }) => !ok).map(({ hop, detail }) => `${hop}: ${detail}`);
  },
  async schedule({ world }: Simulator, scene: Scene) {
    await world.clock.sleep(Math.max(0, due - world.now()));
    const isStarted =
      scene === 'the default settings'
        ? (await fire(world, 'salesAnalysisReportSchedule', due)) === 1
        : await fireSchedule(world, 'salesAnalysisReport', 'salesAnalysisReportSchedule', due);
    return isStarted ? [] : ['lambda:InvokeFunction was not allowed'];
  },
  async watch({ world }: Simulator) {
    await world.clock.sleep(Math.max(0, due + 900_000 - world.now()));
    await fire(world, 'salesAnalysisReportWatch', world.now());
    return [];
  },
  async backfill(aws: Simulator, scene: Scene) {
    await invoke(aws, scene, { backfill: { from: '2026-11-19T16:00:00Z', to: '2026-11-20T16:00:00Z' } });
    return [];
  },
  async resend(aws: Simulator, scene: Scene) {
    await invoke(aws, scene, { run: { resend: 'refund' } });
    return [];
  },
  async log({ world }: Simulator) {
    const { lines } = world.logs.groups.get(`/aws/lambda/${FunctionName}`)!;
    const before = lines.length;
    await fire(world, 'salesAnalysisReportWatch', world.now());
    return lines.length > before ? [] : ['nothing was written'];
  },
  async 'network interfaces'(aws: Simulator) {
    const { subnetIds: SubnetIds, groupIds: SecurityGroupIds } = aws.world.lambda.functions.get(FunctionName)!;
    await aws.answer('lambda', 'UpdateFunctionConfiguration', {
      FunctionName,
      VpcConfig: { SubnetIds, SecurityGroupIds },
    });
    return [];
  },
};
type Act = keyof typeof acts;

const invoke = async (aws: Simulator, scene: Scene, event: FunctionEvent) =>
  (await pipelineOn(aws, { settings: scenes[scene] })).invoke(event);

const failuresOf = (act: Act, aws: Simulator, scene: Scene): Promise<string[]> =>
  acts[act](aws, scene).catch((error: Error) => [error.message]);

beforeAll(async () => {
  for (const scene of Object.keys(scenes) as Scene[]) await build(scene);
}, 60_000);

/** The one inline policy of a role; it has nothing else. */
function statementsOf({ world }: Simulator, role: string): Statement[] {
  const { policies, attached } = world.iam.role(role)!;
  expect(attached.size).toBe(0);
  const [policy, ...others] = [...policies.values()];
  expect(others).toEqual([]);
  return (JSON.parse(policy!.document) as { Statement: Statement[] }).Statement;
}

/** What is allowed, one action on one resource each. */
const grantsOf = (statements: readonly Statement[]): (Statement & { Action: string; Resource: string })[] =>
  statements
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap(statement =>
      listed(statement.Action).flatMap(Action =>
        listed(statement.Resource).map(Resource => ({ ...statement, Action, Resource })),
      ),
    );

/** The stack with a role that lacks one action. */
async function lacking(scene: Scene, role: string, action: string): Promise<Simulator> {
  const aws = copyOf(standing.get(scene)!);
  const Statement = statementsOf(aws, role).flatMap(statement => {
    const Action =
      statement.Effect === 'Deny' ? listed(statement.Action) : listed(statement.Action).filter(one => one !== action);
    return Action.length > 0 ? [{ ...statement, Action }] : [];
  });
  const [PolicyName] = [...aws.world.iam.role(role)!.policies.keys()];
  const Nothing = [{ Effect: 'Allow', Action: 'sts:GetCallerIdentity', Resource: '*' }];
  await aws.answer('iam', 'PutRolePolicy', {
    RoleName: role,
    PolicyName,
    PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: Statement.length > 0 ? Statement : Nothing }),
  });
  await aws.world.clock.sleep(60_000);
  return aws;
}

const accountDecides = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::123456789012:root' }, Action: 'kms:*', Resource: '*' },
  ],
};

/** It does not know the keys of an encryption context, which the simulator's own evaluation holds the role to. */
const asItKnows = (statements: readonly object[]) =>
  JSON.parse(JSON.stringify(statements), (key, value) =>
    key.startsWith('kms:EncryptionContext:') ? undefined : value,
  );

/** What an evaluation of IAM's rules that is not the simulator's says. */
async function allows(
  statements: readonly object[],
  { action, resource, context }: AuthorizationRequest,
): Promise<boolean> {
  const answer = await runSimulation(
    {
      request: {
        principal: 'arn:aws:iam::123456789012:role/r',
        action,
        resource: { resource, accountId: '123456789012' },
        contextVariables: context,
      },
      identityPolicies: [{ name: 'role', policy: { Version: '2012-10-17', Statement: asItKnows(statements) } }],
      // A key lets in whom its own policy lets decide: that of a new one, the account's (KMS developer guide, "Default
      // key policy").
      ...(action.startsWith('kms:') ? { resourcePolicy: accountDecides } : {}),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
  if (answer.resultType === 'error') throw new Error(answer.errors.message);
  return answer.overallResult === 'Allowed';
}

/**
 * What SSM Agent does, on no particular resource (Systems Manager user guide, "Create a custom IAM role for Session
 * Manager").
 */
const agent: AuthorizationRequest[] = [
  'ssm:UpdateInstanceInformation',
  'ssmmessages:CreateControlChannel',
  'ssmmessages:CreateDataChannel',
  'ssmmessages:OpenControlChannel',
  'ssmmessages:OpenDataChannel',
].map(action => ({ action, resource: '*', context: {} }));

const requestsOf = (scene: Scene, role: string): AuthorizationRequest[] => [
  ...(asked.get(scene)!.get(role)?.values() ?? []),
  ...([databaseRole, cliRole].includes(role) ? agent : []),
];

const roles: [Scene, string][] = [
  ['the default settings', functionRole],
  ['the default settings', databaseRole],
  ['the default settings', cliRole],
  ['a shop of your own', functionRole],
  ['a shop of your own', schedulerRole],
];

describe.each(roles)('with %s, %s', (scene, role) => {
  it('may do all that is ever done with it, by another evaluation of its policy too', async () => {
    const statements = statementsOf(standing.get(scene)!, role);
    const requests = requestsOf(scene, role);
    const refused: string[] = [];
    for (const request of requests)
      if (!(await allows(statements, request))) refused.push(`${request.action} on ${request.resource}`);
    expect(requests.length).toBeGreaterThan(0);
    expect(refused).toEqual([]);
  });

  it('may do nothing that is never done with it: each action is used on each resource that it is allowed on', async () => {
    const unused: string[] = [];
    for (const grant of grantsOf(statementsOf(standing.get(scene)!, role))) {
      const candidates = requestsOf(scene, role).filter(
        ({ action, resource }) => action === grant.Action && matches(grant.Resource, resource),
      );
      const uses = await Promise.all(candidates.map(request => allows([grant], request)));
      if (!uses.includes(true)) unused.push(`${grant.Action} on ${grant.Resource}`);
    }
    expect(unused).toEqual([]);
  });
});

it('only the hosts and the function have roles, and with a shop of your own no host has one', () => {
  const names = (scene: Scene) => [...standing.get(scene)!.world.iam.roles.values()].map(({ name }) => name).sort();
  expect(names('the default settings')).toEqual([cliRole, databaseRole, functionRole].sort());
  expect(names('a shop of your own')).toEqual([functionRole, schedulerRole].sort());
});

/** What fails where an action is missing, and what it says. */
const needed: [Scene, string, string, Act, RegExp][] = [
  ['the default settings', functionRole, 'sns:Publish', 'probe', /^topic: .*sns:Publish/],
  ['the default settings', functionRole, 'sns:Publish', 'schedule', /sns:Publish/],
  ['the default settings', functionRole, 's3:GetObject', 'probe', /^archive: .*s3:GetObject/],
  ['the default settings', functionRole, 's3:GetObject', 'resend', /s3:GetObject/],
  ['the default settings', functionRole, 's3:PutObject', 'probe', /^archive: .*s3:PutObject/],
  ['the default settings', functionRole, 's3:PutObject', 'backfill', /s3:PutObject/],
  ['the default settings', functionRole, 's3:ListBucket', 'probe', /^archive: .*s3:ListBucket/],
  ['the default settings', functionRole, 's3:ListBucket', 'watch', /s3:ListBucket/],
  ['the default settings', functionRole, 'ssm:GetParameter', 'probe', /^secret: .*ssm:GetParameter/],
  ['the default settings', functionRole, 'ssm:GetParameter', 'schedule', /ssm:GetParameter/],
  ['the default settings', functionRole, 'logs:CreateLogStream', 'log', /nothing was written/],
  ['the default settings', functionRole, 'logs:PutLogEvents', 'log', /nothing was written/],
  ...interfaceActions.map((action): (typeof needed)[number] => [
    'the default settings',
    functionRole,
    action,
    'network interfaces',
    new RegExp(`call ${action.slice('ec2:'.length)} on EC2`),
  ]),
  ['a shop of your own', functionRole, 'kms:Decrypt', 'probe', /^secret: .*customer master key/],
  ['a shop of your own', schedulerRole, 'lambda:InvokeFunction', 'schedule', /lambda:InvokeFunction/],
];

it.each(needed)('with %s, %s without %s: %s says %s', async (scene, role, action, act, words) => {
  const failures = await failuresOf(act, await lacking(scene, role, action), scene);
  expect(failures).toContainEqual(expect.stringMatching(words));
});

it("without ssm:GetParameter the database host's set-up fails, and verify names the step", async () => {
  const aws = await lacking('the default settings', databaseRole, 'ssm:GetParameter');
  for (const host of aws.world.ec2.instances.existing()) delete host.database;
  const { hops } = await (await pipelineOn(aws)).verify(
    silent,
    Promise.resolve({ hop: 'last report', state: 'skipped' }),
  );
  expect(hops.filter(({ state }) => state === 'broken')).toMatchObject([
    { hop: 'set-up', why: expect.stringMatching(/secret/) },
  ]);
});

it('what hosts run calls AWS for nothing but the secret', () => {
  const called = standing
    .get('the default settings')!
    .world.ec2.instances.existing()
    .map(
      ({ userData = '' }) =>
        Buffer.from(userData, 'base64')
          .toString()
          .match(/\baws [\w-]+ [\w-]+/g) ?? [],
    );
  expect(called.flat()).toEqual(['aws ssm get-parameter']);
});

it("the function's own code may not use the permission for network interfaces", async () => {
  const statements = statementsOf(standing.get('the default settings')!, functionRole);
  const actions = requestsOf('the default settings', functionRole).filter(({ action }) => action.startsWith('ec2:'));
  const context = { 'lambda:SourceFunctionArn': `arn:aws:lambda:eu-west-1:123456789012:function:${FunctionName}` };
  const [denial] = statements.filter(({ Effect }) => Effect === 'Deny');
  for (const request of actions) {
    expect(await allows(statements, { ...request, context })).toBe(false);
    expect(
      await allows(
        statements.filter(one => one !== denial),
        { ...request, context },
      ),
    ).toBe(true);
  }
  expect(new Set(actions.map(({ action }) => action)).size).toBe(6);
});

it('no action of these roles is missing in that list', () => {
  const listedThere = new Set(needed.map(([, role, action]) => `${role} ${action}`));
  const all = roles.flatMap(([scene, role]) =>
    grantsOf(statementsOf(standing.get(scene)!, role)).map(({ Action }) => `${role} ${Action}`),
  );
  // The hosts' are the agent's, all of which AWS's own minimal policy has, and the secret, above.
  const ofHosts = (one: string) => one.startsWith(databaseRole) || one.startsWith(cliRole);
  expect([...new Set(all)].filter(one => !listedThere.has(one) && !ofHosts(one))).toEqual([]);
});
