import type { SecurityGroup, VpcEndpoint } from '@aws-sdk/client-ec2';
import { ask } from '../aws/ask.ts';
import { unlessNotFound } from '../aws/errors.ts';
import { recordOf } from '../aws/owner.ts';
import type { Found } from '../engine/resource.ts';
import { type AwsResource, awsResource, type Stack } from '../stack.ts';
import { askForEndpoint, deleteEndpoint } from './endpoints.ts';
import type { SubnetFound } from './subnet.ts';
import type { VpcFound } from './vpc.ts';
import { endpointsIn, groupsIn } from './vpc-contents.ts';

/**
 * What AWS's services put into a VPC by themselves. GuardDuty's Runtime Monitoring gives each VPC that it watches an
 * endpoint and a security group, which would keep the VPC from going (hashicorp/terraform-provider-aws#46953; GuardDuty
 * user guide, "Automated security agent for Amazon EC2"). They go with the VPC, and are named like everything that
 * goes.
 */
const groupName = 'GuardDutyManagedSecurityGroup-';

export const isGuestGroup = ({ GroupName = '' }: Pick<SecurityGroup, 'GroupName'>): boolean =>
  GroupName.startsWith(groupName);

/** An endpoint of the same service that somebody made for an agent of their own is a stranger's. */
export const isGuestEndpoint = ({ ServiceName = '', Groups = [], Tags }: VpcEndpoint): boolean =>
  ServiceName.includes('.guardduty-data') && (Groups.some(isGuestGroup) || recordOf(Tags).GuardDutyManaged === 'true');

const neverMade = () => Promise.reject(new Error('AWS makes it, not we'));

export function guestGroup(stack: Stack, needs: { vpc: AwsResource<VpcFound> }) {
  const { aws, owner } = stack;
  return awsResource<Found, typeof needs>({
    id: 'guest.group',
    title: "GuardDuty's security group",
    wanted: true,
    madeByAws: true,
    needs,
    operations: { create: [], update: [], remove: ['ec2:DeleteSecurityGroup'] },

    async find(snapshot) {
      const groups = await groupsIn(snapshot, owner);
      return groups.filter(isGuestGroup).map(({ GroupId = '' }) => ({ awsId: GroupId, ours: true }));
    },

    create: neverMade,

    async remove({ awsId }) {
      await unlessNotFound(aws.call('ec2:DeleteSecurityGroup', { GroupId: awsId }));
    },

    ask: ({ awsId }) =>
      ask(aws, 'ec2:DescribeSecurityGroups', { GroupIds: [awsId] }, awsId, ({ SecurityGroups }) =>
        SecurityGroups?.[0] ? 'there' : undefined,
      ),
  });
}

export function guestEndpoint(
  stack: Stack,
  needs: {
    group: AwsResource;
    publicA: AwsResource<SubnetFound>;
    publicB: AwsResource<SubnetFound>;
    privateA: AwsResource<SubnetFound>;
    privateB: AwsResource<SubnetFound>;
  },
) {
  const { aws, owner } = stack;
  return awsResource<Found, typeof needs>({
    id: 'guest.endpoint',
    title: "GuardDuty's endpoint",
    wanted: true,
    madeByAws: true,
    needs,
    operations: { create: [], update: [], remove: ['ec2:DeleteVpcEndpoints'] },

    async find(snapshot) {
      const endpoints = await endpointsIn(snapshot, owner);
      return endpoints
        .filter(endpoint => isGuestEndpoint(endpoint) && endpoint.State?.toLowerCase() !== 'deleted')
        .map(({ VpcEndpointId = '' }) => ({ awsId: VpcEndpointId, ours: true }));
    },

    create: neverMade,
    remove: ({ awsId }) => deleteEndpoint(aws, awsId),
    ask: ({ awsId }) => askForEndpoint(aws, awsId),
  });
}
