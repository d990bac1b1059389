import type { Tag } from '@aws-sdk/client-ec2';
import { paginateDescribeParameters, type SSM } from '@aws-sdk/client-ssm';
import { type Clients, clientsFor } from './clients.ts';

/** One thing in the account, as its service lists it. */
export interface Row {
  type: string;
  id: string;
  /** The tag `Name`, of what EC2 knows by an id. */
  name?: string;
  /** Where a thing that has ended is listed for a while. */
  state?: string | undefined;
}

/**
 * Everything of the kinds that a pipeline is made of that an emulator has in a region, asked with plain clients. What
 * AWS lists for an hour after it has ended is left out, with its tags: terminated instances and deleted NAT gateways.
 */
export async function listingOf(url: string, region: string): Promise<Row[]> {
  const aws = clientsFor(url, region);
  const rows = (await Promise.all([...networkOf(aws), ...accountOf(aws), taggedAt(url, region)])).flat();
  const ended = rows.filter(({ type, state }) =>
    ['instance terminated', 'natgateway deleted'].includes(`${type} ${state}`),
  );
  return rows.filter(row => !ended.some(({ id }) => row.id === id || row.id.endsWith(`/${id}`)));
}

interface Thing {
  id: string | undefined;
  tags: Tag[] | undefined;
  state?: string;
}

function networkOf({ ec2 }: Clients): Promise<Row[]>[] {
  const rows = (type: string, things: Thing[]): Row[] =>
    things.map(({ id = '', tags = [], state }) => ({
      type,
      id,
      name: tags.find(({ Key }) => Key === 'Name')?.Value ?? '',
      state,
    }));
  return [
    ec2.describeVpcs({}).then(({ Vpcs = [] }) =>
      rows(
        'vpc',
        Vpcs.map(one => ({ id: one.VpcId, tags: one.Tags })),
      ),
    ),
    ec2.describeSubnets({}).then(({ Subnets = [] }) =>
      rows(
        'subnet',
        Subnets.map(one => ({ id: one.SubnetId, tags: one.Tags })),
      ),
    ),
    ec2.describeInternetGateways({}).then(({ InternetGateways = [] }) =>
      rows(
        'internet-gateway',
        InternetGateways.map(one => ({ id: one.InternetGatewayId, tags: one.Tags })),
      ),
    ),
    ec2.describeAddresses({}).then(({ Addresses = [] }) =>
      rows(
        'elastic-ip',
        Addresses.map(one => ({ id: one.AllocationId, tags: one.Tags })),
      ),
    ),
    ec2.describeNatGateways({}).then(({ NatGateways = [] }) =>
      rows(
        'natgateway',
        NatGateways.map(one => ({ id: one.NatGatewayId, tags: one.Tags, state: one.State })),
      ),
    ),
    ec2.describeRouteTables({}).then(({ RouteTables = [] }) =>
      rows(
        'route-table',
        RouteTables.map(one => ({ id: one.RouteTableId, tags: one.Tags })),
      ),
    ),
    ec2.describeSecurityGroups({}).then(({ SecurityGroups = [] }) =>
      rows(
        'security-group',
        SecurityGroups.map(one => ({ id: one.GroupId, tags: one.Tags })),
      ),
    ),
    ec2.describeVpcEndpoints({}).then(({ VpcEndpoints = [] }) =>
      rows(
        'vpc-endpoint',
        VpcEndpoints.map(one => ({ id: one.VpcEndpointId, tags: one.Tags })),
      ),
    ),
    ec2.describeNetworkInterfaces({}).then(({ NetworkInterfaces = [] }) =>
      rows(
        'network-interface',
        NetworkInterfaces.map(one => ({ id: one.NetworkInterfaceId, tags: one.TagSet })),
      ),
    ),
    ec2.describeVolumes({}).then(({ Volumes = [] }) =>
      rows(
        'volume',
        Volumes.map(one => ({ id: one.VolumeId, tags: one.Tags })),
      ),
    ),
    ec2.describeInstances({}).then(({ Reservations = [] }) =>
      rows(
        'instance',
        Reservations.flatMap(({ Instances = [] }) => Instances).map(one => ({
          id: one.InstanceId,
          tags: one.Tags,
          state: one.State?.Name,
        })),
      ),
    ),
  ];
}

