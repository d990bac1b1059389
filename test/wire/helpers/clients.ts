import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { EC2 } from '@aws-sdk/client-ec2';
import { EventBridge } from '@aws-sdk/client-eventbridge';
import { IAM } from '@aws-sdk/client-iam';
import { Lambda } from '@aws-sdk/client-lambda';
import { S3 } from '@aws-sdk/client-s3';
import { Scheduler } from '@aws-sdk/client-scheduler';
import { ServiceQuotas } from '@aws-sdk/client-service-quotas';
import { SNS } from '@aws-sdk/client-sns';
import { SSM } from '@aws-sdk/client-ssm';
import { STS } from '@aws-sdk/client-sts';

export type Clients = ReturnType<typeof clientsFor>;

/** The SDK as it comes, for what a test asks an emulator behind the tool's back. It sends each call once. */
export function clientsFor(url: string, region: string) {
  const configuration = {
    endpoint: url,
    region,
    credentials: { accessKeyId: 'wire', secretAccessKey: 'wire' },
    maxAttempts: 1,
  };
  return {
    ec2: new EC2(configuration),
    events: new EventBridge(configuration),
    iam: new IAM(configuration),
    lambda: new Lambda(configuration),
    logs: new CloudWatchLogs(configuration),
    quotas: new ServiceQuotas(configuration),
    s3: new S3(configuration),
    scheduler: new Scheduler(configuration),
    sns: new SNS(configuration),
    ssm: new SSM(configuration),
    sts: new STS(configuration),
  };
}
