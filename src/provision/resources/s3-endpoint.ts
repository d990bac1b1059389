import type { VpcEndpoint } from '@aws-sdk/client-ec2';
import { createWithToken, rotateToken } from '../aws/client-token.ts';
import { recordOf } from '../aws/owner.ts';
import { canonicalJson } from '../aws/policy-document.ts';
import type { Difference } from '../engine/outcome.ts';
import { ready } from '../engine/resource.ts';
import { type AwsResource, awsResource, type Stack } from '../stack.ts';
import { askForEndpoint, deleteEndpoint } from './endpoints.ts';
import { type RouteTableFound, stackTables } from './route-table.ts';
import { serving } from './serving.ts';
import { ec2Tagging, type Tagged, tagged } from './tagged.ts';
import type { VpcFound } from './vpc.ts';
import { endpointsIn } from './vpc-contents.ts';

export interface EndpointFound extends Tagged {
  vpcId: string;
  state: string;
  routeTables: string[];
  /** Whether its policy is AWS's own, which leaves it to those of who comes and of the buckets. */
  isOpen: boolean;
}

/** VPC user guide, "Control access to VPC endpoints using endpoint policies". */
const openStatement = canonicalJson({ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' });

const ended = ['deleting', 'deleted', 'failed', 'rejected', 'expired'];

/** The gateway endpoint for S3: free, and packages for the hosts come from S3 without passing the NAT gateway. */
export function s3Endpoint(
  stack: Stack,
  needs: {
    vpc: AwsResource<VpcFound>;
    publicTable: AwsResource<RouteTableFound>;
    privateTable: AwsResource<RouteTableFound>;
  },
) {
  const { aws, names, owner, region } = stack;
  const id = 'endpoint.s3';
  const name = `${names.vpc} S3`;
  const service = `com.amazonaws.${region}.s3`;
  const resource = awsResource<EndpointFound, typeof needs>({
    id,
    title: 'S3 gateway endpoint',
    wanted: true,
    needs,
    operations: {
      create: ['ec2:CreateVpcEndpoint', 'ec2:CreateTags'],
      update: ['ec2:ModifyVpcEndpoint'],
      remove: ['ec2:CreateTags', 'ec2:DeleteVpcEndpoints'],
    },
    durations: { create: ['endpoint.available'], remove: ['endpoint.available'] },

    async find(snapshot) {
      const [endpoints, publicTables, privateTables] = await Promise.all([
        endpointsIn(snapshot, owner),
        stackTables(snapshot, stack, 'public'),
        stackTables(snapshot, stack, 'private'),
      ]);
      const own = [...publicTables, ...privateTables].flatMap(({ ours, thing }) => (ours ? thing.RouteTableId! : []));
      const served = ({ RouteTableIds = [] }: VpcEndpoint) => own.filter(table => RouteTableIds.includes(table)).length;
      const hasEnded = ({ State }: VpcEndpoint) => ended.includes(State?.toLowerCase() ?? '');
      // Each table has one for S3 (API reference, CreateVpcEndpoint: `RouteAlreadyExists`).
      const isOurs = (one: VpcEndpoint) =>
        one.ServiceName === service && !hasEnded(one) && (recordOf(one.Tags).Name === name || served(one) > 0);
      const idOf = ({ VpcEndpointId }: VpcEndpoint) => VpcEndpointId;
      const found = owner.recognise(endpoints, { resource: id, name }, isOurs);
      return serving(owner, found, {
        resource: id,
        idOf,
        hasEnded,
        isOther: one => one.ServiceName !== service || (served(one) === 0 && (one.RouteTableIds ?? []).length > 0),
        evidence: [served],
      })
        .map(
          ({
            thing: { VpcEndpointId = '', VpcId = '', State = '', RouteTableIds = [], PolicyDocument },
            ...owned
          }) => ({
            awsId: VpcEndpointId,
            ...owned,
            vpcId: VpcId,
            isOpen: isOpen(PolicyDocument),
            state: State.toLowerCase(),
            routeTables: RouteTableIds,
          }),
        )
        .filter(({ state }) => state !== 'deleted')
        .sort((a, b) => Number(ended.includes(a.state)) - Number(ended.includes(b.state)));
    },

    create({ vpc, publicTable, privateTable }) {
      return createWithToken(stack, vpc, this, async ClientToken => {
        const routeTables = [publicTable.awsId, privateTable.awsId];
        const { VpcEndpoint = {} } = await aws.call('ec2:CreateVpcEndpoint', {
          VpcId: vpc.awsId,
          VpcEndpointType: 'Gateway',
          ServiceName: service,
          RouteTableIds: routeTables,
          ClientToken,
          TagSpecifications: owner.ec2Tags('vpc-endpoint', id, name),
        });
        const state = (VpcEndpoint.State ?? 'pending').toLowerCase();
        return ended.includes(state)
          ? 'dead'
          : { awsId: VpcEndpoint.VpcEndpointId!, ours: true, vpcId: vpc.awsId, state, routeTables, isOpen: true };
      });
    },

    readiness: ({ state }) =>
      state === 'available'
        ? ready
        : ended.includes(state)
          ? { state: 'failed', why: `it is ${state}` }
          : { state: 'waiting', why: `the endpoint is ${state}` },

    differences(found, { publicTable, privateTable }) {
      const differences: Difference[] = [];
      const { missing, extra } = tablesOf(found, publicTable, privateTable);
      for (const table of missing)
        differences.push({
          what: `route table ${table}`,
          is: 'not served',
          wanted: 'served',
          words: `S3 is not reached through the endpoint from ${table}`,
          how: 'update',
        });
      for (const table of publicTable && privateTable ? extra : [])
        differences.push({
          what: `route table ${table}`,
          is: 'served',
          wanted: 'not served',
          words: `it also serves ${table}`,
          how: 'update',
        });
      if (!found.isOpen)
        differences.push({
          what: 'policy',
          is: 'changed',
          wanted: "AWS's own",
          words: "its policy is not AWS's own: it may keep the function from its archive",
          how: 'update',
        });
      return differences;
    },

    async update(found, { publicTable, privateTable }) {
      const { missing, extra } = tablesOf(found, publicTable, privateTable);
      await aws.call('ec2:ModifyVpcEndpoint', {
        VpcEndpointId: found.awsId,
        ...(missing.length > 0 ? { AddRouteTableIds: missing } : {}),
        ...(extra.length > 0 ? { RemoveRouteTableIds: extra } : {}),
        ...(found.isOpen ? {} : { ResetPolicy: true }),
      });
    },

    async remove({ awsId, vpcId }) {
      await rotateToken(stack, vpcId, id, awsId);
      await deleteEndpoint(aws, awsId);
    },

    ask: ({ awsId }) => askForEndpoint(aws, awsId),
  });
  return tagged(stack, ec2Tagging(stack, name), resource);
}

function tablesOf({ routeTables }: EndpointFound, ...tables: (RouteTableFound | undefined)[]) {
  const wanted = tables.flatMap(table => table?.awsId ?? []);
  return {
    missing: wanted.filter(table => !routeTables.includes(table)),
    extra: routeTables.filter(table => !wanted.includes(table)),
  };
}

function isOpen(policy: string | undefined): boolean {
  const [statement, ...more] = [(JSON.parse(policy || '{}') as { Statement?: object }).Statement ?? []].flat();
  return more.length === 0 && (statement === undefined || canonicalJson(statement) === openStatement);
}
