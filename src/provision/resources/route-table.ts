import type { Route } from '@aws-sdk/client-ec2';
import { ask } from '../aws/ask.ts';
import { createWithToken, retireToken } from '../aws/client-token.ts';
import { hasName, unlessNotFound } from '../aws/errors.ts';
import { Holders } from '../aws/holders.ts';
import type { Difference } from '../engine/outcome.ts';
import type { Found } from '../engine/resource.ts';
import { type AwsResource, awsResource, type Stack } from '../stack.ts';
import type { SubnetFound } from './subnet.ts';
import type { VpcFound } from './vpc.ts';

export interface RouteTableFound extends Found {
  vpcId: string;
  /** Where 0.0.0.0/0 goes: the id of a gateway or of whatever somebody put there; `blackhole` where that is gone. */
  defaultRoute?: string;
  associations: { id: string; subnetId: string }[];
}

const everywhere = '0.0.0.0/0';

/** A route table with its way out and its subnets. `gateway` is the internet gateway of a public table, the NAT gateway of a private one. */
export function routeTable(
  stack: Stack,
  needs: {
    vpc: AwsResource<VpcFound>;
    gateway: AwsResource<Found>;
    subnetA: AwsResource<SubnetFound>;
    subnetB: AwsResource<SubnetFound>;
  },
  kind: 'public' | 'private',
) {
  const { aws, names, owner } = stack;
  const id = `route-table.${kind}`;
  const wayOut = (gateway: Found) => (kind === 'public' ? { GatewayId: gateway.awsId } : { NatGatewayId: gateway.awsId });
  return awsResource<RouteTableFound, typeof needs>({
    id,
    title: `${kind === 'public' ? 'Public' : 'Private'} route table`,
    wanted: true,
    needs,
    operations: {
      create: ['ec2:CreateRouteTable', 'ec2:CreateTags', 'ec2:CreateRoute', 'ec2:AssociateRouteTable'],
      update: ['ec2:CreateRoute', 'ec2:ReplaceRoute', 'ec2:AssociateRouteTable'],
      remove: ['ec2:CreateTags', 'ec2:DisassociateRouteTable', 'ec2:DeleteRouteTable'],
    },

    async find(look) {
      const { RouteTables } = await look.read('ec2:DescribeRouteTables', { Filters: owner.filters });
      return owner
        .select(RouteTables, id)
        .map(({ RouteTableId = '', VpcId = '', Routes, Associations = [] }) => ({
          awsId: RouteTableId,
          ours: true,
          vpcId: VpcId,
          defaultRoute: defaultRouteOf(Routes),
          associations: Associations.flatMap(({ RouteTableAssociationId, SubnetId }) =>
            SubnetId ? [{ id: RouteTableAssociationId!, subnetId: SubnetId }] : [],
          ),
        }))
        .sort((a, b) => b.associations.length - a.associations.length);
    },

    create({ vpc }) {
      return createWithToken(aws, vpc, this, async ClientToken => {
        const { RouteTable = {} } = await aws.call('ec2:CreateRouteTable', {
          VpcId: vpc.awsId,
          ClientToken,
          TagSpecifications: owner.ec2Tags('route-table', id, `${names.vpc} ${kind}`),
        });
        return { awsId: RouteTable.RouteTableId!, ours: true, vpcId: vpc.awsId, associations: [] };
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
        operations: ['ec2:AssociateRouteTable'],
      }));
      if (gateway && found.defaultRoute !== gateway.awsId)
        differences.push({
          what: `route to ${everywhere}`,
          is: found.defaultRoute ?? 'none',
          wanted: gateway.awsId,
          how: 'update',
          operations: [found.defaultRoute === undefined ? 'ec2:CreateRoute' : 'ec2:ReplaceRoute'],
        });
      return differences;
    },

    async update(found, { gateway, subnetA, subnetB }) {
      const route = { RouteTableId: found.awsId, DestinationCidrBlock: everywhere, ...wayOut(gateway) };
      const standing = found.defaultRoute ?? (await createRoute(stack, route));
      if (standing !== gateway.awsId) await aws.call('ec2:ReplaceRoute', route);
      for (const subnet of [subnetA, subnetB]) {
        if (found.associations.some(({ subnetId }) => subnetId === subnet.awsId)) continue;
        await associate(stack, found.awsId, subnet.awsId);
      }
    },

    async remove({ awsId, vpcId, associations }) {
      await retireToken(aws, vpcId, id, awsId);
      for (const { id: AssociationId } of associations)
        await unlessNotFound(aws.call('ec2:DisassociateRouteTable', { AssociationId }));
      await unlessNotFound(aws.call('ec2:DeleteRouteTable', { RouteTableId: awsId }));
    },

    holders: ({ awsId }) => new Holders(stack).ofRouteTable(awsId),

    ask: ({ awsId }) =>
      ask(aws, 'ec2:DescribeRouteTables', { RouteTableIds: [awsId] }, awsId, ({ RouteTables }) =>
        RouteTables?.[0] ? 'there' : undefined,
      ),
  });
}

/** Whatever a route may point to has a member of its own, and an instance two: its interface's is the one to read. */
function defaultRouteOf(routes: Route[] = []): string | undefined {
  const route = routes.find(({ DestinationCidrBlock }) => DestinationCidrBlock === everywhere);
  if (!route) return undefined;
  if (route.State === 'blackhole') return 'blackhole';
  return (
    route.GatewayId ??
    route.NatGatewayId ??
    route.NetworkInterfaceId ??
    route.TransitGatewayId ??
    route.VpcPeeringConnectionId ??
    'something else'
  );
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

async function associate({ aws }: Stack, RouteTableId: string, SubnetId: string): Promise<void> {
  try {
    await aws.call('ec2:AssociateRouteTable', { RouteTableId, SubnetId });
  } catch (error) {
    if (!hasName(error, 'Resource.AlreadyAssociated')) throw error;
    // Associated by a call whose answer was lost, unless it is with another table.
    const { RouteTables = [] } = await aws.call('ec2:DescribeRouteTables', {
      Filters: [{ Name: 'association.subnet-id', Values: [SubnetId] }],
    });
    if (RouteTables[0]?.RouteTableId !== RouteTableId) throw error;
  }
}
