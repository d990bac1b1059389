import { partition } from '@aws-sdk/core/client';
import { Problem } from '../../problem.ts';
import { as, awsCli } from '../../suggest.ts';
import { Aws, type AwsOptions } from './aws.ts';
import { openConnection } from './connection/connection.ts';

export interface Caller {
  account: string;
  arn: string;
}

/**
 * Whose the credentials are, asked of AWS in the region of the run. Throws Problem, `region-disabled` where AWS knows
 * them everywhere else.
 */
export async function callerOf(aws: Aws, options: AwsOptions): Promise<Caller> {
  try {
    const { Account = '', Arn = '' } = await aws.call('sts:GetCallerIdentity', {});
    return { account: Account, arn: Arn };
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'bad-credentials') throw error;
    throw (await regionProblem(error, options)) ?? error;
  }
}

/**
 * A region that is not enabled does not know the account, so that STS there answers InvalidClientTokenId to good
 * credentials (IAM user guide, "Manage AWS STS in an AWS Region"). What the credentials are worth says the partition's
 * first region. Undefined where they are good for nothing there either.
 */
async function regionProblem(refused: Problem, options: AwsOptions): Promise<Problem | undefined> {
  const { connection, region } = options;
  const { implicitGlobalRegion } = partition(region) as { implicitGlobalRegion?: string };
  if (!connection || connection.standIns.length > 0 || !implicitGlobalRegion || implicitGlobalRegion === region)
    return undefined;
  const credentials = await connection.credentials().catch(() => undefined);
  if (!credentials) return undefined;
  const home = new Aws({
    ...options,
    region: implicitGlobalRegion,
    connection: await openConnection({ ...connection.options, profile: undefined, credentials }),
  });
  try {
    const { Account } = await home.call('sts:GetCallerIdentity', {});
    const { Regions: [found] = [] } = await home
      .call('ec2:DescribeRegions', { AllRegions: true, RegionNames: [region] })
      .catch(() => ({ Regions: [] }));
    const isEnabled = found !== undefined && found.OptInStatus !== 'not-opted-in';
    return new Problem(
      'region-disabled',
      isEnabled
        ? `${region} does not take these credentials: session tokens of the global endpoint of STS hold only in regions that are enabled by default. Sign in with AWS_STS_REGIONAL_ENDPOINTS=regional.`
        : `The region ${region} is not enabled in account ${Account}: enable it with ${awsCli`account enable-region --region-name ${as.region(region)}`}, or choose another.`,
      { aws: refused.aws, cause: refused },
    );
  } catch {
    return undefined;
  } finally {
    home.destroy();
  }
}
