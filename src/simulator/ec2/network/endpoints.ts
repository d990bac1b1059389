import type { VpcEndpoint } from '@aws-sdk/client-ec2';
import { AwsError, NotSimulated } from '../../aws-error.ts';
import type { SimulatedService } from '../../service.ts';
import type { World } from '../../world.ts';
import { filtered } from '../filters.ts';
import type { Endpoint, RouteTable } from '../records.ts';
import { invalidParameter, required } from '../refusals.ts';
import { Tags, tagList, tagsFrom } from '../tags.ts';

/** Prefix lists of the services that have gateway endpoints. */
const prefixLists: Record<string, string> = { s3: 'pl-6da54004', dynamodb: 'pl-6fa54006' };

const openPolicy =
  '{"Version":"2008-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}';

const tablesWith = (world: World, endpoint: Endpoint): RouteTable[] =>
  world.ec2.routeTables.existing().filter(({ routes }) => routes.some(({ target }) => target === endpoint.id));

function stateOf(world: World, endpoint: Endpoint): 'Pending' | 'Available' | 'Deleting' {
  if (endpoint.deletedAt !== undefined) return 'Deleting';
  return world.now() < endpoint.availableAt ? 'Pending' : 'Available';
}

function describeEndpoint(world: World, endpoint: Endpoint): VpcEndpoint {
  const interfaces = (endpoint.interfaceIds ?? []).flatMap(id => world.ec2.interfaces.find(id) ?? []);
  return {
    VpcEndpointId: endpoint.id,
    VpcEndpointType: endpoint.interfaceIds ? 'Interface' : 'Gateway',
    VpcId: endpoint.vpcId,
    ServiceName: endpoint.serviceName,
    // The enumeration is capitalised, the wire is not.
    State: stateOf(world, endpoint).toLowerCase() as VpcEndpoint['State'],
    PolicyDocument: endpoint.policy,
    RouteTableIds: tablesWith(world, endpoint).map(({ id }) => id),
    SubnetIds: interfaces.map(({ subnetId }) => subnetId),
    Groups: [...new Set(interfaces.flatMap(({ groupIds }) => groupIds))].map(GroupId => ({
      GroupId,
      GroupName: world.ec2.groups.find(GroupId)?.name,
    })),
    NetworkInterfaceIds: interfaces.map(({ id }) => id),
    DnsEntries: [],
    PrivateDnsEnabled: false,
    RequesterManaged: false,
    OwnerId: world.account,
    CreationTimestamp: new Date(endpoint.createdAt),
    Tags: tagList(endpoint.tags.asOf(world.now() - world.lag)),
  };
}

/**
 * A table as the calls of endpoints find it: they spell the refusal in their own way (terraform-provider-aws,
 * errors.go).
 */
function tableWith(world: World, id: string): RouteTable {
  const table = world.ec2.routeTables.find(id);
  if (!table || !world.isVisible(table.createdAt))
    throw new AwsError('InvalidRouteTableId.NotFound', `The routeTable ID '${id}' does not exist`);
  return table;
}

/** The tables with these ids, if each can take the endpoint's route. */
function tablesFor(world: World, ids: string[] | undefined, vpcId: string, prefixListId: string): RouteTable[] {
  return (ids ?? []).map(id => {
    const table = tableWith(world, id);
    if (table.vpcId !== vpcId)
      throw invalidParameter(`Route table ${id} and VPC ${vpcId} belong to different networks`);
    if (table.routes.some(({ destination }) => destination === prefixListId))
      throw new AwsError(
        'RouteAlreadyExists',
        `route table ${id} already has a route with destination-prefix-list-id ${prefixListId}`,
      );
    return table;
  });
}

const addRoute = (world: World, table: RouteTable, endpoint: Endpoint): void => {
  table.routes.push({ destination: endpoint.prefixListId, target: endpoint.id, createdAt: world.now() });
};

const removeRoute = (table: RouteTable, endpoint: Endpoint): void => {
  table.routes = table.routes.filter(({ target }) => target !== endpoint.id);
};

export const endpoints: Pick<
  SimulatedService<'ec2'>,
  'CreateVpcEndpoint' | 'DescribeVpcEndpoints' | 'ModifyVpcEndpoint' | 'DeleteVpcEndpoints'
