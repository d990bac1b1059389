import type { Handler } from '@smithy/types';
import type * as ec2 from './services/ec2.ts';
import type * as events from './services/events.ts';
import type * as iam from './services/iam.ts';
import type * as lambda from './services/lambda.ts';
import type * as logs from './services/logs.ts';
import type * as s3 from './services/s3.ts';
import type * as scheduler from './services/scheduler.ts';
import type * as servicequotas from './services/servicequotas.ts';
import type * as sns from './services/sns.ts';
import type * as ssm from './services/ssm.ts';
import type * as sts from './services/sts.ts';

/** The services that the tool calls, each loaded when its first call is made: `--help` must not load an SDK. */
export const services = {
  ec2: () => import('./services/ec2.ts'),
  events: () => import('./services/events.ts'),
  iam: () => import('./services/iam.ts'),
  lambda: () => import('./services/lambda.ts'),
  logs: () => import('./services/logs.ts'),
  s3: () => import('./services/s3.ts'),
  scheduler: () => import('./services/scheduler.ts'),
  servicequotas: () => import('./services/servicequotas.ts'),
  sns: () => import('./services/sns.ts'),
  ssm: () => import('./services/ssm.ts'),
  sts: () => import('./services/sts.ts'),
};

interface Commands {
  ec2: typeof ec2.commands;
  events: typeof events.commands;
  iam: typeof iam.commands;
  lambda: typeof lambda.commands;
  logs: typeof logs.commands;
  s3: typeof s3.commands;
  scheduler: typeof scheduler.commands;
  servicequotas: typeof servicequotas.commands;
  sns: typeof sns.commands;
  ssm: typeof ssm.commands;
  sts: typeof sts.commands;
}

export type ServiceName = keyof Commands;

/** `service:Operation`, such as `ec2:CreateVpc`: every AWS call that the tool can make, and no other compiles. */
export type Operation = { [S in ServiceName]: `${S}:${keyof Commands[S] & string}` }[ServiceName];

type CommandOf<O extends Operation> = O extends `${infer S extends ServiceName}:${infer C}`
  ? C extends keyof Commands[S]
    ? Commands[S][C] extends abstract new (
        ...args: never[]
      ) => infer I
      ? I
      : never
    : never
  : never;

export type Input<O extends Operation> = CommandOf<O> extends { input: infer I extends object } ? I : never;
export type Output<O extends Operation> =
  CommandOf<O> extends { resolveMiddleware: (...args: never[]) => Handler<never, infer R> } ? R : never;
