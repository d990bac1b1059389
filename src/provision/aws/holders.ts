import type { Instance, NetworkInterface } from '@aws-sdk/client-ec2';
import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import { endsTheRun } from '../engine/engine.ts';
import type { Held } from '../engine/held.ts';
import type { Stack } from '../stack.ts';
import { errorName, isNotFound } from './errors.ts';
import { allFunctions, usersOf } from './lambda-users.ts';
import type { TagList } from './owner.ts';
import { makerOf, nameIn, whoseWords } from './whose.ts';

type Filters = { Name: string; Values: string[] }[];

/** A kind of holder, in the plural, and the question for those that there are. */
type Sought = readonly [kind: string, ask: () => Promise<string[]>];

/** States of a peering that holds nothing any more (VPC peering guide, "VPC peering connection lifecycle"). */
const overPeerings = ['deleted', 'deleting', 'expired', 'failed', 'rejected'];

/** Names what in a VPC keeps something from going, what was looked for in vain, and what was not looked for. */
export class Holders {
  readonly #stack: Stack;
  #functions: Promise<FunctionConfiguration[]> | undefined;

  constructor(stack: Stack) {
    this.#stack = stack;
  }

  /** Of a subnet: every interface in it (API reference, DeleteSubnet). */
  ofSubnet(subnetId: string): Promise<Held> {
    return sought([this.#interfaces([{ Name: 'subnet-id', Values: [subnetId] }])]);
  }

  /**
   * Of a security group: every interface that has it, and every group whose rules name it (API reference,
   * DeleteSecurityGroup).
   */
  ofGroup(groupId: string): Promise<Held> {
    const rules = async () => {
      const [incoming, outgoing] = await Promise.all([
        this.#groups([{ Name: 'ip-permission.group-id', Values: [groupId] }]),
        this.#groups([{ Name: 'egress.ip-permission.group-id', Values: [groupId] }]),
      ]);
      const others = new Map([...incoming, ...outgoing].map(one => [one.GroupId, one]));
      others.delete(groupId);
      return [...others.values()].map(
        ({ GroupId, GroupName, Tags }) => `a rule of security group ${GroupId} "${GroupName}", ${this.#whose(Tags)}`,
      );
    };
    return sought(
      [this.#interfaces([{ Name: 'group-id', Values: [groupId] }]), ['rules of other security groups', rules]],
      [
        'rules in peered VPCs of other accounts',
        'associations of the group with other VPCs',
        'VPC Lattice associations',
      ],
    );
  }

  /**
   * Of an internet gateway: every interface of its VPC with a public address (API reference, DetachInternetGateway).
   */
  ofInternetGateway(vpcId: string): Promise<Held> {
    const [, ask] = this.#interfaces(
      [{ Name: 'vpc-id', Values: [vpcId] }],
      ({ Association }) => Association?.PublicIp !== undefined,
    );
    return sought([['network interfaces with a public address', ask]]);
  }

  /** Of a route table: the subnets and gateways that use it (API reference, DeleteRouteTable). */
  ofRouteTable(tableId: string): Promise<Held> {
    const users = async () => {
      const { RouteTables = [] } = await this.#stack.aws.call('ec2:DescribeRouteTables', { RouteTableIds: [tableId] });
      return RouteTables.flatMap(({ Associations = [] }) => Associations).flatMap(({ Main, SubnetId, GatewayId }) => {
        if (SubnetId) return [`subnet ${SubnetId}, which uses it`];
        if (GatewayId) return [`gateway ${GatewayId}, which uses it`];
        return Main ? ['its VPC, of which it is the main route table'] : [];
      });
    };
    return sought([['subnets and gateways', users]]);
  }

  /** Of network interfaces of the function: the other functions that use them (see `usersOf`). */
  ofFunctionInterface(interfaceId: string): Promise<Held> {
    const others = async () => {
      const { NetworkInterfaces: [one] = [] } = await this.#stack.aws.call('ec2:DescribeNetworkInterfaces', {
        NetworkInterfaceIds: [interfaceId],
      });
      return one
        ? (await this.#othersWith(one)).map(name => `function ${name}, which uses the same subnets and security groups`)
        : [];
    };
    return sought([['other functions with the same subnets and security groups', others]]);
  }

  /**
   * Of a VPC: all that must go before it (VPC user guide, "Delete your VPC"; re:Post, "dependency error" of DeleteVpc).
   */
  ofVpc(vpcId: string): Promise<Held> {
    const { aws } = this.#stack;
    const Filters = [{ Name: 'vpc-id', Values: [vpcId] }];
    const named = (what: string, id: string | undefined, tags: TagList) =>
      `${what} ${id}${nameIn(tags)}, ${this.#whose(tags)}`;
    const isAttached = (one: { VpcId?: string; State?: string }) => one.VpcId === vpcId && one.State !== 'detached';
    return sought(
      [
        this.#interfaces(Filters),
        [
          'endpoints',
          async () =>
            ((await aws.call('ec2:DescribeVpcEndpoints', { Filters })).VpcEndpoints ?? [])
              .filter(({ State }) => State?.toLowerCase() !== 'deleted')
              .map(one => `endpoint ${one.VpcEndpointId} to ${one.ServiceName}, ${this.#whose(one.Tags)}`),
        ],
        [
          'subnets',
          async () =>
            ((await aws.call('ec2:DescribeSubnets', { Filters })).Subnets ?? []).map(one =>
              named('subnet', one.SubnetId, one.Tags),
            ),
        ],
        [
          'security groups',
          async () =>
            (await this.#groups(Filters))
              .filter(({ GroupName }) => GroupName !== 'default')
              .map(one => `security group ${one.GroupId} "${one.GroupName}", ${this.#whose(one.Tags)}`),
        ],
        [
          'route tables',
          async () =>
            ((await aws.call('ec2:DescribeRouteTables', { Filters })).RouteTables ?? [])
              .filter(({ Associations = [] }) => !Associations.some(({ Main }) => Main))
              .map(one => named('route table', one.RouteTableId, one.Tags)),
        ],
        [
          'network ACLs',
          async () =>
            ((await aws.call('ec2:DescribeNetworkAcls', { Filters })).NetworkAcls ?? [])
              .filter(({ IsDefault }) => !IsDefault)
              .map(one => named('network ACL', one.NetworkAclId, one.Tags)),
        ],
        [
          'internet gateways',
          async () =>
            (
              (
                await aws.call('ec2:DescribeInternetGateways', {
                  Filters: [{ Name: 'attachment.vpc-id', Values: [vpcId] }],
                })
              ).InternetGateways ?? []
            ).map(one => named('internet gateway', one.InternetGatewayId, one.Tags)),
        ],
        [
          'egress-only internet gateways',
          // It has no filter by VPC.
          async () =>
            ((await aws.call('ec2:DescribeEgressOnlyInternetGateways', {})).EgressOnlyInternetGateways ?? [])
              .filter(({ Attachments = [] }) => Attachments.some(isAttached))
              .map(one => named('egress-only internet gateway', one.EgressOnlyInternetGatewayId, one.Tags)),
        ],
        [
          'virtual private gateways',
          async () =>
            (
              (await aws.call('ec2:DescribeVpnGateways', { Filters: [{ Name: 'attachment.vpc-id', Values: [vpcId] }] }))
                .VpnGateways ?? []
            )
              .filter(({ VpcAttachments = [] }) => VpcAttachments.some(isAttached))
              .map(one => named('virtual private gateway', one.VpnGatewayId, one.Tags)),
        ],
        ['peering connections', () => this.#peerings(vpcId)],
      ],
      [
        'VPC Lattice service network associations',
        'carrier gateways',
        'local gateway route table associations',
        'security groups of other VPCs that are associated with it',
      ],
    );
  }

  /** Those that the VPC asked for, and those that it was asked for. */
  async #peerings(vpcId: string): Promise<string[]> {
    const ends = await Promise.all(
      ['requester', 'accepter'].map(end =>
        this.#stack.aws.call('ec2:DescribeVpcPeeringConnections', {
          Filters: [{ Name: `${end}-vpc-info.vpc-id`, Values: [vpcId] }],
        }),
      ),
    );
    return ends
      .flatMap(({ VpcPeeringConnections = [] }) => VpcPeeringConnections)
      .filter(({ Status }) => !overPeerings.includes(Status?.Code ?? ''))
      .map(one => {
        const other = one.RequesterVpcInfo?.VpcId === vpcId ? one.AccepterVpcInfo : one.RequesterVpcInfo;
        const where = other?.OwnerId === this.#stack.account ? '' : ` of account ${other?.OwnerId}`;
        return `peering connection ${one.VpcPeeringConnectionId}${nameIn(one.Tags)} with ${other?.VpcId}${where}, ${this.#whose(one.Tags)}`;
      });
  }

