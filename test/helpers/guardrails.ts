import type { GivenPolicy, Operator } from '../../src/simulator/authorization/operator.ts';

/** AWS's own examples of policies, as its user guides print them. */

const scp = (id: string) => `arn:aws:organizations::111122223333:policy/o-exampleorgid/service_control_policy/p-${id}`;

/** Organizations user guide, "Example SCPs: Amazon EC2", requiring IMDSv2. */
export const requireImdsV2: GivenPolicy = {
  arn: scp('imdsv2example'),
  Statement: [
    {
      Sid: 'RequireAllEc2RolesToUseV2',
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      Condition: { NumericLessThan: { 'ec2:RoleDelivery': '2.0' } },
    },
    {
      Sid: 'RequireImdsV2',
      Effect: 'Deny',
      Action: 'ec2:RunInstances',
      Resource: 'arn:aws:ec2:*:*:instance/*',
      Condition: { StringNotEquals: { 'ec2:MetadataHttpTokens': 'required' } },
    },
    {
      Sid: 'MaxImdsHopLimit',
      Effect: 'Deny',
      Action: 'ec2:RunInstances',
      Resource: 'arn:aws:ec2:*:*:instance/*',
      Condition: { NumericGreaterThan: { 'ec2:MetadataHttpPutResponseHopLimit': '3' } },
    },
  ],
};

/** Organizations user guide, "Deny access to AWS based on the requested Region". */
export const onlyRegions = (...regions: string[]): GivenPolicy => ({
  arn: scp('regionexample'),
  Statement: [
    {
      Sid: 'DenyAllOutsideEU',
      Effect: 'Deny',
      NotAction: [
        'a4b:*',
        'budgets:*',
        'iam:*',
        'kms:*',
        'organizations:*',
        's3:GetBucketLocation',
        's3:ListAllMyBuckets',
        'sts:*',
      ],
      Resource: '*',
      Condition: {
        StringNotEquals: { 'aws:RequestedRegion': regions },
        ArnNotLike: { 'aws:PrincipalARN': ['arn:aws:iam::*:role/Role1AllowedToBypassThisSCP'] },
      },
    },
  ],
});

/** Organizations user guide, "Example SCPs: Amazon EC2", requiring a type of instance. */
export const onlyTypes = (...types: string[]): GivenPolicy => ({
  arn: scp('typeexample'),
  Statement: [
    {
      Sid: 'RequireMicroInstanceType',
      Effect: 'Deny',
      Action: 'ec2:RunInstances',
      Resource: ['arn:aws:ec2:*:*:instance/*'],
      Condition: { StringNotEquals: { 'ec2:InstanceType': types } },
    },
  ],
});

/** A guardrail on a key that nobody knows before the call is made. */
export const onlyFromNetwork: GivenPolicy = {
  arn: scp('networkexample'),
  Statement: [
    {
      Sid: 'EnforceNetworkPerimeter',
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      Condition: { NotIpAddressIfExists: { 'aws:SourceIp': ['203.0.113.0/24'] } },
    },
  ],
};

/** IAM user guide, "AWS: Allows MFA-authenticated IAM users to manage their own credentials", its last statement. */
export const onlyWithMfa: GivenPolicy = {
  Statement: [
    { Effect: 'Allow', Action: '*', Resource: '*' },
    {
      Sid: 'DenyAllExceptListedIfNoMFA',
      Effect: 'Deny',
      NotAction: [
        'iam:CreateVirtualMFADevice',
        'iam:EnableMFADevice',
        'iam:GetUser',
        'iam:ListMFADevices',
        'sts:GetSessionToken',
      ],
      Resource: '*',
      Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } },
    },
  ],
};

/**
 * Operators whom AWS lets do all that the tool does, though a simulation of their policies without the keys of the
 * calls says no.
 */
export const guarded: Record<string, Omit<Operator, 'arn'>> = {
  'an SCP that requires IMDSv2': { serviceControl: [requireImdsV2] },
  'an SCP that allows some regions': { serviceControl: [onlyRegions('eu-west-1', 'eu-central-1')] },
  'an SCP that allows some types of instances': { serviceControl: [onlyTypes('t4g.micro', 't3.micro')] },
  'an SCP that asks where the call comes from': {
    serviceControl: [onlyFromNetwork],
    keys: { 'aws:SourceIp': '203.0.113.7' },
  },
  'a policy that wants a second factor': { policies: [onlyWithMfa], keys: { 'aws:MultiFactorAuthPresent': 'true' } },
};
