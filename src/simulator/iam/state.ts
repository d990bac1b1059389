import type { Tags } from '../tag-list.ts';

export interface Role {
  name: string;
  path: string;
  id: string;
  arn: string;
  createdAt: number;
  /** The trust policy as it was given. */
  trust: string;
  description?: string;
  /** The ARN of its permissions boundary. */
  boundary?: string;
  tags: Tags;
  /** Inline policies by name, as they were given; each has an effect from `since`. */
  policies: Map<string, { document: string; since: number }>;
  /** Names of managed policies by ARN. */
  attached: Map<string, string>;
}

export interface InstanceProfile {
  name: string;
  path: string;
  id: string;
  arn: string;
  createdAt: number;
  roles: string[];
  tags: Tags;
}

/** IAM of one account: the worlds of several regions can share it. Names are unique without regard to case. */
export class IamWorld {
  /** By name in lower case, as `profiles` too. */
  readonly roles = new Map<string, Role>();
  readonly profiles = new Map<string, InstanceProfile>();

  role(name: string): Role | undefined {
    return this.roles.get(name.toLowerCase());
  }

  /** The role with this ARN, which holds its path too. */
  roleByArn(arn: string): Role | undefined {
    return [...this.roles.values()].find(role => role.arn === arn);
  }

  instanceProfile(name: string): InstanceProfile | undefined {
    return this.profiles.get(name.toLowerCase());
  }
}
