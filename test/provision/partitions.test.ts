import { runSimulation } from '@cloud-copilot/iam-simulate';
import { describe, expect, it } from 'vitest';
import { policyFor } from '../../src/provision/policy/policy-for.ts';
import type { Verb } from '../../src/provision/policy/verbs.ts';
import { confirmationIn } from '../../src/provision/readers/confirm-reader.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { fireSchedule } from '../../src/simulator/trigger.ts';
import {
  everything,
  pipelineOn,
  settingsWith,
  silent,
  simulatedAws,
  smallArtifacts,
} from '../helpers/simulated-stack.ts';

const account = '123456789012';
const settings = { timezone: 'Europe/Berlin' };

const partitions = [
  {
    partition: 'aws-cn',
    region: 'cn-north-1',
    suffix: 'amazonaws.com.cn',
    ec2: 'ec2.amazonaws.com.cn',
    iamRegion: 'cn-north-1',
  },
  {
    partition: 'aws-us-gov',
    region: 'us-gov-east-1',
    suffix: 'amazonaws.com',
    ec2: 'ec2.amazonaws.com',
    iamRegion: 'us-gov-west-1',
  },
];

/** Every ARN in a value. */
const arnsIn = (value: unknown): string[] => JSON.stringify(value).match(/arn:aws[\w-]*:[^"\\\s]*/g) ?? [];

describe.each(partitions)('in $partition', ({ partition, region, suffix, ec2, iamRegion }) => {
  const session = `arn:${partition}:sts::${account}:assumed-role/deployer/ann`;
  const printed = (verb: Verb) =>
    policyFor({ verb, settings: settingsWith(settings), account, region, artifacts: smallArtifacts });
  const act = async <T>(
    aws: Simulator,
    verb: Verb,
    work: (pipeline: Awaited<ReturnType<typeof pipelineOn>>) => Promise<T>,
  ) => {
    aws.world.operator.policies = [printed(verb)];
    const before = aws.calls.length;
    const done = await work(await pipelineOn(aws, { settings }));
    const denied = aws.calls
      .slice(before)
      .filter(({ error }) => /AccessDenied|Unauthorized|AuthorizationError/.test(error ?? ''));
    // The path of the caller's own role is asked for where that is allowed.
    const others = denied.filter(({ input }) => (input as { RoleName?: string }).RoleName !== 'deployer');
    expect(others.map(({ operation }) => operation)).toEqual([]);
    return done;
  };

  it('a stack lives its whole life with nothing but the printed policies', async () => {
    const aws = simulatedAws({ region, operator: { arn: session } });
    const { world } = aws;
    const built = await act(aws, 'provision', async pipeline => {
      const done = await pipeline.provision(silent, { proves: true });
      return { ...done, hops: await pipeline.probe(silent) };
    });
    expect(built.outcomes.filter(({ outcome }) => outcome !== 'created' && outcome !== 'unchanged')).toEqual([]);
    expect(built).not.toHaveProperty('unchecked');
    expect(built.hops.filter(({ ok }) => !ok)).toEqual([]);

    await act(aws, 'subscribe', async pipeline => {
      await pipeline.subscribe('email', ['ann@example.com']);
      const link = world.sns.linkFor('ann@example.com');
      expect(link).toMatch(new RegExp(`^https://sns\\.${region}\\.${suffix.replaceAll('.', '\\.')}/`));
      expect(await pipeline.confirm(confirmationIn(link))).toMatchObject({ state: 'confirmed' });
    });
    expect(await act(aws, 'status', pipeline => pipeline.status())).toMatchObject({ healthy: true });
    expect((await act(aws, 'provision --dry-run', pipeline => pipeline.plan())).changes).toEqual([]);
    expect(await act(aws, 'sweep', pipeline => pipeline.sweep(silent))).toMatchObject({
      unseen: [],
      stacks: [{ state: 'standing' }],
    });

    const due = Date.UTC(2026, 10, 24, 15);
    await world.clock.sleep(Math.max(0, due - world.now()));
    const { schedule, group } = { schedule: 'salesAnalysisReportSchedule', group: 'salesAnalysisReport' };
    expect(await fireSchedule(world, group, schedule, due).catch((error: Error) => error.message)).toBe(
      'only the probe',
    );

    const foreign = arnsIn([...world.iam.roles.values(), [...world.lambda.functions.values()].map(({ arn }) => arn)]);
    expect(foreign.filter(arn => !arn.startsWith(`arn:${partition}:`))).toEqual([]);
    const certificate = await act(aws, 'teardown', pipeline => pipeline.teardown(silent, everything));
    expect(certificate).toMatchObject({ left: [] });
    expect(certificate).not.toHaveProperty('unchecked');
  });

  it('EC2 takes the roles of the hosts by the name that it has there', async () => {
    const aws = simulatedAws({ region });
    await (await pipelineOn(aws, { settings })).provision(silent);
    const trust = aws.world.iam.role('salesAnalysisReportDatabaseHostRole')!.trust;
    expect(JSON.parse(trust).Statement).toMatchObject([{ Principal: { Service: ec2 } }]);
    const passed = printed('provision').Statement.flatMap(({ Action, Condition }) =>
      [Action].flat().includes('iam:PassRole') ? [Condition?.StringEquals['iam:PassedToService']] : [],
    );
    expect(passed.sort()).toEqual([ec2, 'lambda.amazonaws.com', 'scheduler.amazonaws.com'].sort());
  });

  it('another evaluation of the printed policy allows what IAM is asked there', async () => {
    const request = {
      principal: `arn:${partition}:iam::${account}:user/ann`,
      action: 'iam:CreateRole',
      resource: { resource: `arn:${partition}:iam::${account}:role/salesAnalysisReportRole`, accountId: account },
      contextVariables: { 'aws:RequestedRegion': iamRegion },
    };
    const answer = await runSimulation(
      {
        request,
        identityPolicies: [{ name: 'printed', policy: printed('provision') }],
        serviceControlPolicies: [],
        resourceControlPolicies: [],
      },
      {},
    );
    expect(answer).toMatchObject({ resultType: 'single', overallResult: 'Allowed' });
  });
});

it('a stack in China whose hosts trust EC2 by its name elsewhere is mended in place', async () => {
  const aws = simulatedAws({ region: 'cn-north-1' });
  await (await pipelineOn(aws)).provision(silent);
  const role = aws.world.iam.role('salesAnalysisReportDatabaseHostRole')!;
  role.trust = role.trust.replace('ec2.amazonaws.com.cn', 'ec2.amazonaws.com');
  const { changes } = await (await pipelineOn(aws)).plan();
  expect(changes).toMatchObject([
    { id: 'role.database-host', action: 'update', operations: ['iam:UpdateAssumeRolePolicy'] },
  ]);
  await (await pipelineOn(aws)).provision(silent);
  expect(role.trust).toContain('ec2.amazonaws.com.cn');
});

it('no service but EC2 has a name of its own in China', async () => {
  const aws = simulatedAws({ region: 'cn-north-1' });
  const trust = (Service: string) =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }],
    });
  const create = (service: string) =>
    aws.answer('iam', 'CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: trust(service) });
  await expect(create('lambda.amazonaws.com.cn')).rejects.toThrow(
    'Invalid principal in policy: "SERVICE":"lambda.amazonaws.com.cn"',
  );
  await expect(create('ec2.amazonaws.com.cn')).resolves.toMatchObject({
    Role: { Arn: `arn:aws-cn:iam::${account}:role/r` },
  });
});
