import type { Tagged } from '../tag-list.ts';

export interface Role extends Tagged {
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
  /** Inline policies by name. */
  policies: Map<string, InlinePolicy>;
  /** Names of managed policies by ARN. */
  attached: Map<string, string>;
  /** What was taken from it last. */
  taken?: Taken;
}

/** What was taken from a role or profile, ms since 1970, and how IAM names it while it still counts it. */
export interface Taken {
  what: 'delete policies' | 'detach all policies' | 'remove roles from instance profile';
  at: number;
}

export interface InlinePolicy {
  /** As it was given. */
  document: string;
  /** From when it has an effect, ms since 1970. */
  since: number;
  /** When it was put; absent: long ago. Until that is seen, `before` is. */
  putAt?: number;
  before?: string;
}

export interface InstanceProfile extends Tagged {
  name: string;
  path: string;
  id: string;
  arn: string;
  createdAt: number;
  roles: string[];
  /** When the role was added, ms since 1970; absent: long ago. */
  joinedAt?: number;
  /** What was taken from it last. */
  taken?: Taken;
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
