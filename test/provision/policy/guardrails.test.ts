import { afterEach, describe, expect, it, vi } from 'vitest';
import { Problem } from '../../../src/problem.ts';
import { policyFor } from '../../../src/provision/policy/policy-for.ts';
import type { Verb } from '../../../src/provision/policy/verbs.ts';
import type { GivenPolicy } from '../../../src/simulator/authorization/operator.ts';
import { AwsError } from '../../../src/simulator/aws-error.ts';
import type { Simulated } from '../../../src/simulator/service.ts';
import { type Simulator, services } from '../../../src/simulator/simulator.ts';
import { guarded, onlyFromNetwork, onlyTypes, onlyWithMfa, requireImdsV2 } from '../../helpers/guardrails.ts';
import {
  everything,
  pipelineOn,
  settingsWith,
  silent,
  simulatedAws,
  smallArtifacts,
} from '../../helpers/simulated-stack.ts';

const arn = 'arn:aws:iam::123456789012:user/operator';
const zoned = { timezone: 'Europe/Berlin' };

const printed = (verb: Verb, settings: object = zoned): GivenPolicy =>
  policyFor({
    verb,
    settings: settingsWith(settings),
    account: '123456789012',
    region: 'eu-west-1',
    artifacts: smallArtifacts,
  });

const changesOf = ({ calls }: Simulator) => calls.filter(({ mutating }) => mutating).length;
const questionsOf = ({ calls }: Simulator) => calls.filter(({ operation }) => operation === 'SimulatePrincipalPolicy');

/** What a provision comes to, or the Problem that stops it, and how many changes it made. */
async function provision(aws: Simulator, request: { skipPermissionCheck?: boolean } = {}, settings: object = zoned) {
  const before = changesOf(aws);
  const work = async () => (await pipelineOn(aws, { settings })).provision(silent, request);
  const result = await work().catch((error: unknown) => error);
  return { result, changes: changesOf(aws) - before };
}

const stopped = async (aws: Simulator): Promise<Problem> => {
  const { result, changes } = await provision(aws);
  expect(result).toBeInstanceOf(Problem);
  expect(changes).toBe(0);
  return result as Problem;
};

describe.each(Object.entries(guarded))('with %s', (_name, operator) => {
  it('what AWS allows is built and taken down, with one remark at most', async () => {
    const aws = simulatedAws({ operator: { arn, ...operator } });
    const { result } = await provision(aws);
    expect(result).toMatchObject({
      outcomes: expect.not.arrayContaining([expect.objectContaining({ outcome: 'failed' })]),
    });
    expect((result as { unchecked?: string[] }).unchecked?.length ?? 0).toBeLessThanOrEqual(1);
    const certificate = await (await pipelineOn(aws, { settings: zoned })).teardown(silent, everything);
    expect(certificate.left).toEqual([]);
    expect(certificate.unchecked?.length ?? 0).toBeLessThanOrEqual(1);
  });
});

describe('what is known of the calls before', () => {
  it.each([
    ['the metadata service', { serviceControl: [requireImdsV2] }],
    ['the type of the hosts', { serviceControl: [onlyTypes('t4g.micro')] }],
  ])('is said: %s leaves nothing open', async (_what, operator) => {
    const { result } = await provision(simulatedAws({ operator: { arn, ...operator } }));
    expect(result).not.toHaveProperty('unchecked');
  });

  it('is not all: what an organization asks besides is one remark', async () => {
    const aws = simulatedAws({
      operator: { arn, serviceControl: [onlyFromNetwork], keys: { 'aws:SourceIp': '203.0.113.7' } },
    });
    expect((await provision(aws)).result).toMatchObject({
      unchecked: [
        expect.stringMatching(
          /^Whether you may (\w+:\w+, ){3}\w+:\w+ and \d+ more shows only when it is called: IAM looks at the policies of your organization without all that the call says\.$/,
        ),
      ],
    });
  });
});

