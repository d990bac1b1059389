import type { Pluggable } from '@smithy/types';
import type { FunctionEnvironment } from '../function-contract.ts';
import type { TimingName } from '../provision/timings.ts';
import { timings } from '../provision/timings.ts';
import type { Source } from '../report/facts.ts';
import type { Secret } from '../report/secret.ts';
import { draw } from '../seeded-random.ts';
import type { Operator } from './authorization/operator.ts';
import type { AuthorizationRequest } from './authorization/request.ts';
import { NotSimulated } from './aws-error.ts';
import { Ec2World } from './ec2/state.ts';
import { EventsWorld } from './events/state.ts';
import { IamWorld } from './iam/state.ts';
import { LambdaWorld } from './lambda/state.ts';
import { LogsWorld } from './logs/state.ts';
import { type PartitionName, partitionData, partitionNameOf } from './partition.ts';
import { S3World } from './s3/state.ts';
import { SchedulerWorld } from './scheduler/state.ts';
import { SnsWorld } from './sns/state.ts';
import { SsmWorld } from './ssm/state.ts';
import type { VirtualClock } from './virtual-clock.ts';

export interface WorldOptions {
  clock: VirtualClock;
  seed: number;
  /** Twelve digits. */
  account?: string;
  region?: string;
  /** How fast AWS is: `typical` (default) by the medians with their spread, `slow` as it is at worst. */
  profile?: 'typical' | 'slow';
  /** How long after its creation a new id, name or tag is not found, ms. Default 0. */
  lag?: number;
  /** IAM is one for all regions of an account: pass another region's to simulate both. */
  iam?: IamWorld;
  /** Where the function's sales come from: the simulator has no database. Without it the function cannot run. */
  functionSource?: (environment: FunctionEnvironment, password?: Secret) => Source;
  /** Who calls from outside. By default a user who may do everything. */
  operator?: Partial<Operator>;
}

/**
 * One account in one region: the state of each service, and the means they share to draw and to tell the time. Its
 * classes have no fields that are private by `#`, so that all of it can be copied.
 */
export class World {
  readonly clock: VirtualClock;
  readonly seed: number;
  readonly account: string;
  readonly region: string;
  readonly partition: PartitionName;
  /** Where the names of its endpoints end. */
  readonly dnsSuffix: string;
  readonly lag: number;
  readonly profile: NonNullable<WorldOptions['profile']>;
  readonly ec2 = new Ec2World(this);
  readonly events = new EventsWorld();
  readonly iam: IamWorld;
  readonly lambda = new LambdaWorld();
  readonly logs = new LogsWorld();
  readonly s3 = new S3World();
  readonly scheduler = new SchedulerWorld();
  readonly sns = new SnsWorld(this);
  readonly ssm = new SsmWorld();
  readonly functionSource: NonNullable<WorldOptions['functionSource']>;
  /** What the simulator puts under SDK clients; set by the simulator that owns this world. */
  plugin: Pluggable<object, object> | undefined;
  /** A test may give other policies at any time. */
  operator: Operator;
  /** Called with each question whether a role, by its name, allows something. */
  onRoleAsked: (role: string, request: AuthorizationRequest) => void = () => {};
  private readonly ids = new Map<string, number>();

  constructor(options: WorldOptions) {
    this.clock = options.clock;
    this.seed = options.seed;
    this.account = options.account ?? '123456789012';
    this.region = options.region ?? 'eu-west-1';
    this.partition = partitionNameOf(this.region);
    this.dnsSuffix = partitionData(this.partition).dnsSuffix;
    this.lag = options.lag ?? 0;
    this.profile = options.profile ?? 'typical';
    this.iam = options.iam ?? new IamWorld();
    this.operator = { arn: `arn:${this.partition}:iam::${this.account}:user/operator`, ...options.operator };
    this.functionSource =
      options.functionSource ??
      (() => {
        throw new NotSimulated('where the sales come from');
      });
  }

  now(): number {
    return this.clock.now();
  }

  /**
   * A new AWS id such as `vpc-0a1b…` (prefix, dash, 17 hex digits), the same for the same seed and the nth of its
   * prefix.
   */
  newId(prefix: string): string {
    const nth = (this.ids.get(prefix) ?? 0) + 1;
    this.ids.set(prefix, nth);
    const hex = [0, 1, 2]
      .map(part =>
        Math.floor(draw(this.seed, 'id', prefix, nth, part) * 0xffffff)
          .toString(16)
          .padStart(6, '0'),
      )
      .join('');
    return `${prefix}-0${hex.slice(0, 16)}`;
  }

  /** How long a state change takes for one resource, ms, from the table of timings: `takes('nat.available', natId)`. */
  takes(timing: TimingName, ...key: string[]): number {
    const { seconds, spread, slow } = timings[timing];
    if (this.profile === 'slow' && slow !== undefined) return slow * 1000;
    return seconds * 1000 * (1 + spread * (2 * draw(this.seed, timing, ...key) - 1));
  }

  /** Whether something made at `createdAt` can be found yet. */
  isVisible(createdAt: number): boolean {
    return this.now() >= createdAt + this.lag;
  }
}
