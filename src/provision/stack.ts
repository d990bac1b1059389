import type { GivenSettings } from '../settings/given.ts';
import type { Settings } from '../settings/settings.ts';
import type { Artifacts } from './artifacts.ts';
import type { Aws } from './aws/aws.ts';
import type { Owner } from './aws/owner.ts';
import type { Snapshot } from './aws/snapshot.ts';
import type { Intents } from './engine/engine.ts';
import type { Found, Needs, Resource } from './engine/resource.ts';
import type { Names } from './names.ts';

/**
 * What the lock records of things that nothing in the VPC holds: only that tells them from things to which somebody
 * copied the stack's tags.
 */
export interface Records {
  /** Records which of a resource are the stack's from now on, whatever holds them. */
  remember(id: string, awsIds: readonly string[]): Promise<void>;
  /** Nothing of the resource is free or being made any more: it is in use, or gone. */
  forget(id: string): void;
  /** What this run has recorded of a resource or, where none is under way, the lock that stands. */
  recorded(id: string, snapshot: Snapshot): Promise<Recorded>;
}

export interface Recorded {
  /** When an open create of it began, ms since 1970: what that makes carries it as a tag. */
  begunAt?: number | undefined;
  awsIds: readonly string[];
}

/** For who changes nothing. */
export const noRecords: Records = {
  remember: async () => {},
  forget: () => {},
  recorded: async () => ({ awsIds: [] }),
};

/** One stack in one account and region: what every resource is made from. */
export interface Stack {
  readonly aws: Aws;
  readonly settings: Settings;
  /** What of the settings somebody has set. */
  readonly given: GivenSettings;
  readonly names: Names;
  readonly owner: Owner;
  /** Where what AWS may show late is noted for the next run. */
  readonly intents: Intents & Records;
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
  /** `aws`, `aws-cn`, `aws-us-gov`. */
  readonly partition: string;
  /** The ARN of who calls: a user, or the session of a role. */
  readonly caller: string;
  readonly artifacts: Artifacts;
  /** The operator's public IPv4 address, asked once; undefined where it cannot be known. */
  publicAddress(): Promise<string | undefined>;
  /** The password for the database: made anew for our host, typed or from the environment for somebody else's. */
  password(): Promise<string>;
}

/** A resource that reads AWS, through a snapshot. */
export interface AwsResource<F extends Found = Found, N extends Needs = Needs> extends Resource<F, N> {
  find(snapshot: Snapshot): Promise<F[]>;
}

/** Gives an AWS resource its types from its own definition. */
export const awsResource = <F extends Found, const N extends Needs>(definition: AwsResource<F, N>): AwsResource<F, N> =>
  definition;

export const arn = (stack: Stack, service: string, rest: string): string =>
  `arn:${stack.partition}:${service}:${stack.region}:${stack.account}:${rest}`;
