import type { NetworkInterface } from '@aws-sdk/client-ec2';
import { type Owner, recordOf, type TagList } from './owner.ts';

/** ` "Web Server 1"`, the name that a tag gives a thing; empty without one. */
export function nameIn(tags: TagList): string {
  const { Name } = recordOf(tags);
  return Name ? ` "${Name}"` : '';
}

/**
 * Whose a thing looks like, as a part of a sentence: `of this stack`, `of stack shop in eu-west-1`,
 * `which has no owner tags`.
 */
export function whoseWords(owner: Owner, tags: TagList): string {
  const { ours, owner: other = '' } = owner.of(recordOf(tags));
  return ours ? 'of this stack' : other.replace(/^it belongs to/, 'of').replace(/^it has/, 'which has');
}

/** The function for which Lambda made an interface: its description says so, `AWS Lambda VPC ENI-name-uuid`. */
export const functionOf = (description: string): string | undefined =>
  /^AWS Lambda VPC ENI-(.+)-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.exec(description)?.[1];

/** What has an interface. */
export interface Maker {
  /** `instance`, `load balancer`, …; with an article where there is no id. */
  kind: string;
  /** Its id, or its name where AWS says no id. Absent: AWS says neither. */
  id?: string;
}

/**
 * How AWS's services describe the interfaces that they make, with the id of what they make it for (EC2 user guide,
 * "Requester-managed network interfaces"; re:Post, "delete a network interface that AWS created";
 * terraform-provider-aws, which finds them by it).
 */
const made: readonly [RegExp, string][] = [
  [/^Interface for NAT Gateway (nat-\w+)/, 'NAT gateway'],
  [/^VPC Endpoint Interface (vpce-\w+)/, 'endpoint'],
  [/^ELB (\S+)/, 'load balancer'],
  [/^EFS mount target for (fs-\w+)/, 'EFS file system'],
  [/^Network Interface for Transit Gateway Attachment (tgw-attach-\w+)/, 'transit gateway attachment'],
  [/^Route 53 Resolver: (rslvr-\w+-\w+)/, 'Route 53 Resolver endpoint'],
  [/^ElastiCache (\S+)/, 'ElastiCache node'],
  [/^AWS created network interface for directory (d-\w+)/, 'directory'],
  [/^Amazon EKS (\S+)/, 'EKS cluster'],
  [/^arn:[\w-]+:ecs:[\w-]+:\d+:attachment\/([\w-]+)/, 'ECS task, attachment'],
  [/^RDSNetworkInterface/, 'an RDS database'],
  [/^DMSNetworkInterface/, 'a DMS replication instance'],
  [/^RedshiftNetworkInterface/, 'a Redshift cluster'],
  [/^ClientVPN Endpoint/, 'a Client VPN endpoint'],
];

/** For what an interface is; undefined where neither its attachment nor its description says it. */
export function makerOf({ Attachment, Description = '' }: NetworkInterface): Maker | undefined {
  if (Attachment?.InstanceId) return { kind: 'instance', id: Attachment.InstanceId };
  const lambda = functionOf(Description);
  if (lambda) return { kind: 'function', id: lambda };
  for (const [pattern, kind] of made) {
    const [all, id] = pattern.exec(Description) ?? [];
    if (all !== undefined) return { kind, ...(id === undefined ? {} : { id }) };
  }
  return undefined;
}
