import type { Modelled } from '../modelled.ts';

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
      'DeleteRole',
    ],
    what: 'Names are unique without regard to case, over all regions. Policies are read, with their conditions of equality, and refused when malformed; a permissions boundary is kept and bounds nothing. Other services know a new role only after some seconds. A role with policies, or in a profile, cannot go, nor for the lag after they were taken away.',
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
      'DeleteInstanceProfile',
    ],
    what: 'One role each. A profile with a role cannot go, nor for the lag after that was taken away.',
    source: 'API reference, AddRoleToInstanceProfile and DeleteInstanceProfile',
  },
  {
    operations: ['SimulatePrincipalPolicy'],
    what: "Each action with each resource, by the operator's policies and the given keys; a session's are those of its role.",
    source: 'API reference, SimulatePrincipalPolicy',
  },
];
