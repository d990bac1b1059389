import { ask } from '../aws/ask.ts';
import { unlessNotFound } from '../aws/errors.ts';
import { listOf, recordOf } from '../aws/owner.ts';
import { ec2Principal } from '../aws/partition.ts';
import { canonicalJson, type PolicyDocument, policyChanges } from '../aws/policy-document.ts';
import type { Difference } from '../engine/outcome.ts';
import { type AwsResource, awsResource, type Stack } from '../stack.ts';
import { type Tagged, tagged } from './tagged.ts';

export interface RoleFound extends Tagged {
  arn: string;
  /** IAM's path of it, `/` by default. */
  path: string;
  /** IAM's own id: another one when a role is made anew under the same name. */
  roleId: string;
  /** ARN of its permissions boundary. */
  boundary?: string;
  trust: string;
  /** Inline policies by name, ours as canonical JSON. */
  policies: Record<string, string>;
  /** ARNs of attached managed policies: it needs none. */
  attached: string[];
}

export type RoleResource = AwsResource<RoleFound, Record<never, never>>;

/** IAM gives documents back URL-encoded and formatted as it likes: compare what they say. */
const canonical = (document: string): string => canonicalJson(JSON.parse(decodeURIComponent(document)));

/** Lets one AWS service assume a role; with `only`, where it does so for this resource of this account. */
const trustOf = (service: string, only?: { account: string; resource: string }): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: service },
      Action: 'sts:AssumeRole',
      ...(only
        ? { Condition: { StringEquals: { 'aws:SourceAccount': only.account, 'aws:SourceArn': only.resource } } }
        : {}),
    },
  ],
});

