import type { Subnet } from '@aws-sdk/client-ec2';
import { type Owned, recordOf } from '../aws/owner.ts';
import type { Snapshot } from '../aws/snapshot.ts';
import { functionOf } from '../aws/whose.ts';
import type { Stack } from '../stack.ts';
import { cliHostAddress, natGatewayAddress } from './fixed-addresses.ts';
import { databaseHostAddress } from './function-environment.ts';
import { serving } from './serving.ts';
import { isOfSettings } from './stack-vpc.ts';
import { interfacesIn, routeTablesIn, subnetsIn } from './vpc-contents.ts';

export type SubnetKind = 'public' | 'private';
export type SubnetLetter = 'a' | 'b';

const ranges = {
  'public-a': 'publicA',
  'public-b': 'publicB',
  'private-a': 'privateA',
  'private-b': 'privateB',
} as const;

/** The address range of a subnet by the settings. */
export const rangeOf = ({ settings }: Stack, kind: SubnetKind, letter: SubnetLetter): string =>
  settings.network.subnets[ranges[`${kind}-${letter}`]];

/**
 * What is this subnet of the stack, and what is in its place: the one that holds what the stack runs comes first, then
 * the one with its range.
 */
export async function stackSubnets(
  snapshot: Snapshot,
  stack: Stack,
  kind: SubnetKind,
  letter: SubnetLetter,
): Promise<Owned<Subnet>[]> {
  const { names, owner } = stack;
  const resource = `subnet.${kind}-${letter}`;
  const range = rangeOf(stack, kind, letter);
  const isOfRange = ({ CidrBlock }: Subnet) => CidrBlock === range;
  // A range serves once in a VPC.
  const name = `${names.vpc} ${kind} ${letter}`;
  const owned = owner.recognise(await subnetsIn(snapshot, owner), { resource, name }, isOfRange);
  const own = owned.filter(({ ours }) => ours);
  if (own.length === 0 || (own.length === 1 && isOfRange(own[0]!.thing)))
    return serving(owner, owned, { resource, idOf, evidence: [] });
  const [interfaces, tables, isKnown] = await Promise.all([
    interfacesIn(snapshot, owner),
    routeTablesIn(snapshot, owner),
    isOfSettings(snapshot, stack),
  ]);
  const addresses = [databaseHostAddress(stack), natGatewayAddress(stack), cliHostAddress(stack)];
  const held = ({ SubnetId }: Subnet) =>
    interfaces.filter(one => {
      const isFunctions = functionOf(one.Description ?? '') === names.functionName;
      return one.SubnetId === SubnetId && (isFunctions || addresses.includes(one.PrivateIpAddress ?? ''));
    }).length;
  const isRouted = ({ SubnetId }: Subnet) =>
    tables.some(
      ({ Tags, Associations = [], Routes = [] }) =>
        owner.of(recordOf(Tags)).ours &&
        Associations.some(one => one.SubnetId === SubnetId) &&
        // A copy of a table, which leads nowhere, tells nothing.
        Routes.some(route => route.GatewayId?.startsWith('igw-') || route.NatGatewayId),
    );
  return serving(owner, owned, {
    resource,
    idOf,
    isOther: one => isKnown && !isOfRange(one) && held(one) === 0 && !isRouted(one),
    evidence: [held, isOfRange, isRouted],
  });
}

const idOf = ({ SubnetId }: Subnet) => SubnetId;
