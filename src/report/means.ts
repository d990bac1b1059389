import type { Clock } from '../clock.ts';
import type { FunctionEnvironment } from '../function-contract.ts';
import type { ArchiveClient } from './deliver/s3-store.ts';
import type { TopicClient } from './deliver/sns.ts';
import type { Source } from './facts.ts';
import type { ParameterClient, Secret } from './secret.ts';

/** What the handler works with; Lambda's own are the default, the simulator gives others. */
export interface Means {
  clients: { sns: TopicClient; ssm: ParameterClient; s3: ArchiveClient };
  /** `password` is undefined when it could not be read: then only the probe makes sense. */
  source: (environment: FunctionEnvironment, password: Secret | undefined) => Source;
  clock: Clock;
  environment: FunctionEnvironment;
}

/**
 * What Lambda says of one run beside its event: the same id for each try of an event, and the time that is left, ms.
 */
export interface Invocation {
  awsRequestId: string;
  getRemainingTimeInMillis(): number;
}