describe('what stops a run', () => {
  it('is what no policy allows, with the way round', async () => {
    const withoutCreate = (one: object) =>
      JSON.parse(JSON.stringify(one).replaceAll('"iam:CreateRole"', '"iam:GetUser"'));
    const policies = [{ Statement: printed('provision').Statement.map(withoutCreate) }];
    const { code, message } = await stopped(simulatedAws({ operator: { arn, policies } }));
    expect(code).toBe('not-permitted');
    expect(message).toMatch(/iam:CreateRole/);
    expect(message).toContain('--skip-permission-check');
    expect(message).not.toContain('${');
  });

  it('is a thing and not a form of its name', async () => {
    const all = { Effect: 'Allow', Action: '*', Resource: '*' };
    const policies = [{ Statement: [{ ...all, NotAction: 'lambda:PublishLayerVersion', Action: undefined }] }];
    const { message } = await stopped(simulatedAws({ operator: { arn, policies } }));
    expect(message).toMatch(
      /^You may not lambda:PublishLayerVersion on arn:aws:lambda:eu-west-1:123456789012:layer:mysql2Library: attach what/,
    );
  });

  it('is what a permissions boundary leaves out, which attaching a policy does not help', async () => {
    const boundary = {
      Statement: [{ Effect: 'Allow', NotAction: ['sns:*'], Resource: '*' }],
      arn: 'arn:aws:iam::123456789012:policy/Bound',
    };
    const { message } = await stopped(simulatedAws({ operator: { arn, boundary } }));
    expect(message).toMatch(
      /^You may not sns:\w+.*: your permissions boundary does not allow it\. Have the boundary changed/,
    );
    expect(message).not.toMatch(/attach what|salesreport policy/);
  });

  it('is what EC2 answers to a dry run: who denies it and by which policy', async () => {
    const denied = {
      arn: 'arn:aws:organizations::111122223333:policy/o-exampleorgid/service_control_policy/p-novpcs',
      Statement: [{ Effect: 'Deny', Action: 'ec2:CreateVpc', Resource: '*' }],
    };
    const { message, aws } = await stopped(simulatedAws({ operator: { arn, serviceControl: [denied] } }));
    expect(message).toMatch(
      /^You may not ec2:CreateVpc on arn:aws:ec2:eu-west-1:123456789012:vpc\/\*: a service control policy of your organization \(arn:aws:organizations::111122223333:policy\/o-exampleorgid\/service_control_policy\/p-novpcs\) denies it\. Ask whoever administers the organization/,
    );
    expect(message).not.toContain('attach');
    expect(aws).toMatchObject({ denial: { by: 'service control policy', isExplicit: true, policyArn: denied.arn } });
    expect(aws!.message.length).toBeLessThan(600);
    expect(aws!.encoded!.length).toBeGreaterThan(600);
  });

  it('is not what lacks a key that only the call has', async () => {
    const policies = [
      {
        Statement: [
          {
            Effect: 'Allow',
            Action: '*',
            Resource: '*',
            Condition: { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } },
          },
        ],
      },
    ];
    const aws = simulatedAws({ operator: { arn, policies, keys: { 'aws:SourceIp': '203.0.113.7' } } });
    expect((await provision(aws)).result).toMatchObject({
      unchecked: [expect.stringMatching(/shows only when it is called: your policies ask for aws:SourceIp\.$/)],
    });
  });
});

describe('--skip-permission-check', () => {
  it('asks nothing, and says so', async () => {
    const aws = simulatedAws({
      operator: { arn, policies: [onlyWithMfa], keys: { 'aws:MultiFactorAuthPresent': 'true' } },
    });
    const { result } = await provision(aws, { skipPermissionCheck: true });
    expect(result).toMatchObject({ unchecked: [expect.stringContaining('--skip-permission-check')] });
    const certificate = await (await pipelineOn(aws, { settings: zoned })).teardown(silent, {
      ...everything,
      skipPermissionCheck: true,
    });
    expect(certificate).toMatchObject({ left: [], unchecked: [expect.stringContaining('--skip-permission-check')] });
    expect(questionsOf(aws)).toEqual([]);
    expect(aws.calls.filter(({ input }) => (input as { DryRun?: boolean }).DryRun)).toEqual([]);
  });
});

