import type { Route, RouteTable } from '@aws-sdk/client-ec2';
import { ask } from '../aws/ask.ts';
import { createWithToken, rotateToken } from '../aws/client-token.ts';
import { hasName, unlessNotFound } from '../aws/errors.ts';
import { Holders } from '../aws/holders.ts';
import { type Owned, recordOf } from '../aws/owner.ts';
import type { Snapshot } from '../aws/snapshot.ts';
import type { Difference } from '../engine/outcome.ts';
import type { Found } from '../engine/resource.ts';
import { currentStep } from '../engine/step.ts';
import { waitFor } from '../engine/wait.ts';
import { type AwsResource, awsResource, type Stack } from '../stack.ts';
import { giveBackMain, isMain } from './main-table.ts';
import { serving } from './serving.ts';
import { type SubnetKind, stackSubnets } from './stack-subnets.ts';
import type { SubnetFound } from './subnet.ts';
import { ec2Tagging, type Tagged, tagged } from './tagged.ts';
import type { VpcFound } from './vpc.ts';
import { routeTablesIn } from './vpc-contents.ts';

export interface RouteTableFound extends Tagged {
  vpcId: string;
  /** Where 0.0.0.0/0 goes: the id of a gateway or of whatever somebody put there; `blackhole` where that is gone. */
  defaultRoute?: string;
  /** All other routes, but those of the VPC itself and of endpoints: nobody needs one. */
  others: OtherRoute[];
  /** Whether it is the VPC's main one. */
  isMain: boolean;
  /** The subnets that it routes, or gateways. */
  associations: { id: string; subnetId: string }[];
}

/** Its destination, as AWS names it and under which name, and where it goes. */
interface OtherRoute {
  destination: Pick<Route, 'DestinationCidrBlock' | 'DestinationIpv6CidrBlock' | 'DestinationPrefixListId'>;
  target: string;
}

const everywhere = '0.0.0.0/0';

/**
 * What is this route table of the stack, and what is in its place: the one that routes its subnets comes first, then
 * the one with its way out.
 */
export async function stackTables(snapshot: Snapshot, stack: Stack, kind: SubnetKind): Promise<Owned<RouteTable>[]> {
  const { names, owner } = stack;
  const resource = `route-table.${kind}`;
  const name = `${names.vpc} ${kind}`;
  const [tables, a, b] = await Promise.all([
    routeTablesIn(snapshot, owner),
    stackSubnets(snapshot, stack, kind, 'a'),
    stackSubnets(snapshot, stack, kind, 'b'),
  ]);
  const own = [...a, ...b].flatMap(({ ours, thing }) => (ours ? thing.SubnetId! : []));
  const routed = ({ Associations = [] }: RouteTable) =>
    Associations.filter(({ SubnetId }) => SubnetId !== undefined && own.includes(SubnetId)).length;
  const isRelated = (table: RouteTable) => isCalled(table, name) || (routed(table) > 0 && isOurWay(kind, table));
  return serving(owner, owner.recognise(tables, { resource, name }, isRelated), {
    resource,
    idOf: ({ RouteTableId }) => RouteTableId,
    // One that routes other subnets only was never given ours.
    isOther: table => routed(table) === 0 && !!table.Associations?.some(({ SubnetId }) => SubnetId),
    evidence: [routed, table => isOurWay(kind, table)],
  });
}

/**
 * A route table with its way out and its subnets. `gateway` is the internet gateway of a public table, the NAT gateway
 * of a private one.
 */
