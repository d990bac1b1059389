import type { Vpc as VpcOutput } from '@aws-sdk/client-ec2';
import { AwsError, NotSimulated } from '../../aws-error.ts';
import type { SimulatedService } from '../../service.ts';
import type { World } from '../../world.ts';
import { filtered } from '../filters.ts';
import type { Vpc } from '../records.ts';
import { dependencyViolation, invalidCombination, invalidParameter, required } from '../refusals.ts';
import { Tags, tagList, tagsFrom } from '../tags.ts';
import { hasAttachments } from './attachments.ts';
import { parseCidr } from './cidr.ts';
import { isAttachedTo } from './internet-gateways.ts';
import { newNetworkAcl } from './network-acls.ts';
import { newRouteTable } from './route-tables.ts';
import { newSecurityGroup } from './security-groups.ts';

function describeVpc(world: World, vpc: Vpc): VpcOutput {
  return {
    VpcId: vpc.id,
    CidrBlock: vpc.cidr.text,
    CidrBlockAssociationSet: [
      {
        AssociationId: vpc.id.replace('vpc', 'vpc-cidr-assoc'),
        CidrBlock: vpc.cidr.text,
        CidrBlockState: { State: 'associated' },
      },
    ],
    DhcpOptionsId: 'dopt-0a1b2c3d4e5f60718',
    InstanceTenancy: 'default',
    IsDefault: false,
    OwnerId: world.account,
    State: 'available',
    Tags: tagList(vpc.tags.asOf(world.now() - world.lag)),
  };
}

/** Whether anything but what comes with the VPC itself is left in it. */
function hasDependents(world: World, vpc: Vpc): boolean {
  const { ec2 } = world;
  const inVpc = ({ vpcId }: { vpcId?: string }) => vpcId === vpc.id;
  return (
    ec2.subnets.existing().some(inVpc) ||
    ec2.endpoints.existing().some(inVpc) ||
    hasAttachments(world, vpc) ||
    ec2.internetGateways.existing().some(gateway => isAttachedTo(gateway, vpc.id)) ||
    ec2.groups.existing().some(group => inVpc(group) && group.name !== 'default') ||
    ec2.routeTables.existing().some(table => inVpc(table) && !table.main) ||
    ec2.networkAcls.existing().some(acl => inVpc(acl) && !acl.isDefault)
  );
}

export const vpcs: Pick<
  SimulatedService<'ec2'>,
  | 'CreateVpc'
  | 'DescribeVpcs'
  | 'DeleteVpc'
  | 'ModifyVpcAttribute'
  | 'DescribeVpcAttribute'
  | 'DescribeVpcBlockPublicAccessOptions'
> = {
  CreateVpc: {
    takes: ['CidrBlock', 'TagSpecifications'],
    run(input, world) {
      const text = required(input.CidrBlock, 'CidrBlock');
      const cidr = parseCidr(text);
      if (!cidr)
        throw invalidParameter(`Value (${text}) for parameter cidrBlock is invalid. This is not a valid CIDR block.`);
      if (cidr.prefix < 16 || cidr.prefix > 28)
        throw new AwsError('InvalidVpc.Range', `The CIDR '${text}' is invalid.`);
      const tags = new Tags(tagsFrom(input.TagSpecifications, 'vpc'));
      if (world.ec2.vpcs.existing().length >= world.ec2.quotas.vpcs)
        throw new AwsError('VpcLimitExceeded', 'The maximum number of VPCs has been reached.');
      const vpc = world.ec2.vpcs.add({
        id: world.newId('vpc'),
        createdAt: world.now(),
        tags,
        cidr,
        dnsSupport: true,
        dnsHostnames: false,
      });
      newRouteTable(world, vpc, true, {});
      newNetworkAcl(world, vpc, true);
      newSecurityGroup(world, vpc, 'default', 'default VPC security group', {});
      return { Vpc: describeVpc(world, vpc) };
    },
  },
  DescribeVpcs: {
    takes: ['VpcIds', 'Filters'],
    run(input, world) {
      const rows = world.ec2.vpcs.listed(input.VpcIds).map(vpc => describeVpc(world, vpc));
      return {
        Vpcs: filtered(rows, input.Filters, {
          cidr: row => row.CidrBlock,
          'cidr-block-association.cidr-block': row => row.CidrBlock,
          'is-default': row => row.IsDefault,
          'owner-id': row => row.OwnerId,
          state: row => row.State,
          'vpc-id': row => row.VpcId,
        }),
      };
    },
  },
  DeleteVpc: {
    takes: ['VpcId'],
    run(input, world) {
      const vpc = world.ec2.vpcs.get(required(input.VpcId, 'VpcId'));
      if (hasDependents(world, vpc))
        throw dependencyViolation(`The vpc '${vpc.id}' has dependencies and cannot be deleted.`);
      for (const table of world.ec2.routeTables.existing())
        if (table.vpcId === vpc.id) world.ec2.routeTables.remove(table);
      for (const acl of world.ec2.networkAcls.existing()) if (acl.vpcId === vpc.id) world.ec2.networkAcls.remove(acl);
      for (const group of world.ec2.groups.existing()) if (group.vpcId === vpc.id) world.ec2.groups.remove(group);
      world.ec2.vpcs.remove(vpc);
      return {};
    },
  },
  ModifyVpcAttribute: {
    takes: ['VpcId', 'EnableDnsSupport', 'EnableDnsHostnames'],
    run(input, world) {
      const vpc = world.ec2.vpcs.get(required(input.VpcId, 'VpcId'));
      if (input.EnableDnsSupport && input.EnableDnsHostnames)
        throw invalidCombination('Fields for multiple attribute types specified');
      if (!input.EnableDnsSupport && !input.EnableDnsHostnames) throw invalidCombination('No attributes specified.');
      vpc.dnsSupport = input.EnableDnsSupport?.Value ?? vpc.dnsSupport;
      vpc.dnsHostnames = input.EnableDnsHostnames?.Value ?? vpc.dnsHostnames;
      return {};
    },
  },
  DescribeVpcBlockPublicAccessOptions: {
    takes: [],
    run: (_input, world) => ({
      VpcBlockPublicAccessOptions: {
        AwsAccountId: world.account,
        AwsRegion: world.region,
        State: 'default-state',
        InternetGatewayBlockMode: world.ec2.blockMode,
        ExclusionsAllowed: 'allowed',
      },
    }),
  },
  DescribeVpcAttribute: {
    takes: ['VpcId', 'Attribute'],
    run(input, world) {
      const vpc = world.ec2.vpcs.get(required(input.VpcId, 'VpcId'));
      if (input.Attribute === 'enableDnsSupport') return { VpcId: vpc.id, EnableDnsSupport: { Value: vpc.dnsSupport } };
      if (input.Attribute === 'enableDnsHostnames')
        return { VpcId: vpc.id, EnableDnsHostnames: { Value: vpc.dnsHostnames } };
      throw new NotSimulated(`the attribute ${input.Attribute} of a VPC`);
    },
  },
};
