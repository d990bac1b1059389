import type { ServiceName } from '../provision/aws/operation.ts';
import { ec2Modelled } from './ec2/modelled.ts';
import { eventsModelled } from './events/modelled.ts';
import { iamModelled } from './iam/modelled.ts';
import { lambdaModelled } from './lambda/modelled.ts';
import { logsModelled } from './logs/modelled.ts';
import { s3Modelled } from './s3/modelled.ts';
import { schedulerModelled } from './scheduler/modelled.ts';
import { servicequotasModelled } from './servicequotas/modelled.ts';
import { snsModelled } from './sns/modelled.ts';
import { ssmModelled } from './ssm/modelled.ts';
import { stsModelled } from './sts/modelled.ts';

/** What the simulator models of some operations, and how AWS is known to do it. */
export interface Modelled {
  operations: readonly string[];
  what: string;
  source: string;
}

/** What is modelled of each operation, in sentences, beside its code, where also stands which parameters each takes. */
export const modelled: Record<ServiceName, readonly Modelled[]> = {
  ec2: ec2Modelled,
  iam: iamModelled,
  lambda: lambdaModelled,
  logs: logsModelled,
  ssm: ssmModelled,
  s3: s3Modelled,
  sns: snsModelled,
  events: eventsModelled,
  scheduler: schedulerModelled,
  servicequotas: servicequotasModelled,
  sts: stsModelled,
};
