import { draw } from '../../src/seeded-random.ts';
import type { Thing, Things } from '../../src/simulator/ec2/things.ts';
import { inventory } from '../../src/simulator/inventory.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';

type Answer = Record<string, string> & {
  Vpc: { VpcId: string };
  Subnet: { SubnetId: string };
  RouteTable: { RouteTableId: string };
  InternetGateway: { InternetGatewayId: string };
  NatGateway: { NatGatewayId: string };
  VpcEndpoint: { VpcEndpointId: string };
  Instances: [{ InstanceId: string }];
};

/** Something that somebody else has, with the tags of a thing of the stack. */
export interface Copy {
  /** Where it is and what: `inside subnet`. */
  what: string;
  awsId: string;
}

/** The tags of the stack's thing, as whatever copies tags gives them. */
const tagsOf = (resource: string): Record<string, string> => ({
  'salesreport:stack': 'salesreport',
  'salesreport:region': 'eu-west-1',
  'salesreport:resource': resource,
});

const ofTypes = (type: string, resource: string) => [
  { ResourceType: type, Tags: Object.entries(tagsOf(resource)).map(([Key, Value]) => ({ Key, Value })) },
];

/**
 * Makes what somebody else may have with the stack's tags: a thing of each kind, in the stack's VPC and in another, in
 * use there or by itself.
 */
export async function copyAll(aws: Simulator): Promise<Copy[]> {
  const { ec2 } = aws.world;
  const ask = async (operation: string, input: object, service = 'ec2') =>
    (await aws.answer(service as 'ec2', operation as never, input as never)) as Answer;
  const host = ec2.instances.existing().find(({ privateIp }) => privateIp === '10.0.0.10')!;
  const own = ec2.subnets.find(host.subnetId)!.vpcId;
  const other = (await ask('CreateVpc', { CidrBlock: '10.9.0.0/16' })).Vpc.VpcId;
  await aws.world.clock.sleep(60_000);
  const copies: Copy[] = [{ what: 'another VPC', awsId: other }];
  const add = (what: string, awsId: string | undefined) => {
    copies.push({ what, awsId: awsId! });
    return awsId!;
  };
  // As many gateways as the account's quotas allow.
  const detached = await ask('CreateInternetGateway', {
    TagSpecifications: ofTypes('internet-gateway', 'internet-gateway'),
  });
  add('detached internet gateway', detached.InternetGateway.InternetGatewayId);
  const { InternetGateway } = await ask('CreateInternetGateway', {
    TagSpecifications: ofTypes('internet-gateway', 'internet-gateway'),
  });
  add('internet gateway elsewhere', InternetGateway.InternetGatewayId);
  await ask('AttachInternetGateway', { InternetGatewayId: InternetGateway.InternetGatewayId, VpcId: other });
  const address = async (what: string) =>
    add(what, (await ask('AllocateAddress', { TagSpecifications: ofTypes('elastic-ip', 'address.nat') })).AllocationId);
  await address('free address');
  await aws.world.clock.sleep(60_000);
  for (const [where, VpcId, range] of [
    ['inside', own, '10.0.200'],
    ['elsewhere', other, '10.9.0'],
  ] as const) {
    const subnets = await Promise.all(
      ['public-a', 'private-a'].map(async (name, index) => {
        const input = {
          VpcId,
          CidrBlock: `${range}.${index * 64}/26`,
          TagSpecifications: ofTypes('subnet', `subnet.${name}`),
        };
        return add(`${where} subnet ${name}`, (await ask('CreateSubnet', input)).Subnet.SubnetId);
      }),
    );
    await aws.world.clock.sleep(60_000);
    for (const id of ['security-group.web', 'security-group.database']) {
      const input = {
        VpcId,
        GroupName: `copy of ${id}`,
        Description: 'x',
        TagSpecifications: ofTypes('security-group', id),
      };
      add(`${where} ${id}`, (await ask('CreateSecurityGroup', input)).GroupId);
    }
    for (const [index, kind] of ['public', 'private'].entries()) {
      const made = await ask('CreateRouteTable', {
        VpcId,
        TagSpecifications: ofTypes('route-table', `route-table.${kind}`),
      });
      const { RouteTableId } = made.RouteTable;
      add(`${where} ${kind} route table`, RouteTableId);
      await aws.world.clock.sleep(60_000);
      await ask('AssociateRouteTable', { RouteTableId, SubnetId: subnets[index] });
      if (kind === 'private') {
        const endpoint = await ask('CreateVpcEndpoint', {
          VpcId,
          VpcEndpointType: 'Gateway',
          ServiceName: 'com.amazonaws.eu-west-1.s3',
          RouteTableIds: [RouteTableId],
          TagSpecifications: ofTypes('vpc-endpoint', 'endpoint.s3'),
        });
        add(`${where} endpoint`, endpoint.VpcEndpoint.VpcEndpointId);
      }
    }
    const AllocationId = await address(`address of the NAT gateway ${where}`);
    await aws.world.clock.sleep(60_000);
    const nat = await ask('CreateNatGateway', {
      SubnetId: subnets[0],
      AllocationId,
      TagSpecifications: ofTypes('natgateway', 'nat-gateway'),
    });
    add(`NAT gateway ${where}`, nat.NatGateway.NatGatewayId);
    const hosts = where === 'inside' ? ['host.cli'] : ['host.cli', 'host.database'];
    for (const id of hosts) {
      const { Instances } = await ask('RunInstances', {
        ImageId: host.image.id,
        InstanceType: 't4g.micro',
        MinCount: 1,
        MaxCount: 1,
        SubnetId: subnets[0],
        DisableApiTermination: true,
        TagSpecifications: [...ofTypes('instance', id), ...ofTypes('volume', id)],
      });
      add(`${where} ${id}`, Instances[0].InstanceId);
    }
  }
  const snapshot = await ask('CreateSnapshot', {
    VolumeId: host.volumeId,
    TagSpecifications: ofTypes('snapshot', 'host.database'),
  });
  add('snapshot', snapshot.SnapshotId);
  const Tags = Object.entries(tagsOf('topic')).map(([Key, Value]) => ({ Key, Value }));
  add('topic', (await ask('CreateTopic', { Name: 'somebody', Tags }, 'sns')).TopicArn);
  await ask('CreateLogGroup', { logGroupName: '/somebody', tags: tagsOf('log-group') }, 'logs');
  add('log group', '/somebody');
  await ask('PutParameter', { Name: '/somebody', Type: 'String', Value: 'x', Tags: tagListOf('password') }, 'ssm');
  add('parameter', '/somebody');
  await aws.world.clock.sleep(600_000);
  return copies;
}