/** A role with one inline policy, trusted by one AWS service. */
export function role(
  stack: Stack,
  options: {
    id: string;
    title: string;
    name: string;
    service: string;
    /** The ARN of what the service must assume it for, where the service says that. */
    onlyFor?: string;
    policyName: string;
    policy: PolicyDocument;
    wanted?: boolean;
  },
): RoleResource {
  const { aws, owner, settings } = stack;
  const { id, title, name, service, onlyFor, policyName, policy, wanted = true } = options;
  const boundary = settings.iam.permissionsBoundary;
  const trust = JSON.stringify(
    trustOf(service, onlyFor === undefined ? undefined : { account: stack.account, resource: onlyFor }),
  );
  const resource = awsResource<RoleFound, Record<never, never>>({
    id,
    title,
    wanted,
    needs: {},
    operations: {
      create: ['iam:CreateRole', 'iam:PutRolePolicy'],
      update: [
        'iam:PutRolePolicy',
        'iam:DeleteRolePolicy',
        'iam:DetachRolePolicy',
        'iam:UpdateAssumeRolePolicy',
        'iam:PutRolePermissionsBoundary',
        'iam:DeleteRolePermissionsBoundary',
      ],
      remove: ['iam:DeleteRolePolicy', 'iam:DetachRolePolicy', 'iam:DeleteRole'],
    },
    // A host is refused its profile, not its role.
    ...(service === ec2Principal(stack.partition) ? {} : { durations: { create: ['role.assumable'] as const } }),

    async find(snapshot) {
      // What one may do that is not wanted makes no difference.
      const [answer, ours, list, managed] = await Promise.all([
        snapshot.find('iam:GetRole', { RoleName: name }),
        wanted ? snapshot.find('iam:GetRolePolicy', { RoleName: name, PolicyName: policyName }) : undefined,
        wanted ? snapshot.find('iam:ListRolePolicies', { RoleName: name }) : undefined,
        wanted ? snapshot.find('iam:ListAttachedRolePolicies', { RoleName: name }) : undefined,
      ]);
      if (!answer?.Role) return [];
      const {
        Arn = '',
        Path = '/',
        RoleId = '',
        AssumeRolePolicyDocument = '{}',
        PermissionsBoundary,
        Tags,
      } = answer.Role;
      const tags = recordOf(Tags);
      // What an added one says makes no difference.
      const others = (list?.PolicyNames ?? [])
        .filter(other => other !== policyName)
        .map(other => [other, 'added'] as const);
      return [
        {
          awsId: name,
          ...owner.of(tags),
          tags,
          arn: Arn,
          path: Path,
          roleId: RoleId,
          boundary: PermissionsBoundary?.PermissionsBoundaryArn,
          trust: canonical(AssumeRolePolicyDocument),
          policies: {
            ...(ours?.PolicyDocument ? { [policyName]: canonical(ours.PolicyDocument) } : {}),
            ...Object.fromEntries(others),
          },
          attached: (managed?.AttachedPolicies ?? []).map(({ PolicyArn = '' }) => PolicyArn),
        },
      ];
    },

    async create() {
      const { Role } = await aws.call('iam:CreateRole', {
        RoleName: name,
        Path: settings.iam.path,
        AssumeRolePolicyDocument: trust,
        Description: `salesreport: ${title}`,
        ...(boundary ? { PermissionsBoundary: boundary } : {}),
        Tags: listOf(owner.tags(id)),
      });
      return {
        awsId: name,
        ours: true,
        arn: Role!.Arn!,
        path: settings.iam.path,
        roleId: Role!.RoleId!,
        boundary,
        trust: canonical(trust),
        policies: {},
        attached: [],
      };
    },

    differences(found) {
      const differences: Difference[] = [];
      if (found.path !== settings.iam.path)
        differences.push({ what: 'path', is: found.path, wanted: settings.iam.path, how: 'replace' });
      if (found.trust !== canonical(trust))
        differences.push({
          what: 'who may assume it',
          is: 'changed',
          wanted: service,
          words:
            onlyFor !== undefined && found.trust === canonical(JSON.stringify(trustOf(service)))
              ? `${service} may assume it for anybody's schedules, and not only for ${onlyFor}`
              : `somebody else than ${service} may assume it, or in another way`,
          how: 'update',
          operations: ['iam:UpdateAssumeRolePolicy'],
        });
      if (found.boundary !== boundary)
        differences.push({
          what: 'permissions boundary',
          is: found.boundary ?? 'none',
          wanted: boundary ?? 'none',
          how: 'update',
          operations: [boundary === undefined ? 'iam:DeleteRolePermissionsBoundary' : 'iam:PutRolePermissionsBoundary'],
        });
      const is = found.policies[policyName];
      if (is !== canonical(JSON.stringify(policy)))
        differences.push({
          what: `policy ${policyName}`,
          is: is ? 'changed' : 'none',
          wanted: 'ours',
          ...(is ? { words: `policy ${policyName} ${policyChanges(JSON.parse(is), policy)}` } : {}),
          how: 'update',
          operations: ['iam:PutRolePolicy'],
        });
      for (const extra of Object.keys(found.policies).filter(other => other !== policyName))
        differences.push({
          what: `policy ${extra}`,
          is: 'added',
          wanted: 'none',
          words: `policy ${extra} was added`,
          how: 'update',
          operations: ['iam:DeleteRolePolicy'],
        });
      for (const managed of found.attached)
        differences.push({
          what: `managed policy ${managed.split('/').at(-1)}`,
          is: 'attached',
          wanted: 'none',
          words: `the managed policy ${managed.split('/').at(-1)} was attached`,
          how: 'update',
          operations: ['iam:DetachRolePolicy'],
        });
      return differences;
    },

    async update(found) {
      if (boundary !== undefined && found.boundary !== boundary)
        await aws.call('iam:PutRolePermissionsBoundary', { RoleName: name, PermissionsBoundary: boundary });
      if (boundary === undefined && found.boundary !== undefined)
        await unlessNotFound(aws.call('iam:DeleteRolePermissionsBoundary', { RoleName: name }));
      if (found.trust !== canonical(trust))
        await aws.call('iam:UpdateAssumeRolePolicy', { RoleName: name, PolicyDocument: trust });
      if (found.policies[policyName] !== canonical(JSON.stringify(policy)))
        await aws.call('iam:PutRolePolicy', {
          RoleName: name,
          PolicyName: policyName,
          PolicyDocument: JSON.stringify(policy),
        });
      for (const PolicyName of Object.keys(found.policies).filter(other => other !== policyName))
        await unlessNotFound(aws.call('iam:DeleteRolePolicy', { RoleName: name, PolicyName }));
      for (const PolicyArn of found.attached)
        await unlessNotFound(aws.call('iam:DetachRolePolicy', { RoleName: name, PolicyArn }));
    },

    async remove() {
      const [inline, attached] = await Promise.all([
        unlessNotFound(aws.call('iam:ListRolePolicies', { RoleName: name })),
        unlessNotFound(aws.call('iam:ListAttachedRolePolicies', { RoleName: name })),
      ]);
      for (const PolicyName of inline?.PolicyNames ?? [])
        await unlessNotFound(aws.call('iam:DeleteRolePolicy', { RoleName: name, PolicyName }));
      for (const { PolicyArn } of attached?.AttachedPolicies ?? [])
        await unlessNotFound(aws.call('iam:DetachRolePolicy', { RoleName: name, PolicyArn }));
      await unlessNotFound(aws.call('iam:DeleteRole', { RoleName: name }));
    },

    ask: () => ask(aws, 'iam:GetRole', { RoleName: name }, name, ({ Role }) => (Role ? 'there' : undefined)),
  });
  return tagged(
    stack,
    {
      operation: 'iam:TagRole',
      put: (_found, tags) => aws.call('iam:TagRole', { RoleName: name, Tags: listOf(tags) }),
      untag: {
        operation: 'iam:UntagRole',
        take: (_found, keys) => aws.call('iam:UntagRole', { RoleName: name, TagKeys: keys }),
      },
    },
    resource,
  );
}
