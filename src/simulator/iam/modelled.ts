import type { Modelled } from '../coverage.ts';

export const iamModelled: readonly Modelled[] = [
  {
    operations: [
      'CreateRole',
      'GetRole',
      'ListRoles',
      'UpdateAssumeRolePolicy',
      'PutRolePermissionsBoundary',
      'DeleteRolePermissionsBoundary',
      'PutRolePolicy',
      'GetRolePolicy',
      'ListRolePolicies',
      'DeleteRolePolicy',
      'ListAttachedRolePolicies',
      'DetachRolePolicy',
      'TagRole',
      'UntagRole',
      'DeleteRole',
    ],
    what: 'Names are unique without regard to case, over all regions. Policies are read, with every operator of conditions, and refused when malformed; the permissions boundary of a role is kept and bounds nothing. In China a trust policy may name `ec2.amazonaws.com.cn`, and no other service so. Other services know a new role only after some seconds. A role with policies, or in a profile, cannot go, nor for the lag after they were taken away.',
    source: 'API reference, DeleteRole; IAM user guide, "Troubleshoot IAM"; hashicorp/terraform#14707',
  },
  {
    operations: [
      'CreateInstanceProfile',
      'GetInstanceProfile',
      'ListInstanceProfiles',
      'AddRoleToInstanceProfile',
      'RemoveRoleFromInstanceProfile',
      'TagInstanceProfile',
      'UntagInstanceProfile',
      'DeleteInstanceProfile',
    ],
    what: 'One role each. A profile with a role cannot go, nor for the lag after that was taken away.',
    source: 'API reference, AddRoleToInstanceProfile and DeleteInstanceProfile',
  },
  {
    operations: ['SimulatePrincipalPolicy'],
    what: "One result for an action, the most restrictive one, with one below it for each resource, by the operator's policies, boundary and service control policies and nothing but the given keys; a session's are those of its role. What is missing are the keys of all policies but the service control policies, whatever the action.",
    source: 'API reference, SimulatePrincipalPolicy and EvaluationResult; boto3#3111',
  },
];
