import { Problem } from '../../problem.ts';
import { ask } from '../aws/ask.ts';
import type { Aws } from '../aws/aws.ts';
import type { Answer } from '../engine/resource.ts';

/** Deletes an endpoint. AWS answers 200 also when it did nothing. Throws Problem `endpoint-not-deleted`. */
export async function deleteEndpoint(aws: Aws, awsId: string): Promise<void> {
  const { Unsuccessful = [] } = await aws.call('ec2:DeleteVpcEndpoints', { VpcEndpointIds: [awsId] });
  const refused = Unsuccessful.find(({ Error: error }) => !error?.Code?.endsWith('.NotFound'));
  if (refused)
    throw new Problem(
      'endpoint-not-deleted',
      `AWS did not delete ${awsId}: ${refused.Error?.Message ?? 'no reason given'}.`,
    );
}

export const askForEndpoint = (aws: Aws, awsId: string): Promise<Answer> =>
  ask(
    aws,
    'ec2:DescribeVpcEndpoints',
    { VpcEndpointIds: [awsId] },
    awsId,
    ({ VpcEndpoints }) => VpcEndpoints?.[0]?.State?.toLowerCase(),
    ['deleted'],
  );
