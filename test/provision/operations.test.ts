import { strToU8, unzipSync, zipSync } from 'fflate';
import { beforeAll, expect, it } from 'vitest';
import type { CallRecord } from '../../src/provision/aws/aws.ts';
import type { Operation } from '../../src/provision/aws/operation.ts';
import type { Change } from '../../src/provision/engine/outcome.ts';
import { lockOperations } from '../../src/provision/lock/lock-store.ts';
import { allOperations, isMutating } from '../../src/provision/operations.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { catalogueOf } from '../helpers/catalogue-of.ts';
import { pipelineOn, silent, simulatedAws, smallArtifacts } from '../helpers/simulated-stack.ts';

const berlin = { timezone: 'Europe/Berlin' };
const RoleName = 'salesAnalysisReportRole';
const functionName = 'salesAnalysisReportDataExtractor';
const Bucket = 'salesreport-salesreport-123456789012-eu-west-1';
const newerCode = {
  ...smallArtifacts,
  functionZip: zipSync({ ...unzipSync(smallArtifacts.functionZip), 'new.txt': strToU8('') }),
};

/** One act of a stack's life: what was announced for each resource, and the mutating calls that were made for it. */
interface Act {
  announced: Map<string, readonly Operation[]>;
  calls: CallRecord[];
}

const acts: Act[] = [];
const called = new Set<Operation>();

/** Lives in which every kind of work is done: making, mending each thing that can be mended, serving, changing, taking down. */
async function live(): Promise<void> {
  const aws = simulatedAws();
  const open = async (settings: object = {}, artifacts = smallArtifacts) => {
    const calls: CallRecord[] = [];
    const pipeline = await pipelineOn(aws, { settings, artifacts, onCall: call => calls.push(call) });
    return { calls, pipeline };
  };
  const note = ({ calls }: { calls: CallRecord[] }, announced: Act['announced']) => {
    for (const { operation } of calls) called.add(operation);
    announced.set('lock', lockOperations);
    acts.push({ announced, calls: calls.filter(({ operation }) => isMutating(operation)) });
  };
  const provision = async (settings?: object, artifacts?: typeof smallArtifacts) => {
    const opened = await open(settings, artifacts);
    const { changes } = await opened.pipeline.plan();
    await opened.pipeline.provision(silent);
    note(opened, announcedBy(changes));
    expect((await opened.pipeline.plan()).changes).toEqual([]);
  };
  const teardown = async (settings?: object) => {
    const opened = await open(settings);
    await opened.pipeline.sweep(silent, { allRegions: true });
    expect((await opened.pipeline.teardown(silent, { deleteArchive: true, snapshot: true })).left).toEqual([]);
    const announced = catalogueOf(aws, settings).map(({ id, operations }) => [id, operations.remove] as const);
    note(opened, new Map([...announced, ['snapshot.database', ['ec2:CreateSnapshot']]]));
  };

  await provision();
  const served = await open();
  // The set-up of the host takes longer than it is waited for.
  const host = aws.world.ec2.instances.existing().find(({ privateIp }) => privateIp === '10.0.0.10')!;
  host.readyAt = aws.world.now() + 16 * 60_000;
  await served.pipeline.probe(silent);
  await served.pipeline.subscribe('email', ['ann@example.com']);
  aws.world.sns.confirm('ann@example.com');
  await served.pipeline.subscribe('email', ['ann@example.com'], { notices: true });
  await served.pipeline.probe(silent);
  await served.pipeline.status();
  await aws.answer('s3', 'PutObject', { Bucket, Key: 'reports/2026/11/24/report.txt', Body: 'a report' });
  for (const key of await served.pipeline.archive.list('reports/')) await served.pipeline.archive.get(key);
  note(served, new Map());

  await editByHand(aws);
  await provision();
  await provision({ function: { memory: 512 }, network: { webPorts: false } }, newerCode);
  await provision(berlin);
  await provision({ ...berlin, tags: { shop: 'Corner' } });
  await provision({ ...berlin, schedule: 'cron(0 7 ? * MON *)' });
  const permissionsBoundary = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
  await provision({ ...berlin, iam: { permissionsBoundary } });
  await provision(berlin);
  aws.world.iam.instanceProfile('salesAnalysisReportCliHostRole')!.roles = [RoleName];
  await provision(berlin);
  // Lambda sometimes lets a network interface lie when it has let go of it.
  aws.world.ec2.releaseLambdaInterfaces(functionName, aws.world.now(), aws.world.now() + 1_000, false);
  await teardown(berlin);
}