export function routeTable(
  stack: Stack,
  needs: {
    vpc: AwsResource<VpcFound>;
    gateway: AwsResource<Found>;
    subnetA: AwsResource<SubnetFound>;
    subnetB: AwsResource<SubnetFound>;
  },
  kind: SubnetKind,
) {
  const { aws, names, owner } = stack;
  const id = `route-table.${kind}`;
  const wayOut = (gateway: Found) =>
    kind === 'public' ? { GatewayId: gateway.awsId } : { NatGatewayId: gateway.awsId };
  const name = `${names.vpc} ${kind}`;
  const resource = awsResource<RouteTableFound, typeof needs>({
    id,
    title: `${kind === 'public' ? 'Public' : 'Private'} route table`,
    wanted: true,
    needs,
    operations: {
      create: ['ec2:CreateRouteTable', 'ec2:CreateTags', 'ec2:CreateRoute', 'ec2:AssociateRouteTable'],
      update: [
        'ec2:CreateRoute',
        'ec2:ReplaceRoute',
        'ec2:DeleteRoute',
        'ec2:AssociateRouteTable',
        'ec2:ReplaceRouteTableAssociation',
        'ec2:DisassociateRouteTable',
      ],
      remove: [
        'ec2:CreateTags',
        'ec2:ReplaceRouteTableAssociation',
        'ec2:DisassociateRouteTable',
        'ec2:DeleteRouteTable',
      ],
    },

    async find(snapshot) {
      return (await stackTables(snapshot, stack, kind)).map(({ thing: table, ...owned }) => ({
        awsId: table.RouteTableId ?? '',
        ...owned,
        vpcId: table.VpcId ?? '',
        defaultRoute: defaultRouteOf(table.Routes),
        others: otherRoutesOf(table.Routes),
        isMain: isMain(table),
        associations: (table.Associations ?? []).flatMap(({ RouteTableAssociationId, SubnetId, GatewayId }) => {
          const subnetId = SubnetId ?? GatewayId;
          return subnetId ? [{ id: RouteTableAssociationId!, subnetId }] : [];
        }),
      }));
    },

    create({ vpc }) {
      return createWithToken(stack, vpc, this, async ClientToken => {
        const { RouteTable = {} } = await aws.call('ec2:CreateRouteTable', {
          VpcId: vpc.awsId,
          ClientToken,
          TagSpecifications: owner.ec2Tags('route-table', id, name),
        });
        return {
          awsId: RouteTable.RouteTableId!,
          ours: true,
          vpcId: vpc.awsId,
          others: [],
          isMain: false,
          associations: [],
        };
      });
    },

    differences(found, { gateway, subnetA, subnetB }) {
      const missing = [subnetA, subnetB].filter(
        subnet => subnet && !found.associations.some(({ subnetId }) => subnetId === subnet.awsId),
      );
      const differences: Difference[] = missing.map(subnet => ({
        what: `subnet ${subnet!.awsId}`,
        is: 'on another route table',
        wanted: 'on this one',
        words: `${subnet!.awsId} is not on this route table`,
        how: 'update',
        operations: ['ec2:AssociateRouteTable', 'ec2:ReplaceRouteTableAssociation'],
      }));
      if (gateway && found.defaultRoute !== gateway.awsId)
        differences.push({
          what: `route to ${everywhere}`,
          is: found.defaultRoute ?? 'none',
          wanted: gateway.awsId,
          how: 'update',
          operations: [found.defaultRoute === undefined ? 'ec2:CreateRoute' : 'ec2:ReplaceRoute'],
        });
      for (const { destination, target } of found.others)
        differences.push({
          what: `route to ${Object.values(destination)[0]}`,
          is: target,
          wanted: 'none',
          how: 'update',
          operations: ['ec2:DeleteRoute'],
        });
      if (found.isMain)
        differences.push({
          what: 'main route table of the VPC',
          is: 'this one',
          wanted: 'its own',
          words: 'it is the main route table of the VPC: it routes every subnet that has no other',
          how: 'update',
          operations: ['ec2:ReplaceRouteTableAssociation'],
        });
      if (subnetA && subnetB)
        for (const { subnetId } of strangersIn(found, subnetA, subnetB))
          differences.push({
            what: `subnet ${subnetId}`,
            is: 'on this route table',
            wanted: 'on another one',
            words: `${subnetId} is on this route table`,
            how: 'update',
            operations: ['ec2:DisassociateRouteTable'],
          });
      return differences;
    },

    async update(found, { gateway, subnetA, subnetB }) {
      for (const { destination } of found.others)
        await unlessNotFound(aws.call('ec2:DeleteRoute', { RouteTableId: found.awsId, ...destination }));
      if (found.isMain) await giveBackMain(stack, found.vpcId, found.awsId);
      for (const { id: AssociationId } of strangersIn(found, subnetA, subnetB))
        await unlessNotFound(aws.call('ec2:DisassociateRouteTable', { AssociationId }));
      const route = { RouteTableId: found.awsId, DestinationCidrBlock: everywhere, ...wayOut(gateway) };
      const standing = found.defaultRoute ?? (await createRoute(stack, route));
      if (standing !== gateway.awsId) await aws.call('ec2:ReplaceRoute', route);
      for (const subnet of [subnetA, subnetB]) {
        if (found.associations.some(({ subnetId }) => subnetId === subnet.awsId)) continue;
        await associate(stack, found.awsId, subnet.awsId);
      }
    },

    async remove({ awsId, vpcId, isMain: main }) {
      await rotateToken(stack, vpcId, id, awsId);
      if (main) await giveBackMain(stack, vpcId, awsId);
      const letGo = async () => {
        const answer = await unlessNotFound(aws.call('ec2:DescribeRouteTables', { RouteTableIds: [awsId] }));
        for (const { RouteTableAssociationId: AssociationId } of answer?.RouteTables?.[0]?.Associations ?? [])
          await unlessNotFound(aws.call('ec2:DisassociateRouteTable', { AssociationId }));
      };
      const drop = () => unlessNotFound(aws.call('ec2:DeleteRouteTable', { RouteTableId: awsId }));
      await letGo();
      await drop().catch(async error => {
        if (!hasName(error, 'DependencyViolation')) throw error;
        // An association that AWS did not show before.
        await letGo();
        await drop();
      });
    },

    holders: ({ awsId }) => new Holders(stack).ofRouteTable(awsId),

    ask: ({ awsId }) =>
      ask(aws, 'ec2:DescribeRouteTables', { RouteTableIds: [awsId] }, awsId, ({ RouteTables }) =>
        RouteTables?.[0] ? 'there' : undefined,
      ),
  });
  return tagged(stack, ec2Tagging(stack, name), resource);
}

