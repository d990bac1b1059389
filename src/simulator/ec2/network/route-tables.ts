import type { Route as RouteOutput, RouteTable as RouteTableOutput } from '@aws-sdk/client-ec2';
import { AwsError } from '../../aws-error.ts';
import type { SimulatedService } from '../../service.ts';
import type { World } from '../../world.ts';
import { filtered } from '../filters.ts';
import type { Route, RouteTable, Subnet, Vpc } from '../records.ts';
import { dependencyViolation, invalidParameter, required } from '../refusals.ts';
import type { Ec2World } from '../state.ts';
import { Tags, tagList, tagsFrom } from '../tags.ts';
import { natState } from './nat-gateways.ts';
import { routes } from './routes.ts';

export function newRouteTable(world: World, vpc: Vpc, main: boolean, tags: Record<string, string>): RouteTable {
  return world.ec2.routeTables.add({
    id: world.newId('rtb'),
    createdAt: world.now(),
    tags: new Tags(tags),
    vpcId: vpc.id,
    main,
    routes: [{ destination: vpc.cidr.text, target: 'local' }],
    associations: main ? [{ id: world.newId('rtbassoc') }] : [],
  });
}

/** The table that routes a subnet: its own, or else the VPC's main one. */
export function tableOf(ec2: Ec2World, subnet: Subnet): RouteTable {
  const tables = ec2.routeTables.existing().filter(({ vpcId }) => vpcId === subnet.vpcId);
  return (
    tables.find(({ associations }) => associations.some(({ subnetId }) => subnetId === subnet.id)) ??
    tables.find(({ main }) => main)!
  );
}

/** Whether packets arrive where a route points: a gateway that was detached or deleted leaves a `blackhole`. */
function isActive(ec2: Ec2World, { target }: Route): boolean {
  if (target === 'local') return true;
  if (target.startsWith('igw-')) return ec2.internetGateways.find(target)?.vpcId !== undefined;
  if (target.startsWith('nat-')) {
    const gateway = ec2.natGateways.find(target);
    return gateway !== undefined && ['pending', 'available'].includes(natState(gateway, ec2.world.now()));
  }
  if (target.startsWith('eni-')) return ec2.interfaces.find(target) !== undefined;
  return ec2.endpoints.find(target) !== undefined;
}

/** An interface as target leads to a host, and what that does with it is not simulated. */
export const isInternetRoute = (ec2: Ec2World, route: Route): boolean =>
  route.destination === '0.0.0.0/0' && !route.target.startsWith('eni-') && isActive(ec2, route);

/** An interface of an instance shows that too. */
function targetMembers({ ec2, account }: World, { target }: Route): Partial<RouteOutput> {
  if (target.startsWith('nat-')) return { NatGatewayId: target };
  if (!target.startsWith('eni-')) return { GatewayId: target };
  const InstanceId = ec2.interfaces.find(target)?.attachment?.instanceId;
  return { NetworkInterfaceId: target, ...(InstanceId ? { InstanceId, InstanceOwnerId: account } : {}) };
}

function describeRouteTable(world: World, table: RouteTable): RouteTableOutput {
  const isSeen = ({ createdAt = table.createdAt }: { createdAt?: number }) => world.isVisible(createdAt);
  return {
    RouteTableId: table.id,
    VpcId: table.vpcId,
    OwnerId: world.account,
    Associations: table.associations.filter(isSeen).map(({ id, subnetId }) => ({
      RouteTableAssociationId: id,
      RouteTableId: table.id,
      Main: subnetId === undefined,
      ...(subnetId ? { SubnetId: subnetId } : {}),
      AssociationState: { State: 'associated' },
    })),
    PropagatingVgws: [],
    Routes: table.routes.filter(isSeen).map(route => ({
      ...(route.destination.startsWith('pl-')
        ? { DestinationPrefixListId: route.destination }
        : { DestinationCidrBlock: route.destination }),
      ...targetMembers(world, route),
      Origin: route.target === 'local' ? 'CreateRouteTable' : 'CreateRoute',
      State: isActive(world.ec2, route) ? 'active' : 'blackhole',
    })),
    Tags: tagList(table.tags.asOf(world.now() - world.lag)),
  };
}

/** An association and its table. Throws AWS's not-found error. */
function associationWith(world: World, id: string) {
  for (const from of world.ec2.routeTables.existing()) {
    const association = from.associations.find(candidate => candidate.id === id);
    if (association) return { from, association };
  }
  throw new AwsError('InvalidAssociationID.NotFound', `The association ID '${id}' does not exist`);
}