function accountOf({ events, iam, lambda, logs, s3, scheduler, sns, ssm }: Clients): Promise<Row[]>[] {
  const names = (type: string, list: (string | undefined)[]): Row[] => list.map(id => ({ type, id: id ?? '' }));
  return [
    iam.listRoles({}).then(({ Roles = [] }) =>
      names(
        'role',
        Roles.map(one => one.RoleName),
      ),
    ),
    iam.listInstanceProfiles({}).then(({ InstanceProfiles = [] }) =>
      names(
        'instance-profile',
        InstanceProfiles.map(one => one.InstanceProfileName),
      ),
    ),
    iam.listPolicies({ Scope: 'Local' }).then(({ Policies = [] }) =>
      names(
        'policy',
        Policies.map(one => one.PolicyName),
      ),
    ),
    lambda.listFunctions({}).then(({ Functions = [] }) =>
      names(
        'function',
        Functions.map(one => one.FunctionName),
      ),
    ),
    layersOf(lambda).then(list => names('layer', list)),
    logs.describeLogGroups({}).then(({ logGroups = [] }) =>
      names(
        'log-group',
        logGroups.map(one => one.logGroupName),
      ),
    ),
    s3.listBuckets({}).then(({ Buckets = [] }) =>
      names(
        'bucket',
        Buckets.map(one => one.Name),
      ),
    ),
    objectsOf(s3).then(list => names('object', list)),
    sns.listTopics({}).then(({ Topics = [] }) =>
      names(
        'topic',
        Topics.map(one => one.TopicArn),
      ),
    ),
    sns.listSubscriptions({}).then(({ Subscriptions = [] }) =>
      names(
        'subscription',
        Subscriptions.map(one => `${one.TopicArn} ${one.Endpoint}`),
      ),
    ),
    events.listRules({}).then(({ Rules = [] }) =>
      names(
        'rule',
        Rules.map(one => one.Name),
      ),
    ),
    scheduler.listScheduleGroups({}).then(({ ScheduleGroups = [] }) =>
      names(
        'schedule-group',
        ScheduleGroups.map(one => one.Name),
      ),
    ),
    scheduler.listSchedules({}).then(({ Schedules = [] }) =>
      names(
        'schedule',
        Schedules.map(one => `${one.GroupName}/${one.Name}`),
      ),
    ),
    parametersOf(ssm).then(list => names('parameter', list)),
  ];
}

/** The name of a layer as often as it has versions. */
async function layersOf(lambda: Clients['lambda']): Promise<string[]> {
  const { Layers = [] } = await lambda.listLayers({});
  const versions = Layers.map(async ({ LayerName = '' }) => {
    const { LayerVersions = [] } = await lambda.listLayerVersions({ LayerName });
    return LayerVersions.map(() => LayerName);
  });
  return (await Promise.all(versions)).flat();
}

/** What is in every bucket, as `bucket/key`. */
async function objectsOf(s3: Clients['s3']): Promise<string[]> {
  const { Buckets = [] } = await s3.listBuckets({});
  const contents = Buckets.map(async ({ Name: Bucket }) => {
    const { Contents = [] } = await s3.listObjectsV2({ Bucket });
    return Contents.map(({ Key }) => `${Bucket}/${Key}`);
  });
  return (await Promise.all(contents)).flat();
}

/** Those of the account: moto lists AWS's own as well, once one of them was read. */
async function parametersOf(client: SSM): Promise<string[]> {
  const names: string[] = [];
  for await (const { Parameters = [] } of paginateDescribeParameters({ client }, {}))
    names.push(...Parameters.map(({ Name = '' }) => Name).filter(name => !name.startsWith('/aws/')));
  return names;
}

/**
 * All that carries a tag, in the words of the tagging API. Emulators read the service out of the signature and do not
 * check it.
 */
async function taggedAt(url: string, region: string): Promise<Row[]> {
  const rows: Row[] = [];
  let token: string | undefined;
  do {
    const answer = await fetch(url, {
      method: 'POST',
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=wire/20260101/${region}/tagging/aws4_request, SignedHeaders=host, Signature=none`,
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'ResourceGroupsTaggingAPI_20170126.GetResources',
      },
      body: JSON.stringify(token ? { PaginationToken: token } : {}),
    });
    if (!answer.ok) throw new Error(`The tagging API answered ${answer.status}: ${await answer.text()}`);
    const page = (await answer.json()) as {
      ResourceTagMappingList: { ResourceARN: string }[];
      PaginationToken?: string;
    };
    rows.push(...page.ResourceTagMappingList.map(({ ResourceARN }) => ({ type: 'tagged', id: ResourceARN })));
    token = page.PaginationToken;
  } while (token);
  return rows;
}

const words = ({ type, id, state = '' }: Row) => `${type} ${id} ${state}`.trim();

/** What the second listing has and the first had not, as `type id state`. */
export function newSince(before: readonly Row[], after: readonly Row[]): string[] {
  const known = new Set(before.map(words));
  return after.map(words).filter(row => !known.has(row));
}
