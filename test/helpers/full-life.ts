import { strToU8, unzipSync, zipSync } from 'fflate';
import type { Artifacts } from '../../src/provision/artifacts.ts';
import type { Pipeline } from '../../src/provision/pipeline.ts';
import type { Verb } from '../../src/provision/policy/verbs.ts';
import { confirmationIn } from '../../src/provision/readers/confirm-reader.ts';
import type { GivenSettings } from '../../src/settings/given.ts';
import { attachVpnGateway } from '../../src/simulator/ec2/network/attachments.ts';
import { newNetworkAcl, putBefore } from '../../src/simulator/ec2/network/network-acls.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { formerFilters, giveFilters, makeFormer } from './former-readers.ts';
import { secretPassword, silent, smallArtifacts } from './simulated-stack.ts';

const berlin = { timezone: 'Europe/Berlin' };
const RoleName = 'salesAnalysisReportRole';
const functionName = 'salesAnalysisReportDataExtractor';
const Bucket = 'salesreport-salesreport-123456789012-eu-west-1';
const newerCode = {
  ...smallArtifacts,
  functionZip: zipSync({ ...unzipSync(smallArtifacts.functionZip), 'new.txt': strToU8('') }),
};

/** What the pipeline of an act is opened with. */
interface Scene {
  settings?: object;
  /** What of them is kept in the record. */
  given?: GivenSettings;
  artifacts?: Artifacts;
}

/** Plays one act of the life: opens a pipeline and does the work with it. */
export type Stage = (verb: Verb, scene: Scene, work: (pipeline: Pipeline) => Promise<unknown>) => Promise<void>;

/**
 * A life in which every kind of work is done: making, mending each thing that can be mended, serving, changing, taking
 * down.
 */
