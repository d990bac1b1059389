import { Problem } from '../../problem.ts';
import { ask } from '../aws/ask.ts';
import { createWithToken, retireToken } from '../aws/client-token.ts';
import type { Found } from '../engine/resource.ts';
import { type AwsResource, awsResource, type Stack } from '../stack.ts';
import type { RouteTableFound } from './route-table.ts';
import type { VpcFound } from './vpc.ts';

export interface EndpointFound extends Found {
  vpcId: string;
  state: string;
  routeTables: string[];
}

const ended = ['deleting', 'deleted', 'failed', 'rejected', 'expired'];

/** The gateway endpoint for S3: free, and packages for the hosts come from S3 without passing the NAT gateway. */
export function s3Endpoint(
  stack: Stack,
  needs: { vpc: AwsResource<VpcFound>; publicTable: AwsResource<RouteTableFound>; privateTable: AwsResource<RouteTableFound> },
) {
  const { aws, names, owner, region } = stack;
  const id = 'endpoint.s3';
  return awsResource<EndpointFound, typeof needs>({
    id,
    title: 'S3 gateway endpoint',
    wanted: true,
    needs,
    operations: {
      create: ['ec2:CreateVpcEndpoint', 'ec2:CreateTags'],
      update: ['ec2:ModifyVpcEndpoint'],
      remove: ['ec2:CreateTags', 'ec2:DeleteVpcEndpoints'],
    },
    takes: { create: ['endpoint.available'], remove: ['endpoint.available'] },

    async find(look) {
      const { VpcEndpoints } = await look.read('ec2:DescribeVpcEndpoints', { Filters: owner.filters });
      return owner
        .select(VpcEndpoints, id)
        .map(({ VpcEndpointId = '', VpcId = '', State = '', RouteTableIds = [] }) => ({
          awsId: VpcEndpointId,
          ours: true,
          vpcId: VpcId,
          state: State.toLowerCase(),
          routeTables: RouteTableIds,
        }))
        .filter(({ state }) => state !== 'deleted')
        .sort((a, b) => Number(ended.includes(a.state)) - Number(ended.includes(b.state)));
    },

    create({ vpc, publicTable, privateTable }) {
      return createWithToken(aws, vpc, this, async ClientToken => {
        const routeTables = [publicTable.awsId, privateTable.awsId];
        const { VpcEndpoint = {} } = await aws.call('ec2:CreateVpcEndpoint', {
          VpcId: vpc.awsId,
          VpcEndpointType: 'Gateway',
          ServiceName: `com.amazonaws.${region}.s3`,
          RouteTableIds: routeTables,
          ClientToken,
          TagSpecifications: owner.ec2Tags('vpc-endpoint', id, `${names.vpc} S3`),
        });
        const state = (VpcEndpoint.State ?? 'pending').toLowerCase();
        return ended.includes(state)
          ? 'dead'
          : { awsId: VpcEndpoint.VpcEndpointId!, ours: true, vpcId: vpc.awsId, state, routeTables };
      });
    },

    readiness: ({ state }) =>
      state === 'available'
        ? 'ready'
        : ended.includes(state)
          ? { failed: `it is ${state}` }
          : { waiting: `the endpoint is ${state}` },

    differences(found, { publicTable, privateTable }) {
      const missing = [publicTable, privateTable].filter(table => table && !found.routeTables.includes(table.awsId));
      return missing.map(table => ({
        what: `route table ${table!.awsId}`,
        is: 'not served',
        wanted: 'served',
        words: `S3 is not reached through the endpoint from ${table!.awsId}`,
        how: 'update' as const,
      }));
    },

    async update(found, { publicTable, privateTable }) {
      const AddRouteTableIds = [publicTable, privateTable]
        .map(({ awsId }) => awsId)
        .filter(table => !found.routeTables.includes(table));
      await aws.call('ec2:ModifyVpcEndpoint', { VpcEndpointId: found.awsId, AddRouteTableIds });
    },

    async remove({ awsId, vpcId }) {
      await retireToken(aws, vpcId, id, awsId);
      // It answers 200 also when it did nothing.
      const { Unsuccessful = [] } = await aws.call('ec2:DeleteVpcEndpoints', { VpcEndpointIds: [awsId] });
      const refused = Unsuccessful.find(({ Error: error }) => !error?.Code?.endsWith('.NotFound'));
      if (refused)
        throw new Problem('endpoint-not-deleted', `AWS did not delete ${awsId}: ${refused.Error?.Message ?? 'no reason given'}.`);
    },

    ask: ({ awsId }) =>
      ask(
        aws,
        'ec2:DescribeVpcEndpoints',
        { VpcEndpointIds: [awsId] },
        awsId,
        ({ VpcEndpoints }) => VpcEndpoints?.[0]?.State?.toLowerCase(),
        ['deleted'],
      ),
  });
}
