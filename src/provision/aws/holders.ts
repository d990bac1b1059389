import type { Instance, NetworkInterface } from '@aws-sdk/client-ec2';
import type { Stack } from '../stack.ts';
import { isNotFound } from './errors.ts';
import type { TagList } from './owner.ts';
import { functionOf, nameIn, whoseWords } from './whose.ts';

/** Names what in a VPC keeps something from going. Each answer is a part of a sentence: what it is, and whose it looks like. */
export class Holders {
  readonly #stack: Stack;

  constructor(stack: Stack) {
    this.#stack = stack;
  }

  /** Of a subnet: every interface in it (API reference, DeleteSubnet). */
  ofSubnet(subnetId: string): Promise<string[]> {
    return this.#interfaces([{ Name: 'subnet-id', Values: [subnetId] }]);
  }

  /** Of a security group: every interface that has it, and every group whose rules name it (API reference, DeleteSecurityGroup). */
  async ofGroup(groupId: string): Promise<string[]> {
    const [interfaces, incoming, outgoing] = await Promise.all([
      this.#interfaces([{ Name: 'group-id', Values: [groupId] }]),
      this.#groups([{ Name: 'ip-permission.group-id', Values: [groupId] }]),
      this.#groups([{ Name: 'egress.ip-permission.group-id', Values: [groupId] }]),
    ]);
    const rules = [...incoming, ...outgoing].filter(({ GroupId }) => GroupId !== groupId);
    return [
      ...interfaces,
      ...rules.map(({ GroupId, GroupName, Tags }) => `a rule of security group ${GroupId} "${GroupName}", ${this.#whose(Tags)}`),
    ];
  }

  /** Of an internet gateway: every interface of its VPC with a public address (API reference, DetachInternetGateway). */
  ofInternetGateway(vpcId: string): Promise<string[]> {
    return this.#interfaces([{ Name: 'vpc-id', Values: [vpcId] }], ({ Association }) => Association?.PublicIp !== undefined);
  }

  /** Of a route table: the subnets that use it (API reference, DeleteRouteTable). */
  async ofRouteTable(tableId: string): Promise<string[]> {
    const { RouteTables = [] } = await this.#stack.aws.call('ec2:DescribeRouteTables', {
      RouteTableIds: [tableId],
    });
    return RouteTables.flatMap(({ Associations = [] }) => Associations)
      .filter(({ SubnetId }) => SubnetId !== undefined)
      .map(({ SubnetId }) => `subnet ${SubnetId}, which uses it`);
  }

  /** Of a VPC: all that must go before it (VPC user guide, "Delete your VPC"). */
  async ofVpc(vpcId: string): Promise<string[]> {
    const { aws } = this.#stack;
    const Filters = [{ Name: 'vpc-id', Values: [vpcId] }];
    const [interfaces, { Subnets = [] }, groups, tables, acls, { VpcEndpoints = [] }, { InternetGateways = [] }] =
      await Promise.all([
        this.#interfaces(Filters),
        aws.call('ec2:DescribeSubnets', { Filters }),
        this.#groups(Filters),
        aws.call('ec2:DescribeRouteTables', { Filters }),
        aws.call('ec2:DescribeNetworkAcls', { Filters }),
        aws.call('ec2:DescribeVpcEndpoints', { Filters }),
        aws.call('ec2:DescribeInternetGateways', { Filters: [{ Name: 'attachment.vpc-id', Values: [vpcId] }] }),
      ]);
    const named = (what: string, id: string | undefined, tags: TagList) => `${what} ${id}${nameIn(tags)}, ${this.#whose(tags)}`;
    const { RouteTables = [] } = tables;
    const { NetworkAcls = [] } = acls;
    const own = RouteTables.filter(({ Associations = [] }) => !Associations.some(({ Main }) => Main));
    return [
      ...interfaces,
      ...VpcEndpoints.map(one => `endpoint ${one.VpcEndpointId} to ${one.ServiceName}, ${this.#whose(one.Tags)}`),
      ...Subnets.map(one => named('subnet', one.SubnetId, one.Tags)),
      ...groups
        .filter(({ GroupName }) => GroupName !== 'default')
        .map(one => `security group ${one.GroupId} "${one.GroupName}", ${this.#whose(one.Tags)}`),
      ...own.map(one => named('route table', one.RouteTableId, one.Tags)),
      ...NetworkAcls.filter(({ IsDefault }) => !IsDefault).map(one => named('network ACL', one.NetworkAclId, one.Tags)),
      ...InternetGateways.map(one => named('internet gateway', one.InternetGatewayId, one.Tags)),
    ];
  }

  async #interfaces(
    Filters: { Name: string; Values: string[] }[],
    holds: (one: NetworkInterface) => boolean = () => true,
  ): Promise<string[]> {
    const { NetworkInterfaces = [] } = await this.#stack.aws.call('ec2:DescribeNetworkInterfaces', { Filters });
    return Promise.all(NetworkInterfaces.filter(holds).map(one => this.#interface(one)));
  }

  async #groups(Filters: { Name: string; Values: string[] }[]) {
    return (await this.#stack.aws.call('ec2:DescribeSecurityGroups', { Filters })).SecurityGroups ?? [];
  }

  async #interface(one: NetworkInterface): Promise<string> {
    const { NetworkInterfaceId, Attachment, Description = '', TagSet } = one;
    const what = `network interface ${NetworkInterfaceId}`;
    if (Attachment?.InstanceId) {
      const instance = await this.#instance(Attachment.InstanceId);
      const tags = instance?.Tags ?? TagSet;
      return `${what} of instance ${Attachment.InstanceId}${nameIn(tags)}, ${this.#whose(tags)}`;
    }
    // What AWS's services make says so in its description: "AWS Lambda VPC ENI-…", "Interface for NAT Gateway …".
    const maker = functionOf(Description);
    if (maker) return `${what} of function ${maker}${maker === this.#stack.names.functionName ? ', of this stack' : ''}`;
    return `${what}${Description ? ` "${Description}"` : ''}, ${this.#whose(TagSet)}`;
  }

  async #instance(InstanceId: string): Promise<Instance | undefined> {
    try {
      const { Reservations } = await this.#stack.aws.call('ec2:DescribeInstances', { InstanceIds: [InstanceId] });
      return Reservations?.[0]?.Instances?.[0];
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  #whose(tags: TagList): string {
    return whoseWords(this.#stack.owner, tags);
  }
}