export const routeTables: Pick<
  SimulatedService<'ec2'>,
  | 'CreateRouteTable'
  | 'DescribeRouteTables'
  | 'DeleteRouteTable'
  | 'AssociateRouteTable'
  | 'DisassociateRouteTable'
  | 'ReplaceRouteTableAssociation'
  | keyof typeof routes
> = {
  ...routes,
  CreateRouteTable: {
    takes: ['VpcId', 'ClientToken', 'TagSpecifications'],
    run(input, world) {
      const table = world.ec2.tokens.once('CreateRouteTable', input, () =>
        newRouteTable(
          world,
          world.ec2.vpcs.get(required(input.VpcId, 'VpcId')),
          false,
          tagsFrom(input.TagSpecifications, 'route-table'),
        ),
      );
      return { ClientToken: input.ClientToken, RouteTable: describeRouteTable(world, table) };
    },
  },
  DescribeRouteTables: {
    takes: ['RouteTableIds', 'Filters'],
    run(input, world) {
      const rows = world.ec2.routeTables.listed(input.RouteTableIds).map(table => describeRouteTable(world, table));
      return {
        RouteTables: filtered(rows, input.Filters, {
          'association.main': row => row.Associations?.map(({ Main }) => Main),
          'association.route-table-association-id': row =>
            row.Associations?.map(association => association.RouteTableAssociationId),
          'association.subnet-id': row => row.Associations?.map(({ SubnetId }) => SubnetId),
          'owner-id': row => row.OwnerId,
          'route-table-id': row => row.RouteTableId,
          'route.destination-cidr-block': row => row.Routes?.map(route => route.DestinationCidrBlock),
          'route.gateway-id': row => row.Routes?.map(({ GatewayId }) => GatewayId),
          'route.nat-gateway-id': row => row.Routes?.map(({ NatGatewayId }) => NatGatewayId),
          'route.state': row => row.Routes?.map(({ State }) => State),
          'vpc-id': row => row.VpcId,
        }),
      };
    },
  },
  DeleteRouteTable: {
    takes: ['RouteTableId'],
    run(input, world) {
      const table = world.ec2.routeTables.get(required(input.RouteTableId, 'RouteTableId'));
      if (table.associations.length > 0)
        throw dependencyViolation(`The routeTable '${table.id}' has dependencies and cannot be deleted.`);
      world.ec2.routeTables.remove(table);
      return {};
    },
  },
  AssociateRouteTable: {
    takes: ['RouteTableId', 'SubnetId'],
    run(input, world) {
      const table = world.ec2.routeTables.get(required(input.RouteTableId, 'RouteTableId'));
      const subnet = world.ec2.subnets.get(required(input.SubnetId, 'SubnetId'));
      if (subnet.vpcId !== table.vpcId)
        throw invalidParameter(`Route table ${table.id} and subnet ${subnet.id} belong to different networks`);
      if (
        world.ec2.routeTables
          .existing()
          .some(other => other.associations.some(({ subnetId }) => subnetId === subnet.id))
      )
        throw new AwsError(
          'Resource.AlreadyAssociated',
          `the specified association for route table ${table.id} conflicts with an existing association`,
        );
      const id = world.newId('rtbassoc');
      table.associations.push({ id, subnetId: subnet.id, createdAt: world.now() });
      return { AssociationId: id, AssociationState: { State: 'associated' } };
    },
  },
  ReplaceRouteTableAssociation: {
    takes: ['AssociationId', 'RouteTableId'],
    run(input, world) {
      const table = world.ec2.routeTables.get(required(input.RouteTableId, 'RouteTableId'));
      const { from, association } = associationWith(world, required(input.AssociationId, 'AssociationId'));
      if (from.vpcId !== table.vpcId)
        throw invalidParameter(
          `Route table ${table.id} and association ${association.id} belong to different networks`,
        );
      from.associations = from.associations.filter(other => other !== association);
      const NewAssociationId = world.newId('rtbassoc');
      table.associations.push({ id: NewAssociationId, subnetId: association.subnetId, createdAt: world.now() });
      // The association without a subnet makes its table the VPC's main one.
      if (!association.subnetId) [from.main, table.main] = [false, true];
      return { NewAssociationId, AssociationState: { State: 'associated' } };
    },
  },
  DisassociateRouteTable: {
    takes: ['AssociationId'],
    run(input, world) {
      const { from, association } = associationWith(world, required(input.AssociationId, 'AssociationId'));
      if (!association.subnetId)
        throw invalidParameter(`cannot disassociate the main route table association ${association.id}`);
      from.associations = from.associations.filter(other => other !== association);
      return {};
    },
  },
};
