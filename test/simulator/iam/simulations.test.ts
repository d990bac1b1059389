import type { SimulatePrincipalPolicyCommandOutput as SimulatePrincipalPolicyResponse } from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import type { Operator } from '../../../src/simulator/authorization/operator.ts';
import { onlyRegions, onlyWithMfa, requireImdsV2 } from '../../helpers/guardrails.ts';
import { openAccount } from '../account.ts';

const PolicySourceArn = 'arn:aws:iam::123456789012:user/operator';
const instance = (id: string) => `arn:aws:ec2:eu-west-1:123456789012:instance/${id}`;

async function simulate(
  operator: Omit<Operator, 'arn'>,
  input: { ActionNames: string[]; ResourceArns?: string[] },
  keys: object = {},
) {
  const { simulator } = await openAccount({ operator: { arn: PolicySourceArn, ...operator } });
  const ContextEntries = Object.entries(keys).map(([ContextKeyName, value]) => ({
    ContextKeyName,
    ContextKeyType: 'string' as const,
    ContextKeyValues: [value as string],
  }));
  // The test asks, and not the operator, who may not.
  const question = { PolicySourceArn, ContextEntries, ...input };
  const answer = await simulator.answer('iam', 'SimulatePrincipalPolicy', question);
  const { EvaluationResults = [] } = answer as SimulatePrincipalPolicyResponse;
  return EvaluationResults;
}

const tagged = {
  Statement: [
    { Effect: 'Allow', Action: 'ec2:TerminateInstances', Resource: instance('i-1') },
    {
      Effect: 'Allow',
      Action: 'iam:PassRole',
      Resource: '*',
      Condition: { StringEquals: { 'iam:PassedToService': 'x' } },
    },
  ],
};

describe('SimulatePrincipalPolicy', () => {
  it('gives one result for an action, the most restrictive one, and one below it for each thing', async () => {
    const results = await simulate(
      { policies: [tagged] },
      { ActionNames: ['ec2:TerminateInstances', 'ec2:CreateVpc'], ResourceArns: [instance('i-1'), instance('i-2')] },
    );
    expect(results).toMatchObject([
      {
        EvalActionName: 'ec2:TerminateInstances',
        EvalResourceName: `arn:$\{Partition}:ec2:$\{Region}:$\{Account}:instance/$\{ResourceId}`,
        EvalDecision: 'implicitDeny',
        ResourceSpecificResults: [
          { EvalResourceName: instance('i-1'), EvalResourceDecision: 'allowed' },
          { EvalResourceName: instance('i-2'), EvalResourceDecision: 'implicitDeny' },
        ],
      },
      { EvalActionName: 'ec2:CreateVpc', EvalDecision: 'implicitDeny' },
    ]);
  });

  it('lacks every key of every policy of the principal, whatever the action', async () => {
    const [result] = await simulate(
      { policies: [tagged] },
      { ActionNames: ['ec2:CreateVpc'], ResourceArns: [instance('i-1')] },
    );
    expect(result).toMatchObject({
      MissingContextValues: ['iam:PassedToService'],
      ResourceSpecificResults: [{ MissingContextValues: ['iam:PassedToService'] }],
    });
  });

  it('looks at service control policies without the keys of the call, and does not say which those lack', async () => {
    const ask = { ActionNames: ['ec2:RunInstances'], ResourceArns: [instance('*')] };
    const [denied] = await simulate({ serviceControl: [requireImdsV2] }, ask);
    expect(denied).toMatchObject({
      EvalDecision: 'explicitDeny',
      MissingContextValues: [],
      OrganizationsDecisionDetail: { AllowedByOrganizations: false },
    });
    const [allowed] = await simulate({ serviceControl: [requireImdsV2] }, ask, {
      'ec2:MetadataHttpTokens': 'required',
    });
    expect(allowed).toMatchObject({
      EvalDecision: 'allowed',
      OrganizationsDecisionDetail: { AllowedByOrganizations: true },
    });
  });

  it('says whether the permissions boundary leaves it out', async () => {
    const boundary = { Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] };
    const [result] = await simulate({ boundary }, { ActionNames: ['ec2:CreateVpc'] });
    expect(result).toMatchObject({
      EvalDecision: 'implicitDeny',
      EvalResourceName: '*',
      PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: false },
    });
    expect(result).not.toHaveProperty('ResourceSpecificResults');
  });

  it('knows no session: what a second factor allows it denies', async () => {
    const operator = { policies: [onlyWithMfa], keys: { 'aws:MultiFactorAuthPresent': 'true' } };
    const [result] = await simulate(operator, { ActionNames: ['ec2:CreateVpc'] });
    expect(result).toMatchObject({ EvalDecision: 'explicitDeny' });
  });
});