  #interfaces(filters: Filters, holds: (one: NetworkInterface) => boolean = () => true): Sought {
    return [
      'network interfaces',
      async () => {
        const { NetworkInterfaces = [] } = await this.#stack.aws.call('ec2:DescribeNetworkInterfaces', {
          Filters: filters,
        });
        return Promise.all(NetworkInterfaces.filter(holds).map(one => this.#interface(one)));
      },
    ];
  }

  async #groups(Filters: Filters) {
    return (await this.#stack.aws.call('ec2:DescribeSecurityGroups', { Filters })).SecurityGroups ?? [];
  }

  async #interface(one: NetworkInterface): Promise<string> {
    const { NetworkInterfaceId, Description = '', TagSet } = one;
    const { kind, id = '' } = makerOf(one) ?? {};
    const what = `network interface ${NetworkInterfaceId}`;
    if (kind === 'instance') {
      const tags = (await this.#instance(id))?.Tags ?? TagSet;
      return `${what} of instance ${id}${nameIn(tags)}, ${this.#whose(tags)}`;
    }
    if (kind === 'function') {
      const users = (await this.#othersWith(one)).filter(name => name !== id);
      const also = users.length > 0 ? `, which function ${users.join(' and function ')} uses too` : '';
      return `${what} of function ${id}${id === this.#stack.names.functionName ? ', of this stack' : ''}${also}`;
    }
    if (kind) return `${what} of ${kind}${id ? ` ${id}` : ''}, ${this.#whose(TagSet)}`;
    return `${what}${Description ? ` "${Description}"` : nameIn(TagSet)}, ${this.#whose(TagSet)}`;
  }

  /** Names of somebody else's functions that use an interface of Lambda's; none where that may not be asked. */
  async #othersWith(one: NetworkInterface): Promise<string[]> {
    this.#functions ??= allFunctions(this.#stack.aws);
    return usersOf(one, await this.#functions).filter(name => name !== this.#stack.names.functionName);
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

/**
 * Asks for each kind. One that AWS does not answer for hides no other: it was not looked for, and the sentence says so.
 */
async function sought(kinds: readonly Sought[], unasked: readonly string[] = []): Promise<Held> {
  const held: Held = { by: [], none: [], unasked: [] };
  const answers = await Promise.all(
    kinds.map(async ([kind, ask]) => {
      try {
        return { kind, found: await ask() };
      } catch (error) {
        if (endsTheRun(error)) throw error;
        return { kind, why: reasonOf(error) };
      }
    }),
  );
  for (const { kind, found, why } of answers) {
    if (found === undefined) held.unasked.push(`${kind} (${why})`);
    else if (found.length > 0) held.by.push(...found);
    else held.none.push(kind);
  }
  held.unasked.push(...unasked);
  return held;
}

const reasonOf = (error: unknown): string =>
  (error as { aws?: { name: string } }).aws?.name ?? (errorName(error) || 'no answer');