export async function fullLife(aws: Simulator, stage: Stage): Promise<void> {
  const provision = (settings?: object, artifacts?: Artifacts) =>
    stage('provision', { settings, artifacts }, pipeline => pipeline.provision(silent));

  await provision();
  // The set-up of the host takes longer than it is waited for.
  const host = aws.world.ec2.instances.existing().find(({ privateIp }) => privateIp === '10.0.0.10')!;
  host.readyAt = aws.world.now() + 16 * 60_000;
  await stage('provision', {}, pipeline => pipeline.probe(silent));
  const ann = ['ann@example.com'];
  await stage('subscribe', {}, pipeline => pipeline.subscribe('email', ann));
  aws.world.sns.confirm('ann@example.com');
  await stage('subscribe', {}, pipeline => pipeline.subscribe('email', ann, { operator: true }));
  await stage('subscribe', {}, async pipeline => {
    await pipeline.subscribe('email', ['bob@example.com']);
    await pipeline.confirm(confirmationIn(aws.world.sns.linkFor('bob@example.com')));
  });
  // Somebody's filter keeps the reports from her.
  giveFilters(aws, () => '{"kind":["none"]}');
  await stage('subscribe', {}, pipeline => pipeline.subscribe('email', ann));
  await stage('provision', {}, pipeline => pipeline.probe(silent));
  await stage('provision --dry-run', {}, pipeline => pipeline.plan());
  await stage('run', {}, pipeline => pipeline.invoke({ probe: true }));
  await stage('check', {}, pipeline => pipeline.invoke({ probe: true }));
  await aws.answer('s3', 'PutObject', { Bucket, Key: 'reports/2026/11/24/report.txt', Body: 'a report' });
  const readArchive = async (pipeline: Pipeline) => {
    for (const key of await pipeline.archive.list('reports/')) await pipeline.archive.get(key);
  };
  await stage('history', {}, readArchive);
  await stage('backfill', {}, pipeline => pipeline.invoke({ probe: true }));
  await stage('settings', {}, pipeline => pipeline.deployed());
  await stage('password', {}, pipeline => pipeline.setPassword(silent, secretPassword));
  await stage('status', {}, async pipeline => {
    await pipeline.status();
    await readArchive(pipeline);
  });
  await stage('verify', {}, async pipeline => {
    await pipeline.verify(silent, Promise.resolve({ hop: 'last report', state: 'skipped' }));
    await readArchive(pipeline);
    await pipeline.lock();
  });
  // The host stands but never says that it is ready, which its console explains.
  host.readyAt = aws.world.now() + 60 * 60_000;
  await stage('verify', {}, pipeline =>
    pipeline.verify(silent, Promise.resolve({ hop: 'last report', state: 'skipped' })),
  );
  host.readyAt = aws.world.now();

  await editByHand(aws);
  await provision();
  const { networkAcls } = aws.world.ec2;
  for (const acl of networkAcls.existing().filter(({ isDefault }) => !isDefault)) networkAcls.remove(acl);
  await provision({ function: { memory: 512 }, network: { webPorts: false } }, newerCode);
  await provision(berlin);
  const tagged = { ...berlin, tags: { shop: 'Corner' } };
  await stage('provision', { settings: tagged, given: tagged }, pipeline => pipeline.provision(silent));
  await provision({ ...berlin, schedule: 'cron(0 7 ? * MON *)' });
  const permissionsBoundary = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
  await provision({ ...berlin, iam: { permissionsBoundary } });
  await provision(berlin);
  aws.world.iam.instanceProfile('salesAnalysisReportCliHostRole')!.roles = [RoleName];
  await provision(berlin);
  await provision({ ...berlin, hosts: { cli: false } });
  await provision(berlin);
  await stage('sweep', { settings: berlin }, pipeline => pipeline.sweep(silent, { allRegions: true }));
  // Lambda sometimes lets a network interface lie when it has let go of it.
  aws.world.ec2.releaseLambdaInterfaces(functionName, aws.world.now(), aws.world.now() + 1_000, { reclaim: false });
  // Somebody has attached a gateway, so that it is asked what holds the VPC.
  const held = attachVpnGateway(aws.world, aws.world.ec2.vpcs.existing()[0]!);
  const all = { deleteArchive: true, snapshot: true };
  await stage('teardown', { settings: berlin }, pipeline => pipeline.teardown(silent, all));
  aws.world.ec2.vpnGateways.remove(held);
  await stage('teardown', { settings: berlin }, pipeline => pipeline.teardown(silent, all));
}

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
    kind =>
      ec2.routeTables.existing().find(({ tags }) => tags.asOf()['salesreport:resource'] === `route-table.${kind}`)!,
  );
  const [firstHost, secondHost] = ec2.instances.existing();
  const office = { DestinationCidrBlock: '192.168.0.0/16', NetworkInterfaceId: firstHost!.interfaceId };
  await aws.answer('ec2', 'CreateRoute', { RouteTableId: publicTable!.id, ...office });
  const AssociationId = privateTable!.associations[0]!.id;
  const RouteTableId = aws.world.ec2.routeTables.existing().find(({ main }) => main)!.id;
  await aws.answer('ec2', 'ReplaceRouteTableAssociation', { AssociationId, RouteTableId });
  const [acl] = ec2.networkAcls.existing();
  const deny = { NetworkAclId: acl!.id, Protocol: '-1', RuleAction: 'deny', CidrBlock: '192.168.0.0/16' } as const;
  await aws.answer('ec2', 'CreateNetworkAclEntry', { ...deny, RuleNumber: 90, Egress: false });
  await aws.answer('ec2', 'ReplaceNetworkAclEntry', { ...deny, RuleNumber: 100, Egress: false });
  await aws.answer('ec2', 'DeleteNetworkAclEntry', { NetworkAclId: acl!.id, RuleNumber: 100, Egress: true });
  putBefore(aws.world, newNetworkAcl(aws.world, ec2.vpcs.existing()[0]!, false), subnet!);
  const main = ec2.routeTables.existing().find(one => one.main)!;
  const mainAssociation = main.associations.find(({ subnetId }) => subnetId === undefined)!.id;
  await aws.answer('ec2', 'ReplaceRouteTableAssociation', {
    AssociationId: mainAssociation,
    RouteTableId: publicTable!.id,
  });
  await aws.answer('ec2', 'ModifyInstanceMetadataOptions', { InstanceId: firstHost!.id, HttpTokens: 'optional' });
  firstHost!.profileArn = firstHost!.profileArn!.replace(/[^/]+$/, 'other');
  delete secondHost!.profileArn;
  delete secondHost!.profileAssociation;
  aws.world.lambda.functions.get(functionName)!.reserved = 0;
  for (const topic of aws.world.sns.topics.values()) topic.key = 'alias/mine';
  makeFormer(aws, address => (address.startsWith('bob') ? formerFilters.notices : formerFilters.report));
  for (const { id } of ec2.natGateways.existing()) await aws.answer('ec2', 'DeleteNatGateway', { NatGatewayId: id });
  await aws.world.clock.sleep(120_000);
}
