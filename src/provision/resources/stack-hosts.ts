import type { Instance } from '@aws-sdk/client-ec2';
import { tokenOf } from '../aws/client-token.ts';
import { recordOf } from '../aws/owner.ts';
import type { Snapshot } from '../aws/snapshot.ts';
import type { Stack } from '../stack.ts';
import { cliHostAddress } from './fixed-addresses.ts';
import { databaseHostAddress } from './function-environment.ts';
import { serving } from './serving.ts';
import { isOfSettings, stackVpc } from './stack-vpc.ts';

export type HostId = 'host.database' | 'host.cli';

const states = ['running', 'pending', 'stopping', 'stopped'];

export const isAlive = ({ State }: Instance): boolean => states.includes(State?.Name ?? '');

/** The fixed private address of a host. */
export const hostAddress = (stack: Stack, id: HostId): string =>
  id === 'host.database' ? databaseHostAddress(stack) : cliHostAddress(stack);

/**
 * The instances that are this host of the stack: in its VPC and with its tags. The one that serves comes first: alive,
 * at the host's fixed address, which only one in a VPC can have; then the oldest. One that has ended has lost its place
 * in the network (API reference, Instance), so that only the ClientToken by which it was made tells that it was in this
 * VPC. Of the database's, which hold data, the others are given too; of the other host they are copies.
 */
export async function stackHosts(snapshot: Snapshot, stack: Stack, id: HostId): Promise<Instance[]> {
  const { owner, intents } = stack;
  const [{ Reservations = [] }, vpc, isKnown] = await Promise.all([
    snapshot.read('ec2:DescribeInstances', { Filters: owner.filters }),
    stackVpc(snapshot, owner),
    isOfSettings(snapshot, stack),
  ]);
  const { VpcId } = vpc ?? {};
  if (VpcId === undefined) return [];
  const token = tokenOf({ awsId: VpcId, tags: recordOf(vpc?.Tags) }, id, intents);
  const isInside = (one: Instance) =>
    one.VpcId ? one.VpcId === VpcId : !isAlive(one) && (one.ClientToken ? one.ClientToken === token : true);
  const rank = (one: Instance) => [
    isAlive(one) ? 0 : 1,
    one.PrivateIpAddress === hostAddress(stack, id) ? 0 : 1,
    one.LaunchTime?.getTime() ?? 0,
  ];
  const instances = owner
    .select(
      Reservations.flatMap(({ Instances = [] }) => Instances),
      id,
    )
    .filter(isInside)
    .sort((a, b) => compare(rank(a), rank(b)) || (a.InstanceId ?? '').localeCompare(b.InstanceId ?? ''));
  if (id === 'host.database') return instances;
  return serving(
    owner,
    instances.map(thing => ({ thing, tags: recordOf(thing.Tags), ours: true })),
    {
      resource: id,
      idOf: ({ InstanceId }) => InstanceId,
      hasEnded: one => !isAlive(one),
      isOther: one => isKnown && one.PrivateIpAddress !== hostAddress(stack, id),
      evidence: [
        one => one.PrivateIpAddress === hostAddress(stack, id),
        ({ LaunchTime }) => -(LaunchTime?.getTime() ?? 0),
        one => -instances.indexOf(one),
      ],
    },
  ).flatMap(({ thing, ours }) => (ours ? [thing] : []));
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((part, index) => part !== b[index]);
  return at < 0 ? 0 : a[at]! - b[at]!;
}