const announcedBy = (changes: readonly Change[]): Act['announced'] => {
  const announced = new Map<string, readonly Operation[]>();
  for (const { id, operations } of changes) announced.set(id, [...(announced.get(id) ?? []), ...operations]);
  return announced;
};

async function editByHand(aws: Simulator): Promise<void> {
  const Rule = 'salesAnalysisReportSchedule';
  const trust = { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' };
  const wide = { Effect: 'Allow', Action: 'sns:*', Resource: '*' };
  const policy = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  await aws.answer('iam', 'UpdateAssumeRolePolicy', { RoleName, PolicyDocument: policy(trust) });
  await aws.answer('iam', 'PutRolePolicy', { RoleName, PolicyName: 'wide', PolicyDocument: policy(wide) });
  aws.world.iam.role(RoleName)!.attached.set('arn:aws:iam::aws:policy/AmazonSNSFullAccess', 'AmazonSNSFullAccess');
  const [endpoint] = aws.world.ec2.endpoints.existing();
  const [table] = aws.world.ec2.routeTables
    .existing()
    .filter(({ routes }) => routes.some(({ target }) => target === endpoint!.id));
  await aws.answer('ec2', 'ModifyVpcEndpoint', { VpcEndpointId: endpoint!.id, RemoveRouteTableIds: [table!.id] });
  await aws.answer('events', 'PutTargets', { Rule, Targets: [{ Id: 'x', Arn: 'arn:aws:sqs:eu-west-1:1:q' }] });
  await aws.answer('lambda', 'RemovePermission', { FunctionName: functionName, StatementId: Rule });
  await aws.answer('s3', 'PutBucketOwnershipControls', {
    Bucket,
    OwnershipControls: { Rules: [{ ObjectOwnership: 'ObjectWriter' }] },
  });
  await aws.answer('s3', 'PutBucketEncryption', {
    Bucket,
    ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } }] },
  });
  const ec2 = aws.world.ec2;
  const group = ec2.groups.existing().find(({ name }) => name === 'Database')!;
  const everything = { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] };
  await aws.answer('ec2', 'RevokeSecurityGroupEgress', { GroupId: group.id, IpPermissions: [everything] });
  const [subnet] = ec2.subnets.existing();
  await aws.answer('ec2', 'ModifySubnetAttribute', { SubnetId: subnet!.id, MapPublicIpOnLaunch: { Value: true } });
  const [publicTable, privateTable] = ['public', 'private'].map(
    kind => ec2.routeTables.existing().find(({ tags }) => tags.asOf()['salesreport:resource'] === `route-table.${kind}`)!,
  );
  const [firstHost, secondHost] = ec2.instances.existing();
  const office = { DestinationCidrBlock: '192.168.0.0/16', NetworkInterfaceId: firstHost!.interfaceId };
  await aws.answer('ec2', 'CreateRoute', { RouteTableId: publicTable!.id, ...office });
  const AssociationId = privateTable!.associations[0]!.id;
  await aws.answer('ec2', 'ReplaceRouteTableAssociation', { AssociationId, RouteTableId: publicTable!.id });
  await aws.answer('ec2', 'ModifyInstanceMetadataOptions', { InstanceId: firstHost!.id, HttpTokens: 'optional' });
  firstHost!.profileArn = firstHost!.profileArn!.replace(/[^/]+$/, 'other');
  delete secondHost!.profileArn;
  delete secondHost!.profileAssociation;
  aws.world.lambda.functions.get(functionName)!.reserved = 0;
  for (const topic of aws.world.sns.topics.values()) topic.key = 'alias/mine';
  for (const { id } of ec2.natGateways.existing()) await aws.answer('ec2', 'DeleteNatGateway', { NatGatewayId: id });
  await aws.world.clock.sleep(120_000);
}

beforeAll(live, 60_000);

it('for a resource only the operations that were announced for it are called', () => {
  const surprises = acts.flatMap(({ announced, calls }) =>
    calls
      .filter(({ resource, operation }) => resource !== undefined && !announced.get(resource)?.includes(operation))
      .map(({ resource, operation }) => `${resource}: ${operation}`),
  );
  expect(surprises).toEqual([]);
});

it('nothing is changed but for a resource, apart from starting the function and adding readers', () => {
  const nobodys = acts.flatMap(({ calls }) => calls.filter(({ resource }) => resource === undefined));
  expect([...new Set(nobodys.map(({ operation }) => operation))].sort()).toEqual([
    'lambda:Invoke',
    'sns:SetSubscriptionAttributes',
    'sns:Subscribe',
  ]);
});

it('each operation that the tool knows is called in some life', () => {
  expect(allOperations.filter(operation => !called.has(operation))).toEqual([]);
});
