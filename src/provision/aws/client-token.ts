import { createHash } from 'node:crypto';
import { Problem } from '../../problem.ts';
import type { Intents } from '../engine/engine.ts';
import { type Found, type Needs, type Resource, ready } from '../engine/resource.ts';
import { currentStep } from '../engine/step.ts';
import { waitFor } from '../engine/wait.ts';
import { tagKeys } from '../names.ts';
import type { Aws } from './aws.ts';
import { hasName, unlessNotFound } from './errors.ts';
import { Snapshot } from './snapshot.ts';

/** The VPC as the owner of generations: they are tags on it. */
export interface Generations {
  awsId: string;
  tags: Record<string, string>;
}

/** What is made with a token, as far as it tells whether one is alive. */
type Tokened<F extends Found> = Pick<Resource<F, Needs>, 'id' | 'find' | 'readiness'>;

/** Who calls, and where it notes what the VPC's tags may not show yet. */
interface Caller {
  aws: Aws;
  intents: Intents;
}

const tagOf = (resource: string): string => `${tagKeys.generation}${resource}`;

const generationOf = (vpc: Generations, resource: string, intents: Intents): string =>
  intents.generation(resource) ?? vpc.tags[tagOf(resource)] ?? '1';

/** The token by which a resource is made in a VPC now, 64 characters: the same in every run. */
export const tokenOf = (vpc: Generations, resource: string, intents: Intents): string =>
  createHash('sha256')
    .update(`${vpc.awsId} ${resource} ${generationOf(vpc, resource, intents)}`)
    .digest('hex');

/** How long what was made with the same token and other settings is looked for, ms. */
const visibilityBudget = 60_000;

/**
 * Creates something that AWS makes once per ClientToken. The token is the same in every run (VPC, resource,
 * generation), so that a run that was killed cannot make a second one. `create` says `dead` when the token's thing has
 * ended: then the generation changes, and with it the token.
 */
export async function createWithToken<F extends Found>(
  { aws, intents }: Caller,
  vpc: Generations,
  resource: Tokened<F>,
  create: (token: string) => Promise<F | 'dead'>,
): Promise<F> {
  const Key = tagOf(resource.id);
  for (let attempt = 1; attempt <= 5; attempt++) {
    const generation = generationOf(vpc, resource.id, intents);
    const made = await create(tokenOf(vpc, resource.id, intents)).catch(error => {
      // Since January 2025 (boto3#4406).
      if (hasName(error, 'IdempotentInstanceTerminated')) return 'dead' as const;
      // The settings have changed since a thing was made with this token: it may be in use, and not listed yet.
      if (hasName(error, 'IdempotentParameterMismatch')) return livingOne(aws, resource);
      throw error;
    });
    if (made !== 'dead') return made;
    vpc.tags[Key] = `${generation}+`;
    await intents.rotateToken(resource.id, `${generation}+`);
    await aws.call('ec2:CreateTags', { Resources: [vpc.awsId], Tags: [{ Key, Value: `${generation}+` }] });
  }
  throw new Problem(
    'tokens-dead',
    `AWS answers every token for ${resource.id} with a thing that has ended: wait an hour and run the same command again.`,
  );
}

/** Looks for a minute for one of ours that has not ended. */
function livingOne<F extends Found>(aws: Aws, resource: Tokened<F>): Promise<F | 'dead'> {
  const end = aws.clock.elapsed() + visibilityBudget;
  return waitFor<F | 'dead'>({
    clock: aws.clock,
    jitter: aws.jitter,
    every: [2_000, 5_000],
    what: resource.id,
    deadline: visibilityBudget * 2,
    onWait: reason => currentStep()?.waiting(reason),
    poll: async () => {
      const found = await resource.find(new Snapshot(aws));
      const living = found.find(one => {
        return one.ours && (resource.readiness?.(one) ?? ready).state !== 'failed';
      });
      if (living) return { result: living };
      return aws.clock.elapsed() >= end
        ? { result: 'dead' }
        : { waiting: 'looking for one that was made with other settings' };
    },
  });
}

/**
 * Changes the generation before something is removed whose death a create could not see in its answer: a route table or
 * an endpoint has no state that tells. The new generation is the id of what goes.
 */
export async function rotateToken(
  { aws, intents }: Caller,
  vpcId: string,
  resource: string,
  awsId: string,
): Promise<void> {
  await intents.rotateToken(resource, awsId);
  await unlessNotFound(
    aws.call('ec2:CreateTags', { Resources: [vpcId], Tags: [{ Key: tagOf(resource), Value: awsId }] }),
  );
}