describe('what a call is refused with', () => {
  const policy = {
    arn: 'arn:aws:iam::123456789012:policy/P',
    Statement: [{ Effect: 'Deny', Action: 'sns:*', Resource: '*' }],
  };
  const lacking = { Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] };
  it.each([
    [
      { serviceControl: [policy] },
      'with an explicit deny in a service control policy: arn:aws:iam::123456789012:policy/P',
    ],
    [
      { resourceControl: [policy] },
      'with an explicit deny in a resource control policy: arn:aws:iam::123456789012:policy/P',
    ],
    [{ boundary: policy }, 'with an explicit deny in a permissions boundary: arn:aws:iam::123456789012:policy/P'],
    [{ session: policy }, 'with an explicit deny in a session policy'],
    [{ endpoint: policy }, 'with an explicit deny in a VPC endpoint policy'],
    [{ policies: [policy] }, 'with an explicit deny in an identity-based policy: arn:aws:iam::123456789012:policy/P'],
    [{ serviceControl: [lacking] }, 'because no service control policy allows the sns:CreateTopic action'],
    [{ boundary: lacking }, 'because no permissions boundary allows the sns:CreateTopic action'],
    [{ session: lacking }, 'because no session policy allows the sns:CreateTopic action'],
    [{ endpoint: lacking }, 'because no VPC endpoint policy allows the sns:CreateTopic action'],
    [{ policies: [lacking] }, 'because no identity-based policy allows the sns:CreateTopic action'],
  ] satisfies [Omit<Operator, 'arn'>, string][])('says who denies it: %j', async (operator, words) => {
    const { refusal } = await openAccount({ operator: { arn: PolicySourceArn, ...operator } });
    expect(await refusal('sns:CreateTopic', { Name: 't' })).toBe(
      `AuthorizationErrorException: User: ${PolicySourceArn} is not authorized to perform: sns:CreateTopic on resource: arn:aws:sns:eu-west-1:123456789012:t ${words}`,
    );
  });

  it('a guardrail of regions lets IAM through, which is in another', async () => {
    const account = await openAccount({
      operator: { arn: PolicySourceArn, serviceControl: [onlyRegions('eu-central-1')] },
    });
    expect((await account.call('iam:ListRoles', {})).Roles).toEqual([]);
    expect(await account.refusal('ec2:DescribeVpcs', {})).toMatch(
      /is not authorized to perform: ec2:DescribeVpcs with an explicit deny/,
    );
  });

  it('the tags of a log group are refused by the name of its creation', async () => {
    const policies = [{ Statement: [{ Effect: 'Allow', NotAction: 'logs:TagResource', Resource: '*' }] }];
    const { refusal } = await openAccount({ operator: { arn: PolicySourceArn, policies } });
    expect(await refusal('logs:CreateLogGroup', { logGroupName: 'g', tags: { a: 'b' } })).toMatch(
      /is not authorized to perform: logs:CreateLogGroup .* because no identity-based policy allows the logs:CreateLogGroup action/,
    );
  });
});
