import { Problem } from '../../problem.ts';
import { ask } from '../aws/ask.ts';
import { errorName, isNotFound, unlessNotFound } from '../aws/errors.ts';
import { Holders } from '../aws/holders.ts';
import { functionOf } from '../aws/whose.ts';
import type { Answer, Found } from '../engine/resource.ts';
import { currentStep } from '../engine/step.ts';
import { waitFor } from '../engine/wait.ts';
import { type AwsResource, awsResource, type Stack } from '../stack.ts';
import { timings } from '../timings.ts';
import type { RoleFound } from './role.ts';
import type { SecurityGroupFound } from './security-group.ts';
import type { SubnetFound } from './subnet.ts';
import { interfacesIn } from './vpc-contents.ts';

export interface NetworkInterfaceFound extends Found {
  status: string;
  subnetId: string;
}

/**
 * Lambda frees them up to 20 minutes after the function let go, seldom 45 (Lambda developer guide; pulumi-aws#4382).
 */
const deadline = 45 * 60_000;

/** Between two questions whether another function uses it, ms: somebody may make one meanwhile. */
const shareCheckEvery = 5 * 60_000;

/**
 * What Lambda puts into the private subnets for the function. Lambda removes them itself, with the function's role,
 * after the function left the VPC: until then role, groups and subnets cannot go.
 */
export function networkInterfaces(
  stack: Stack,
  needs: {
    role: AwsResource<RoleFound>;
    subnetA: AwsResource<SubnetFound>;
    subnetB: AwsResource<SubnetFound>;
    web: AwsResource<SecurityGroupFound>;
    database: AwsResource<SecurityGroupFound>;
  },
) {
  const { aws, names, owner } = stack;
  const askFor = ({ awsId }: Found): Promise<Answer> =>
    ask(
      aws,
      'ec2:DescribeNetworkInterfaces',
      { NetworkInterfaceIds: [awsId] },
      awsId,
      ({ NetworkInterfaces }) => NetworkInterfaces?.[0]?.Status,
    );
  return awsResource<NetworkInterfaceFound, typeof needs>({
    id: 'network-interfaces',
    title: 'Network interfaces of the function',
    wanted: true,
    madeByAws: true,
    needs,
    operations: { create: [], update: [], remove: ['ec2:DeleteNetworkInterface'] },
    durations: { remove: ['interfaces.released'] },
    deadline,
    release: { usual: timings['interfaces.released'].seconds, worst: deadline / 1_000 },

    async find(snapshot) {
      const interfaces = await interfacesIn(snapshot, owner);
      // Lambda's own are not requester-managed; their description is what tells them.
      const own = interfaces.filter(({ Description = '' }) => functionOf(Description) === names.functionName);
      return own.map(({ NetworkInterfaceId = '', Status = '', SubnetId = '' }) => ({
        awsId: NetworkInterfaceId,
        ours: true,
        status: Status,
        subnetId: SubnetId,
      }));
    },

    create: () => Promise.reject(new Error('Lambda makes network interfaces, not we')),

    /**
     * Waits until Lambda has let go of it, and deletes it if Lambda leaves it lying. Throws Problem `in-use` as soon as
     * another function is seen to use it: Lambda then never lets go.
     */
    async remove(found) {
      let askAgainAt = aws.clock.elapsed();
      await waitFor<void>({
        clock: aws.clock,
        jitter: aws.jitter,
        every: [8_000, 12_000],
        what: `Freeing network interface ${found.awsId}`,
        deadline,
        onWait: reason => currentStep()?.waiting(reason),
        poll: async () => {
          const { answer, gone } = await askFor(found);
          if (gone) return { result: undefined };
          if (answer !== 'available') {
            if (aws.clock.elapsed() >= askAgainAt) {
              askAgainAt = aws.clock.elapsed() + shareCheckEvery;
              const { by } = await new Holders(stack).ofFunctionInterface(found.awsId);
              if (by.length > 0) throw new Problem('in-use', `Lambda keeps ${found.awsId} for ${by.join(' and ')}`);
            }
            return { waiting: `Lambda holds ${found.awsId} (${answer})` };
          }
          try {
            await unlessNotFound(aws.call('ec2:DeleteNetworkInterface', { NetworkInterfaceId: found.awsId }));
          } catch (error) {
            if (isNotFound(error)) return { result: undefined };
            return { waiting: `${found.awsId}: ${errorName(error)}` };
          }
          return { result: undefined };
        },
      });
    },

    holders: ({ awsId }) => new Holders(stack).ofFunctionInterface(awsId),

    ask: askFor,
  });
}
