import { AwsError } from '../../aws-error.ts';
import type { SimulatedService } from '../../service.ts';
import type { World } from '../../world.ts';
import type { RouteTable } from '../records.ts';
import { invalidCombination, invalidParameter, required } from '../refusals.ts';
import { parseCidr } from './cidr.ts';
import { isAttached } from './internet-gateways.ts';
import { natState } from './nat-gateways.ts';

function destinationOf(text: string | undefined): string {
  const cidr = parseCidr(required(text, 'DestinationCidrBlock'));
  if (!cidr)
    throw invalidParameter(
      `Value (${text}) for parameter destinationCidrBlock is invalid. This is not a valid CIDR block.`,
    );
  return cidr.text;
}

/** The gateway or interface that a route shall point to, if it can be one for this table. */
function targetOf(
  world: World,
  table: RouteTable,
  {
    GatewayId,
    NatGatewayId,
    NetworkInterfaceId,
  }: { GatewayId?: string; NatGatewayId?: string; NetworkInterfaceId?: string },
): string {
  if ([GatewayId, NatGatewayId, NetworkInterfaceId].filter(id => id !== undefined).length !== 1)
    throw invalidCombination('The request must contain exactly one of gatewayId, natGatewayId, networkInterfaceId');
  if (NetworkInterfaceId !== undefined) {
    const eni = world.ec2.interfaces.get(NetworkInterfaceId);
    if (eni.vpcId !== table.vpcId)
      throw invalidParameter(`route table ${table.id} and interface ${eni.id} belong to different networks`);
    return eni.id;
  }
  if (NatGatewayId !== undefined) {
    const gateway = world.ec2.natGateways.find(NatGatewayId);
    // A pending one is accepted: tools that do not wait for it make their routes at once (go-to-k/cdkd, `--no-wait`).
    const isUsable =
      gateway &&
      world.isVisible(gateway.createdAt) &&
      ['pending', 'available'].includes(natState(gateway, world.now()));
    if (!isUsable)
      throw new AwsError('InvalidNatGatewayID.NotFound', `The natGateway ID '${NatGatewayId}' does not exist`);
    if (gateway.vpcId !== table.vpcId) throw differentNetworks(table, NatGatewayId);
    return NatGatewayId;
  }
  const gateway = world.ec2.internetGateways.get(required(GatewayId, 'GatewayId'));
  // Routes learn of an attachment later than who asks for it.
  if (gateway.vpcId !== table.vpcId || !isAttached(gateway, world.now() - world.lag))
    throw differentNetworks(table, gateway.id);
  return gateway.id;
}

const differentNetworks = (table: RouteTable, gatewayId: string) =>
  invalidParameter(`route table ${table.id} and network gateway ${gatewayId} belong to different networks`);

export const routes: Pick<SimulatedService<'ec2'>, 'CreateRoute' | 'ReplaceRoute' | 'DeleteRoute'> = {
  CreateRoute: {
    takes: ['RouteTableId', 'DestinationCidrBlock', 'GatewayId', 'NatGatewayId', 'NetworkInterfaceId'],
    run(input, world) {
      const table = world.ec2.routeTables.get(required(input.RouteTableId, 'RouteTableId'));
      const destination = destinationOf(input.DestinationCidrBlock);
      const target = targetOf(world, table, input);
      if (table.routes.some(route => route.destination === destination))
        throw new AwsError('RouteAlreadyExists', `The route identified by ${destination} already exists.`);
      table.routes.push({ destination, target, createdAt: world.now() });
      return { Return: true };
    },
  },
  ReplaceRoute: {
    takes: ['RouteTableId', 'DestinationCidrBlock', 'GatewayId', 'NatGatewayId', 'NetworkInterfaceId'],
    run(input, world) {
      const table = world.ec2.routeTables.get(required(input.RouteTableId, 'RouteTableId'));
      const destination = destinationOf(input.DestinationCidrBlock);
      const target = targetOf(world, table, input);
      const route = table.routes.find(candidate => candidate.destination === destination);
      if (!route)
        throw invalidParameter(
          `There is no route defined for '${destination}' in the route table. Use CreateRoute instead.`,
        );
      if (route.target === 'local')
        throw invalidParameter(`cannot replace local route ${destination} in route table ${table.id}`);
      route.target = target;
      return {};
    },
  },
  DeleteRoute: {
    takes: ['RouteTableId', 'DestinationCidrBlock', 'DestinationPrefixListId'],
    run(input, world) {
      const table = world.ec2.routeTables.get(required(input.RouteTableId, 'RouteTableId'));
      const destination = input.DestinationPrefixListId ?? destinationOf(input.DestinationCidrBlock);
      const route = table.routes.find(candidate => candidate.destination === destination);
      if (!route)
        throw new AwsError(
          'InvalidRoute.NotFound',
          `no route with destination-cidr-block ${destination} in route table ${table.id}`,
        );
      if (route.target === 'local')
        throw invalidParameter(`cannot remove local route ${destination} in route table ${table.id}`);
      if (route.target.startsWith('vpce-'))
        throw invalidParameter(`cannot remove VPC endpoint route ${destination} in route table ${table.id}`);
      table.routes = table.routes.filter(other => other !== route);
      return {};
    },
  },
};
