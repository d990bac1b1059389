import type { Operation } from '../aws/operation.ts';
import type { Stack } from '../stack.ts';

/** What a policy is about: a stack in a region, and an account, which may be `*` where it is not known. */
export type PolicyContext = Pick<Stack, 'settings' | 'names' | 'account' | 'region' | 'partition'>;

/**
 * Why something is called: for which resource of the catalogue, for the `lock`, for `any` thing of any stack and
 * region, or for the verb itself.
 */
export interface OperationUse {
  operation: Operation;
  resource?: string;
}

/** Keys of IAM conditions with the values that they must equal. */
export type Equals = Readonly<Record<string, string | readonly string[]>>;

/** Where an action is needed: on these ARNs, in requests of which this is true. */
export interface IamScope {
  resources: readonly string[];
  equals?: Equals;
}

/** Parts of ARNs of one ground. */
export function arnsOf({ partition, region, account, names, settings }: PolicyContext) {
  const regional = (service: string) => (rest: string) => `arn:${partition}:${service}:${region}:${account}:${rest}`;
  const iam = (kind: string, name: string) => `arn:${partition}:iam::${account}:${kind}${settings.iam.path}${name}`;
  return {
    ec2: regional('ec2'),
    ec2OfNobody: (rest: string) => `arn:${partition}:ec2:${region}::${rest}`,
    events: regional('events'),
    lambda: regional('lambda'),
    logs: regional('logs'),
    scheduler: regional('scheduler'),
    sns: regional('sns'),
    parameter: (name: string) => regional('ssm')(`parameter${name}`),
    /** What AWS publishes belongs to no account (Systems Manager user guide, "Calling AMI public parameters"). */
    publicParameter: (name: string) => `arn:${partition}:ssm:${region}::parameter${name}`,
    role: (name: string) => iam('role', name),
    profile: (name: string) => iam('instance-profile', name),
    hostRoles: [names.databaseHostRole, names.cliHostRole],
  };
}
