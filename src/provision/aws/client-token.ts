import { createHash } from 'node:crypto';
import { Problem } from '../../problem.ts';
import { tagKeys } from '../names.ts';
import type { Aws } from './aws.ts';
import { hasName, unlessNotFound } from './errors.ts';

/** The VPC as the owner of generations: they are tags on it. */
export interface Generations {
  awsId: string;
  tags: Record<string, string>;
}

const tagOf = (resource: string): string => `${tagKeys.generation}${resource}`;

/**
 * Creates something that AWS makes once per ClientToken. The token is the same in every run (VPC, resource, generation), so that a run that was killed
 * cannot make a second one. `create` says `dead` when the token's thing has ended: then the generation changes, and with it the token.
 */
export async function createWithToken<T>(
  aws: Aws,
  vpc: Generations,
  resource: string,
  create: (token: string) => Promise<T | 'dead'>,
): Promise<T> {
  for (let attempt = 1; attempt <= 5; attempt++) {
    const generation = vpc.tags[tagOf(resource)] ?? '1';
    const token = createHash('sha256').update(`${vpc.awsId} ${resource} ${generation}`).digest('hex');
    const made = await create(token).catch(error => {
      // The first since January 2025 (boto3#4406); the second where settings changed after an earlier one with this token was removed.
      if (hasName(error, 'IdempotentInstanceTerminated', 'IdempotentParameterMismatch')) return 'dead' as const;
      throw error;
    });
    if (made !== 'dead') return made;
    vpc.tags[tagOf(resource)] = `${generation}+`;
    await aws.call('ec2:CreateTags', { Resources: [vpc.awsId], Tags: [{ Key: tagOf(resource), Value: `${generation}+` }] });
  }
  throw new Problem(
    'tokens-dead',
    `AWS answers every token for ${resource} with a thing that has ended: wait an hour and run the same command again.`,
  );
}

/**
 * Changes the generation before something is removed whose death a create could not see in its answer: a route table or an endpoint has no state that
 * tells. The new generation is the id of what goes.
 */
export async function retireToken(aws: Aws, vpcId: string, resource: string, awsId: string): Promise<void> {
  await unlessNotFound(aws.call('ec2:CreateTags', { Resources: [vpcId], Tags: [{ Key: tagOf(resource), Value: awsId }] }));
}