> = {
  CreateVpcEndpoint: {
    takes: [
      'VpcId',
      'VpcEndpointType',
      'ServiceName',
      'RouteTableIds',
      'PolicyDocument',
      'ClientToken',
      'TagSpecifications',
    ],
    run(input, world) {
      if ((input.VpcEndpointType ?? 'Gateway') !== 'Gateway')
        throw new NotSimulated(`an endpoint of type ${input.VpcEndpointType}`);
      const endpoint = world.ec2.tokens.once('CreateVpcEndpoint', input, () => {
        const vpc = world.ec2.vpcs.get(required(input.VpcId, 'VpcId'));
        const serviceName = required(input.ServiceName, 'ServiceName');
        const prefixListId = prefixLists[serviceName.replace(`com.amazonaws.${world.region}.`, '')];
        if (!prefixListId)
          throw new AwsError('InvalidServiceName', `The Vpc Endpoint Service '${serviceName}' does not exist`);
        const tables = tablesFor(world, input.RouteTableIds, vpc.id, prefixListId);
        const tags = new Tags(tagsFrom(input.TagSpecifications, 'vpc-endpoint'));
        const id = world.newId('vpce');
        const made = world.ec2.endpoints.add({
          id,
          createdAt: world.now(),
          tags,
          vpcId: vpc.id,
          serviceName,
          prefixListId,
          policy: input.PolicyDocument ?? openPolicy,
          availableAt: world.now() + world.takes('endpoint.available', id),
        });
        for (const table of tables) addRoute(world, table, made);
        return made;
      });
      return { ClientToken: input.ClientToken, VpcEndpoint: describeEndpoint(world, endpoint) };
    },
  },
  DescribeVpcEndpoints: {
    takes: ['VpcEndpointIds', 'Filters'],
    run(input, world) {
      const rows = world.ec2.endpoints.listed(input.VpcEndpointIds).map(endpoint => describeEndpoint(world, endpoint));
      return {
        VpcEndpoints: filtered(rows, input.Filters, {
          'service-name': row => row.ServiceName,
          'vpc-endpoint-id': row => row.VpcEndpointId,
          'vpc-endpoint-state': row => row.State,
          'vpc-endpoint-type': row => row.VpcEndpointType,
          'vpc-id': row => row.VpcId,
        }),
      };
    },
  },
  ModifyVpcEndpoint: {
    takes: ['VpcEndpointId', 'AddRouteTableIds', 'RemoveRouteTableIds', 'PolicyDocument', 'ResetPolicy'],
    run(input, world) {
      const endpoint = world.ec2.endpoints.get(required(input.VpcEndpointId, 'VpcEndpointId'));
      const added = tablesFor(world, input.AddRouteTableIds, endpoint.vpcId, endpoint.prefixListId);
      const removed = (input.RemoveRouteTableIds ?? []).map(id => tableWith(world, id));
      for (const table of added) addRoute(world, table, endpoint);
      for (const table of removed) removeRoute(table, endpoint);
      endpoint.policy = input.ResetPolicy ? openPolicy : (input.PolicyDocument ?? endpoint.policy);
      return { Return: true };
    },
  },
  DeleteVpcEndpoints: {
    takes: ['VpcEndpointIds'],
    run(input, world) {
      // It answers well even where it did not delete: what it could not is in the answer.
      const unsuccessful = required(input.VpcEndpointIds, 'VpcEndpointIds').flatMap(ResourceId => {
        const endpoint = world.ec2.endpoints.find(ResourceId);
        if (!endpoint || !world.isVisible(endpoint.createdAt)) {
          const Message = `The Vpc Endpoint Id '${ResourceId}' does not exist`;
          return [{ ResourceId, Error: { Code: 'InvalidVpcEndpoint.NotFound', Message } }];
        }
        endpoint.deletedAt ??= world.now();
        endpoint.goneAt ??= world.now() + world.takes('endpoint.available', endpoint.id, 'deleted');
        for (const table of tablesWith(world, endpoint)) removeRoute(table, endpoint);
        for (const eni of world.ec2.interfaces.existing())
          if (endpoint.interfaceIds?.includes(eni.id)) eni.goneAt ??= endpoint.goneAt;
        return [];
      });
      return { Unsuccessful: unsuccessful };
    },
  },
};