const isCalled = ({ Tags }: RouteTable, name: string): boolean => recordOf(Tags).Name === name;

/**
 * Whether a table that routes our subnets leads where ours does: to any other that somebody put there they were only
 * taken.
 */
const isOurWay = (kind: SubnetKind, { Routes }: RouteTable): boolean =>
  !!defaultRouteOf(Routes)?.startsWith(kind === 'public' ? 'igw-' : 'nat-');

const strangersIn = ({ associations }: RouteTableFound, ...own: SubnetFound[]) =>
  associations.filter(({ subnetId }) => !own.some(({ awsId }) => awsId === subnetId));

function defaultRouteOf(routes: Route[] = []): string | undefined {
  const route = routes.find(({ DestinationCidrBlock }) => DestinationCidrBlock === everywhere);
  return route && targetOf(route);
}

/** Whatever a route may point to has a member of its own, and an instance two: its interface's is the one to read. */
function targetOf(route: Route): string {
  if (route.State === 'blackhole') return 'blackhole';
  return (
    route.GatewayId ??
    route.NatGatewayId ??
    route.NetworkInterfaceId ??
    route.TransitGatewayId ??
    route.VpcPeeringConnectionId ??
    route.EgressOnlyInternetGatewayId ??
    'something else'
  );
}

/**
 * AWS's own are left out: within the VPC, of endpoints, and those that a virtual private gateway propagates. No call
 * removes these.
 */
function otherRoutesOf(routes: Route[] = []): OtherRoute[] {
  return routes
    .filter(({ DestinationCidrBlock }) => DestinationCidrBlock !== everywhere)
    .filter(
      ({ GatewayId = '', Origin }) =>
        GatewayId !== 'local' && !GatewayId.startsWith('vpce-') && Origin !== 'EnableVgwRoutePropagation',
    )
    .map(route => {
      const { DestinationCidrBlock, DestinationIpv6CidrBlock, DestinationPrefixListId } = route;
      const destination = DestinationCidrBlock
        ? { DestinationCidrBlock }
        : DestinationPrefixListId
          ? { DestinationPrefixListId }
          : { DestinationIpv6CidrBlock };
      return { destination, target: targetOf(route) };
    });
}

/** Makes the route and answers where it goes: not where we wanted it, when somebody else was quicker. */
async function createRoute({ aws }: Stack, route: { RouteTableId: string } & Route): Promise<string | undefined> {
  try {
    await aws.call('ec2:CreateRoute', route);
    return route.GatewayId ?? route.NatGatewayId;
  } catch (error) {
    if (!hasName(error, 'RouteAlreadyExists')) throw error;
    // Made by a call whose answer was lost, or by somebody else.
    const { RouteTables = [] } = await aws.call('ec2:DescribeRouteTables', { RouteTableIds: [route.RouteTableId] });
    return defaultRouteOf(RouteTables[0]?.Routes);
  }
}

/** How long AWS may take to show what a subnet is associated with, ms. */
const visibilityBudget = 60_000;

/** Gives a subnet its table, in one step where it has another: its hosts are not without a way out meanwhile. */
async function associate({ aws }: Stack, RouteTableId: string, SubnetId: string): Promise<void> {
  const { clock, jitter } = aws;
  const end = clock.elapsed() + visibilityBudget;
  await waitFor<void>({
    clock,
    jitter,
    every: [2_000, 5_000],
    what: `Associating ${SubnetId}`,
    deadline: visibilityBudget * 2,
    onWait: reason => currentStep()?.waiting(reason),
    poll: async () => {
      try {
        await aws.call('ec2:AssociateRouteTable', { RouteTableId, SubnetId });
        return { result: undefined };
      } catch (error) {
        if (!hasName(error, 'Resource.AlreadyAssociated') || clock.elapsed() >= end) throw error;
      }
      const { RouteTables = [] } = await aws.call('ec2:DescribeRouteTables', {
        Filters: [{ Name: 'association.subnet-id', Values: [SubnetId] }],
      });
      // Associated by a call whose answer was lost, unless it is with another table.
      if (RouteTables[0]?.RouteTableId === RouteTableId) return { result: undefined };
      const AssociationId = RouteTables[0]?.Associations?.find(
        one => one.SubnetId === SubnetId,
      )?.RouteTableAssociationId;
      const replaced =
        AssociationId &&
        (await unlessNotFound(aws.call('ec2:ReplaceRouteTableAssociation', { AssociationId, RouteTableId })));
      // It is not shown yet, or what it was associated with is letting go of it at this moment.
      return replaced ? { result: undefined } : { waiting: `AWS does not show yet which table ${SubnetId} has` };
    },
  });
}
