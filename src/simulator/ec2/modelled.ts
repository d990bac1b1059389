import type { Modelled } from '../coverage.ts';

export const ec2Modelled: readonly Modelled[] = [
  {
    operations: ['CreateVpc', 'DescribeVpcs', 'DescribeVpcAttribute', 'ModifyVpcAttribute', 'DeleteVpc'],
    what: 'A VPC comes with a main route table, a default network ACL and a default group, which is listed a lag later. It cannot go while subnets, own groups, tables or network ACLs, an attached gateway, endpoints or interfaces are in it, nor while a peering or an association with a service network of VPC Lattice holds it. Five in a region.',
    source: 'VPC user guide, "Delete your VPC" and "Amazon VPC quotas"; re:Post, "dependency error" of DeleteVpc',
  },
  {
    operations: ['CreateSubnet', 'DescribeSubnets', 'ModifySubnetAttribute', 'DeleteSubnet'],
    what: 'Ranges lie in that of the VPC and do not overlap (`InvalidSubnet.Conflict`). A subnet is `pending` for a moment, and cannot go while any interface is in it.',
    source:
      'API reference, DeleteSubnet; terraform-provider-aws, errors.go; gardener/gardener-extension-provider-aws#1397',
  },
  {
    operations: [
      'CreateInternetGateway',
      'AttachInternetGateway',
      'DetachInternetGateway',
      'DescribeInternetGateways',
      'DeleteInternetGateway',
    ],
    what: 'One for a VPC, `attaching` for a moment, of which routes learn after the lag. It cannot be detached while public addresses are mapped in the VPC, nor deleted while it is attached.',
    source: 'API reference, DetachInternetGateway and DeleteInternetGateway; giantswarm/aws-operator#611',
  },
  {
    operations: ['CreateNatGateway', 'DescribeNatGateways', 'DeleteNatGateway'],
    what: 'Made once for each ClientToken. It is `pending` for about two minutes, fails afterwards and not in the call, also where subnet or internet gateway were still on their way, and is listed for an hour when it has ended. One that failed stays so when it is deleted.',
    source:
      'VPC user guide, "Work with NAT gateways"; EC2 developer guide, "Ensuring idempotency"; hashicorp/terraform#9147',
  },
  {
    operations: [
      'DescribeNetworkAcls',
      'CreateNetworkAclEntry',
      'ReplaceNetworkAclEntry',
      'DeleteNetworkAclEntry',
      'ReplaceNetworkAclAssociation',
    ],
    what: 'Each subnet has one, at first the default one, which lets everything pass. The rule with the lowest number that matches decides, each way for itself; what no rule matches is denied. IPv4 only.',
    source:
      'VPC user guide, "Network ACL basics" and "Default network ACL for a VPC"; API reference, ReplaceNetworkAclAssociation',
  },
  {
    operations: ['AllocateAddress', 'DescribeAddresses', 'ReleaseAddress'],
    what: 'An address in use is not released: `AuthFailure` where a NAT gateway has it, for some seconds after that reads `deleted` too, and `InvalidIPAddress.InUse` elsewhere. Five in a region.',
    source: 'kubernetes/kops#938; EC2 user guide, "Elastic IP addresses"',
  },
  {
    operations: [
      'CreateRouteTable',
      'DescribeRouteTables',
      'AssociateRouteTable',
      'DisassociateRouteTable',
      'ReplaceRouteTableAssociation',
      'CreateRoute',
      'ReplaceRoute',
      'DeleteRoute',
      'DeleteRouteTable',
    ],
    what: 'A table is made once for each ClientToken; one route for a destination, one table for a subnet. A route whose gateway or interface went is a `blackhole`. A table with subnets, or the main one, cannot go, nor the association that makes it the main one but to another table; nor can the routes of an endpoint or to the VPC itself.',
    source: 'API reference, DeleteRouteTable; VPC user guide, "Configure route tables"',
  },
  {
    operations: [
      'CreateSecurityGroup',
      'DescribeSecurityGroups',
      'AuthorizeSecurityGroupIngress',
      'AuthorizeSecurityGroupEgress',
      'RevokeSecurityGroupIngress',
      'RevokeSecurityGroupEgress',
      'DeleteSecurityGroup',
    ],
    what: 'Names are unique in a VPC, rules in a group. A new group lets everything out. A group cannot go while an interface carries it or a rule of another group names it; the default one never goes.',
    source: 'API reference, CreateSecurityGroup and DeleteSecurityGroup',
  },
  {
    operations: ['DescribeNetworkInterfaces', 'DeleteNetworkInterface'],
    what: 'Interfaces of instances, NAT gateways, functions and interface endpoints. Functions with the same groups share one in each subnet, called after the first of them. One in use cannot be deleted.',
    source:
      'API reference, DeleteNetworkInterface; terraform-provider-aws for the types and descriptions; Lambda developer guide, "Understanding Hyperplane Elastic Network Interfaces (ENIs)"',
  },
  {
    operations: [
      'RunInstances',
      'DescribeInstances',
      'DescribeInstanceAttribute',
      'ModifyInstanceAttribute',
      'ModifyInstanceMetadataOptions',
      'GetConsoleOutput',
      'TerminateInstances',
    ],
    what: 'One instance, once for each ClientToken, of a type that fits image and zone. A new instance profile is unknown for seconds. One for whose disk the quota is too small ends at its start, and says why. Termination protection, all or nothing over several ids; listed for an hour. The host is set up only with a way to the internet and a role that may read its secret, says so, or at which step it fails, on its console, and stays so; its database keeps the password that the parameter had then.',
    source:
      'aws/aws-sdk-js-v3#5253; boto/boto3#4406; API reference, TerminateInstances and StateReason; EC2 user guide, "Instance terminates immediately"',
  },
  {
    operations: [
      'AssociateIamInstanceProfile',
      'DescribeIamInstanceProfileAssociations',
      'ReplaceIamInstanceProfileAssociation',
    ],
    what: 'An instance has one profile. Another one in its place is a new association.',
    source: 'API reference, ReplaceIamInstanceProfileAssociation',
  },
  {
    operations: ['DescribeVpcBlockPublicAccessOptions'],
    what: 'What somebody has set for the account and region. It blocks no packet here.',
    source: 'VPC user guide, "Block public access to VPCs and subnets"',
  },
  {
    operations: ['CreateSnapshot', 'DescribeSnapshots', 'DescribeVolumes'],
    what: 'A snapshot of a volume at the moment of the call, `pending` until it is stored; the volume may go meanwhile. There is no ClientToken: two calls make two.',
    source: 'EBS user guide, "Create Amazon EBS snapshots"; API reference, CreateSnapshot',
  },
  {
    operations: ['CreateVpcEndpoint', 'DescribeVpcEndpoints', 'ModifyVpcEndpoint', 'DeleteVpcEndpoints'],
    what: 'Gateway endpoints, once for each ClientToken; a route for each of their tables. A deletion answers well even where it failed, and says so within.',
    source: 'API reference, DeleteVpcEndpoints',
  },
  {
    operations: ['DescribeVpnGateways', 'DescribeEgressOnlyInternetGateways', 'DescribeVpcPeeringConnections'],
    what: 'What somebody has attached to a VPC by hand.',
    source: 'API reference, DescribeVpnGateways, DescribeEgressOnlyInternetGateways and DescribeVpcPeeringConnections',
  },
  {
    operations: ['CreateTags', 'DeleteTags'],
    what: "Tags of anything, seen after the lag. A tag that is deleted with a value goes only where it has that value; without any tags named, all go that are not AWS's own.",
    source: 'EC2 developer guide, "Eventual consistency"; API reference, DeleteTags',
  },
  {
    operations: [
      'DescribeAvailabilityZones',
      'DescribeInstanceTypes',
      'DescribeInstanceTypeOfferings',
      'DescribeRegions',
    ],
    what: 'Three zones, of which the third lacks the `micro` types. Each type has two vCPUs.',
    source: 'as `use1-az3` does; EC2 user guide, "Amazon EC2 instance types"',
  },
];