const tagListOf = (resource: string) => Object.entries(tagsOf(resource)).map(([Key, Value]) => ({ Key, Value }));

/** Makes AWS list things in another order: what somebody else has first, last, or as the number draws it. */
export function reorder(aws: Simulator, copies: readonly Copy[], order: 'first' | 'last' | number): void {
  const { ec2 } = aws.world;
  const isCopy = ({ id }: Thing) => copies.some(({ awsId }) => awsId === id);
  const rank = (one: Thing) =>
    typeof order === 'number' ? draw(order, 'order', one.id) : isCopy(one) === (order === 'first') ? 0 : 1;
  const shuffle = <T extends Thing>(things: Things<T>) => {
    for (const one of things.existing().sort((a, b) => rank(a) - rank(b))) {
      things.remove(one);
      things.add(one);
    }
  };
  shuffle(ec2.vpcs);
  shuffle(ec2.subnets);
  shuffle(ec2.groups);
  shuffle(ec2.routeTables);
  shuffle(ec2.internetGateways);
  shuffle(ec2.natGateways);
  shuffle(ec2.addresses);
  shuffle(ec2.endpoints);
  shuffle(ec2.instances);
  shuffle(ec2.volumes);
  shuffle(ec2.interfaces);
  shuffle(ec2.snapshots);
}

/** All that AWS knows of each copy, to hold beside what it knew before. */
export function stateOf(aws: Simulator, copies: readonly Copy[]): Record<string, unknown> {
  const { ec2, now } = { ec2: aws.world.ec2, now: aws.world.now() };
  const rows = new Map(inventory(aws.world).map(row => [row.id, row]));
  const kinds = [
    ec2.vpcs,
    ec2.subnets,
    ec2.groups,
    ec2.routeTables,
    ec2.internetGateways,
    ec2.natGateways,
    ec2.addresses,
  ];
  const more = [ec2.endpoints, ec2.instances, ec2.volumes, ec2.interfaces, ec2.snapshots];
  const recordOf = (id: string) => {
    const [thing] = ([...kinds, ...more] as Things<Thing>[]).flatMap(things => things.find(id) ?? []);
    return thing && { ...thing, tags: thing.tags.asOf(now), image: undefined };
  };
  return Object.fromEntries(
    copies.map(({ what, awsId }) => [
      `${what} ${awsId}`,
      JSON.stringify([rows.get(awsId)?.state ?? rows.has(awsId), recordOf(awsId)]),
    ]),
  );
}
