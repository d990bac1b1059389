import { defaultStack } from '../suggest.ts';
import type { Stack } from './stack.ts';

/** Tag keys that say whose a thing is. */
export const tagKeys = {
  stack: 'salesreport:stack',
  region: 'salesreport:region',
  resource: 'salesreport:resource',
  version: 'salesreport:version',
  /** On the VPC, an architecture appended: the AMI that its hosts were made from, chosen once. */
  ami: 'salesreport:ami:',
  /** On the VPC, a resource id appended: how often the ClientToken of that resource had to change. */
  generation: 'salesreport:generation:',
  /** On an address: the instant at which its create was noted in the lock, ms since 1970. */
  begun: 'salesreport:begun',
  /** On a host: which set-up it ran at its first start. */
  setUp: 'salesreport:set-up',
  /** On the topic of reports: that its readers have no filters any more, or until when some may turn up who have. */
  filters: 'salesreport:filters',
  /** On the function: IAM's id of the role that it was made with. */
  role: 'salesreport:role',
} as const;

/** How the names of rules and schedule groups begin, whatever the stack. */
export const namePrefix = 'salesAnalysisReport';

/**
 * Every AWS name that the tool makes for a stack. The default stack has the names of the walk-through; any other's is
 * appended.
 */
export function namesOf(stack: string) {
  const own = (name: string) => (stack === defaultStack ? name : `${name}-${stack}`);
  const functionName = own('salesAnalysisReportDataExtractor');
  return {
    functionRole: own('salesAnalysisReportRole'),
    functionPolicy: 'salesAnalysisReport',
    databaseHostRole: own('salesAnalysisReportDatabaseHostRole'),
    cliHostRole: own('salesAnalysisReportCliHostRole'),
    hostPolicy: 'salesAnalysisReportHost',
    schedulerRole: own('salesAnalysisReportSchedulerRole'),
    schedulerPolicy: 'salesAnalysisReportScheduler',
    layer: own('mysql2Library'),
    functionName,
    logGroup: `/aws/lambda/${functionName}`,
    vpc: own('Lab VPC'),
    webGroup: own('Web'),
    databaseGroup: own('Database'),
    databaseHost: own('Web Server 1'),
    cliHost: own('CLI Host'),
    /** Of everything that the stack keeps in SSM. */
    parameters: `/salesreport/${stack}`,
    password: `/salesreport/${stack}/database/password`,
    /** Of the locks that keep two operators apart, one below the other. */
    lockPath: `/salesreport/${stack}/lock`,
    topic: own('salesAnalysisReportTopic'),
    /** Of notices: what those hear who keep the pipeline. */
    operatorsTopic: own('salesAnalysisReportOperators'),
    rule: own('salesAnalysisReportSchedule'),
    scheduleGroup: own('salesAnalysisReport'),
    schedule: own('salesAnalysisReportSchedule'),
    watchRule: own('salesAnalysisReportWatch'),
    /** The id inside a rule; a statement of the function's policy is called as the rule that it is for. */
    target: 'salesAnalysisReportDataExtractor',
  };
}

/**
 * The bucket of reports: S3's names are one space for everybody, so account and region stand in it. At most 63
 * characters.
 */
export const archiveName = ({ settings, account, region }: Pick<Stack, 'settings' | 'account' | 'region'>): string =>
  `salesreport-${settings.stack}-${account}-${region}`;

export type Names = ReturnType<typeof namesOf>;
