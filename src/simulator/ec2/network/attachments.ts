import type { SimulatedService } from '../../service.ts';
import type { World } from '../../world.ts';
import { filtered } from '../filters.ts';
import type { Attached, Peering, Vpc } from '../records.ts';
import { Tags, tagList } from '../tags.ts';

const thing = (world: World, prefix: string, tags: Record<string, string>) => ({
  id: world.newId(prefix),
  createdAt: world.now(),
  tags: new Tags(tags),
});

/** Somebody attaches a virtual private gateway to the VPC. */
export const attachVpnGateway = (world: World, vpc: Vpc, tags: Record<string, string> = {}): Attached =>
  world.ec2.vpnGateways.add({ ...thing(world, 'vgw', tags), vpcId: vpc.id });

/** Somebody gives the VPC an egress-only internet gateway. */
export const addEgressOnlyGateway = (world: World, vpc: Vpc, tags: Record<string, string> = {}): Attached =>
  world.ec2.egressOnlyGateways.add({ ...thing(world, 'eigw', tags), vpcId: vpc.id });

/** Somebody peers the VPC with one of another account, which asks for it or accepts it. */
export const peer = (
  world: World,
  vpc: Vpc,
  { role = 'requester', tags = {} }: { role?: Peering['role']; tags?: Record<string, string> } = {},
): Peering => world.ec2.peerings.add({ ...thing(world, 'pcx', tags), vpcId: vpc.id, role });

/** Somebody associates the VPC with a service network of VPC Lattice, of which EC2 lists nothing. */
export function joinServiceNetwork(vpc: Vpc): void {
  vpc.isInServiceNetwork = true;
}

/** Whether one of them holds the VPC. */
export const hasAttachments = ({ ec2 }: World, vpc: Vpc): boolean =>
  vpc.isInServiceNetwork === true ||
  [ec2.vpnGateways, ec2.egressOnlyGateways, ec2.peerings].some(things =>
    things.existing().some(({ vpcId }) => vpcId === vpc.id),
  );

const elsewhere = { VpcId: 'vpc-0fedcba9876543210', OwnerId: '210987654321' };

export const attachments: Pick<
  SimulatedService<'ec2'>,
  'DescribeVpnGateways' | 'DescribeEgressOnlyInternetGateways' | 'DescribeVpcPeeringConnections'
> = {
  DescribeVpnGateways: {
    takes: ['Filters'],
    run(input, world) {
      const rows = world.ec2.vpnGateways.listed().map(({ id, vpcId, tags }) => ({
        VpnGatewayId: id,
        State: 'available' as const,
        Type: 'ipsec.1' as const,
        AmazonSideAsn: 64_512,
        VpcAttachments: [{ VpcId: vpcId, State: 'attached' as const }],
        Tags: tagList(tags.asOf(world.now() - world.lag)),
      }));
      return {
        VpnGateways: filtered(rows, input.Filters, {
          'attachment.state': row => row.VpcAttachments.map(({ State }) => State),
          'attachment.vpc-id': row => row.VpcAttachments.map(({ VpcId }) => VpcId),
          state: row => row.State,
          'vpn-gateway-id': row => row.VpnGatewayId,
        }),
      };
    },
  },
  DescribeEgressOnlyInternetGateways: {
    takes: ['Filters'],
    run(input, world) {
      const rows = world.ec2.egressOnlyGateways.listed().map(({ id, vpcId, tags }) => ({
        EgressOnlyInternetGatewayId: id,
        Attachments: [{ VpcId: vpcId, State: 'attached' as const }],
        Tags: tagList(tags.asOf(world.now() - world.lag)),
      }));
      // It knows no filter but those of tags.
      return { EgressOnlyInternetGateways: filtered(rows, input.Filters, {}) };
    },
  },
  DescribeVpcPeeringConnections: {
    takes: ['Filters'],
    run(input, world) {
      const rows = world.ec2.peerings.listed().map(({ id, vpcId, role, tags }) => {
        const own = { VpcId: vpcId, OwnerId: world.account, Region: world.region };
        const other = { ...elsewhere, Region: world.region };
        return {
          VpcPeeringConnectionId: id,
          RequesterVpcInfo: role === 'requester' ? own : other,
          AccepterVpcInfo: role === 'requester' ? other : own,
          Status: { Code: 'active' as const, Message: 'Active' },
          Tags: tagList(tags.asOf(world.now() - world.lag)),
        };
      });
      return {
        VpcPeeringConnections: filtered(rows, input.Filters, {
          'accepter-vpc-info.vpc-id': row => row.AccepterVpcInfo.VpcId,
          'requester-vpc-info.vpc-id': row => row.RequesterVpcInfo.VpcId,
          'status-code': row => row.Status.Code,
          'vpc-peering-connection-id': row => row.VpcPeeringConnectionId,
        }),
      };
    },
  },
};
