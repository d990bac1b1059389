import { as, awsCli } from '../../suggest.ts';
import { ask } from '../aws/ask.ts';
import { recordOf, type TagList } from '../aws/owner.ts';
import { Snapshot } from '../aws/snapshot.ts';
import type { Certificate } from '../engine/outcome.ts';
import type { Answer } from '../engine/resource.ts';
import { waitFor } from '../engine/wait.ts';
import { tagKeys } from '../names.ts';
import { sumOf } from '../plan/prices.ts';
import { stackHosts } from '../resources/stack-hosts.ts';
import type { Stack } from '../stack.ts';

/**
 * A disk or an interface that AWS made along with a host, and that goes with it unless somebody has told AWS otherwise.
 */
export interface Attached {
  /** Of the host, as the catalogue has it. */
  id: string;
  title: string;
  awsId: string;
  /** Dollars a month as long as it is there. */
  monthly?: string;
  ask: () => Promise<Answer>;
}

/** How long AWS is given to delete what goes with a host after it is terminated, ms. */
const budget = 30_000;

/**
 * All that carries the stack's tags, attached or not, but for what is attached to an instance that is not the stack's.
 */
export async function attachedOf(stack: Stack): Promise<Attached[]> {
  const { aws, owner } = stack;
  const Filters = owner.filters;
  const snapshot = new Snapshot(aws);
  const [{ Volumes = [] }, { NetworkInterfaces = [] }, ...hosts] = await Promise.all([
    aws.call('ec2:DescribeVolumes', { Filters }),
    aws.call('ec2:DescribeNetworkInterfaces', { Filters }),
    stackHosts(snapshot, stack, 'host.database'),
    stackHosts(snapshot, stack, 'host.cli'),
  ]);
  const own = new Set(hosts.flat().map(({ InstanceId }) => InstanceId));
  const isCopys = (instance: string | undefined) => instance !== undefined && !own.has(instance);
  const hostOf = (tags: TagList) => {
    const { [tagKeys.resource]: id = 'host', Name } = recordOf(tags);
    return { id, name: Name ?? id };
  };
  return [
    ...Volumes.filter(({ Attachments = [] }) => !Attachments.some(({ InstanceId }) => isCopys(InstanceId))).map(
      ({ VolumeId = '', Size = 0, Tags }) => {
        const { id, name } = hostOf(Tags);
        return {
          id,
          title: `Disk of ${name}`,
          awsId: VolumeId,
          monthly: sumOf([{ item: 'diskGigabyte', amount: Size }])!.toFixed(2),
          ask: () =>
            ask(aws, 'ec2:DescribeVolumes', { VolumeIds: [VolumeId] }, VolumeId, answer => answer.Volumes?.[0]?.State),
        };
      },
    ),
    ...NetworkInterfaces.filter(({ Attachment }) => !isCopys(Attachment?.InstanceId)).map(
      ({ NetworkInterfaceId = '', TagSet }) => {
        const { id, name } = hostOf(TagSet);
        const question = { NetworkInterfaceIds: [NetworkInterfaceId] };
        return {
          id,
          title: `Network interface of ${name}`,
          awsId: NetworkInterfaceId,
          ask: () =>
            ask(
              aws,
              'ec2:DescribeNetworkInterfaces',
              question,
              NetworkInterfaceId,
              answer => answer.NetworkInterfaces?.[0]?.Status,
            ),
        };
      },
    ),
  ];
}

/** Asks for each by its id: what is gone by now, and what outlives its host. */
export async function certifyAttached(
  { aws, region }: Stack,
  attached: readonly Attached[],
): Promise<Pick<Certificate, 'removed' | 'left'>> {
  const { clock, jitter } = aws;
  const end = clock.elapsed() + budget;
  const answers = await Promise.all(
    attached.map(async one => {
      const answer = await waitFor<Answer>({
        clock,
        jitter,
        every: [2_000, 5_000],
        what: `Removing ${one.awsId}`,
        deadline: 2 * budget,
        poll: async () => {
          const answer = await one.ask();
          return answer.gone || clock.elapsed() >= end
            ? { result: answer }
            : { waiting: `${one.awsId} is ${answer.answer}` };
        },
      });
      return { one, answer };
    }),
  );
  const thing = ({ id, title, awsId }: Attached) => ({ id, title, awsId });
  return {
    removed: answers.flatMap(({ one, answer: { gone, asked, answer } }) =>
      gone ? [{ ...thing(one), asked, answer }] : [],
    ),
    left: answers.flatMap(({ one, answer }) =>
      answer.gone
        ? []
        : [
            {
              ...thing(one),
              why: `it outlives its host (${answer.answer}): look whether it is still needed; ${removalOf(one.awsId, region)} removes it`,
              ...(one.monthly ? { monthly: one.monthly } : {}),
            },
          ],
    ),
  };
}

const removalOf = (awsId: string, region: string): string =>
  awsId.startsWith('vol-')
    ? awsCli`ec2 delete-volume --region ${as.region(region)} --volume-id ${as.awsId(awsId)}`
    : awsCli`ec2 delete-network-interface --region ${as.region(region)} --network-interface-id ${as.awsId(awsId)}`;