describe('the questions', () => {
  it('are few, and never more than two at once', async () => {
    const aws = simulatedAws({ operator: { arn, policies: [printed('provision')] } });
    await provision(aws);
    const starts = questionsOf(aws).map(({ at }) => at);
    expect(starts.length).toBeLessThanOrEqual(25);
    // An answer takes 90 ms at least: three that begin within that would be three at once.
    const thirds = starts.slice(2).map((at, index) => at - starts[index]!);
    expect(Math.min(...thirds)).toBeGreaterThanOrEqual(90);
  });

  it('are asked apart where IAM does not look at them together', async () => {
    const policies = [{ Statement: [{ Effect: 'Allow', NotAction: 'lambda:PublishLayerVersion', Resource: '*' }] }];
    const aws = simulatedAws({ operator: { arn, policies } });
    aws.fault = ({ operation, input }) => {
      const { ActionNames = [] } = input as { ActionNames?: string[] };
      if (operation !== 'SimulatePrincipalPolicy' || ActionNames.length < 2) return undefined;
      const [first, ...others] = ActionNames;
      return new AwsError(
        'InvalidInputException',
        `Invalid Input Actions: [${first}] and [${others.join(',')}] require different authorization information.`,
      );
    };
    expect((await stopped(aws)).message).toMatch(/^You may not lambda:PublishLayerVersion on arn:aws:lambda:/);
  });
});

/**
 * One answer of AWS to everything that it is asked, in AWS's shape: the name of what was asked about stands only in the
 * results of each thing.
 */
const answering = (answer: { decision: string; missing?: string[]; organization?: boolean }) =>
  vi.spyOn(services.iam.SimulatePrincipalPolicy as Simulated<object, object>, 'run').mockImplementation(input => {
    const { ActionNames, ResourceArns } = input as { ActionNames: string[]; ResourceArns: string[] };
    const { decision, missing: MissingContextValues = [], organization } = answer;
    return {
      IsTruncated: false,
      EvaluationResults: ActionNames.map(EvalActionName => ({
        EvalActionName,
        EvalResourceName: `arn:$\{Partition}:ec2:$\{Region}:$\{Account}:instance/$\{InstanceId}`,
        EvalDecision: decision,
        MissingContextValues,
        ...(organization === undefined
          ? {}
          : { OrganizationsDecisionDetail: { AllowedByOrganizations: organization } }),
        ResourceSpecificResults: ResourceArns.map(EvalResourceName => ({
          EvalResourceName,
          EvalResourceDecision: decision,
          MissingContextValues,
        })),
      })),
    };
  });

describe('an answer of AWS', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it.each([
    [
      'an explicit denial that lacks nothing, as by the keys of a service control policy',
      { decision: 'explicitDeny', organization: false },
    ],
    ['an explicit denial, as by a policy that wants a second factor', { decision: 'explicitDeny' }],
    ['an implicit denial by the organization', { decision: 'implicitDeny', organization: false }],
    ['an implicit denial that lacks a key', { decision: 'implicitDeny', missing: ['aws:SourceIp'] }],
  ])('stops nobody, and is one remark: %s', async (_what, answer) => {
    answering(answer);
    const aws = simulatedAws();
    const { result } = await provision(aws);
    expect(result).toMatchObject({
      outcomes: expect.anything(),
      unchecked: [expect.stringContaining('shows only when it is called')],
    });
    const certificate = await (await pipelineOn(aws, { settings: zoned })).teardown(silent, everything);
    expect(certificate).toMatchObject({
      left: [],
      unchecked: [expect.stringContaining('shows only when it is called')],
    });
  });

  it.each([undefined, true])(
    'stops: an implicit denial that lacks nothing, where the organization says %s',
    async organization => {
      answering({ decision: 'implicitDeny', ...(organization === undefined ? {} : { organization }) });
      const { code, message } = await stopped(simulatedAws());
      expect(code).toBe('not-permitted');
      expect(message).not.toContain('$');
    },
  );
});
