import { paginateDescribeParameters, type SSM } from '@aws-sdk/client-ssm';
import { type Clients, clientsFor } from './clients.ts';

/** One thing in the account, as its service lists it. */
export interface Row {
  type: string;
  id: string;
  /** Where a thing that has ended is listed for a while. */
  state?: string;
}

/**
 * Everything of the kinds that a pipeline is made of that an emulator has in a region, asked with plain clients. What AWS lists for an hour after
 * it has ended is left out, with its tags: terminated instances and deleted NAT gateways.
 */
export async function listingOf(url: string, region: string): Promise<Row[]> {
  const aws = clientsFor(url, region);
  const rows = (await Promise.all([...networkOf(aws), ...accountOf(aws), taggedAt(url, region)])).flat();
  const ended = rows.filter(({ type, state }) => ['instance terminated', 'nat-gateway deleted'].includes(`${type} ${state}`));
  return rows.filter(row => !ended.some(({ id }) => row.id === id || row.id.endsWith(`/${id}`)));
}

function networkOf({ ec2 }: Clients): Promise<Row[]>[] {
  const ids = (type: string, list: { id?: string; state?: string }[]): Row[] =>
    list.map(({ id = '', state }) => ({ type, id, ...(state ? { state } : {}) }));
  return [
    ec2.describeVpcs({}).then(({ Vpcs = [] }) =>
      ids(
        'vpc',
        Vpcs.map(one => ({ id: one.VpcId })),
      ),
    ),
    ec2.describeSubnets({}).then(({ Subnets = [] }) =>
      ids(
        'subnet',
        Subnets.map(one => ({ id: one.SubnetId })),
      ),
    ),
    ec2.describeInternetGateways({}).then(({ InternetGateways = [] }) =>
      ids(
        'internet-gateway',
        InternetGateways.map(one => ({ id: one.InternetGatewayId })),
      ),
    ),
    ec2.describeAddresses({}).then(({ Addresses = [] }) =>
      ids(
        'address',
        Addresses.map(one => ({ id: one.AllocationId })),
      ),
    ),
    ec2.describeNatGateways({}).then(({ NatGateways = [] }) =>
      ids(
        'nat-gateway',
        NatGateways.map(one => ({ id: one.NatGatewayId, state: one.State })),
      ),
    ),
    ec2.describeRouteTables({}).then(({ RouteTables = [] }) =>
      ids(
        'route-table',
        RouteTables.map(one => ({ id: one.RouteTableId })),
      ),
    ),
    ec2.describeSecurityGroups({}).then(({ SecurityGroups = [] }) =>
      ids(
        'security-group',
        SecurityGroups.map(one => ({ id: one.GroupId })),
      ),
    ),
    ec2.describeVpcEndpoints({}).then(({ VpcEndpoints = [] }) =>
      ids(
        'endpoint',
        VpcEndpoints.map(one => ({ id: one.VpcEndpointId })),
      ),
    ),
    ec2.describeNetworkInterfaces({}).then(({ NetworkInterfaces = [] }) =>
      ids(
        'network-interface',
        NetworkInterfaces.map(one => ({ id: one.NetworkInterfaceId })),
      ),
    ),
    ec2.describeVolumes({}).then(({ Volumes = [] }) =>
      ids(
        'volume',
        Volumes.map(one => ({ id: one.VolumeId })),
      ),
    ),
    ec2.describeInstances({}).then(({ Reservations = [] }) =>
      ids(
        'instance',
        Reservations.flatMap(({ Instances = [] }) => Instances).map(one => ({ id: one.InstanceId, state: one.State?.Name })),
      ),
    ),
  ];
}

function accountOf({ events, iam, lambda, logs, scheduler, sns, ssm }: Clients): Promise<Row[]>[] {
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
    lambda.listLayers({}).then(({ Layers = [] }) =>
      names(
        'layer',
        Layers.map(one => one.LayerName),
      ),
    ),
    logs.describeLogGroups({}).then(({ logGroups = [] }) =>
      names(
        'log-group',
        logGroups.map(one => one.logGroupName),
      ),
    ),
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

/** Those of the account: moto lists AWS's own as well, once one of them was read. */
async function parametersOf(client: SSM): Promise<string[]> {
  const names: string[] = [];
  for await (const { Parameters = [] } of paginateDescribeParameters({ client }, {}))
    names.push(...Parameters.map(({ Name = '' }) => Name).filter(name => !name.startsWith('/aws/')));
  return names;
}

/** All that carries a tag, in the words of the tagging API. Emulators read the service out of the signature and do not check it. */
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
    const page = (await answer.json()) as { ResourceTagMappingList: { ResourceARN: string }[]; PaginationToken?: string };
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

/** How many of each type. */
export function countsOf(rows: readonly Row[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { type } of rows) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}
