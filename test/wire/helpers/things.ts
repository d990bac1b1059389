import { zipSync } from 'fflate';
import type { Clients } from './clients.ts';

let nth = 0;
export const unique = (prefix: string) => `${prefix}-${nth++}`;

export const newVpc = async ({ ec2 }: Clients) => (await ec2.createVpc({ CidrBlock: '10.0.0.0/16' })).Vpc!.VpcId!;

export async function newSubnet(aws: Clients) {
  const VpcId = await newVpc(aws);
  const { Subnet } = await aws.ec2.createSubnet({ VpcId, CidrBlock: '10.0.0.0/20' });
  return { VpcId, SubnetId: Subnet!.SubnetId! };
}

export const newGroup = async ({ ec2 }: Clients, VpcId: string, GroupName = 'Web') =>
  (await ec2.createSecurityGroup({ VpcId, GroupName, Description: 'a group' })).GroupId!;

export async function newInterface(aws: Clients) {
  const { VpcId, SubnetId } = await newSubnet(aws);
  const GroupId = await newGroup(aws, VpcId);
  const { NetworkInterface } = await aws.ec2.createNetworkInterface({ SubnetId, Groups: [GroupId] });
  return { VpcId, SubnetId, GroupId, NetworkInterfaceId: NetworkInterface!.NetworkInterfaceId! };
}

export async function newGateway(aws: Clients) {
  const VpcId = await newVpc(aws);
  const { InternetGateway } = await aws.ec2.createInternetGateway({});
  const InternetGatewayId = InternetGateway!.InternetGatewayId!;
  await aws.ec2.attachInternetGateway({ VpcId, InternetGatewayId });
  return { VpcId, InternetGatewayId };
}

export async function newNat(aws: Clients, tokens?: { ClientToken: string }) {
  const { VpcId, SubnetId } = await newSubnet(aws);
  const { AllocationId } = await aws.ec2.allocateAddress({ Domain: 'vpc' });
  const create = () => aws.ec2.createNatGateway({ SubnetId, AllocationId, ...tokens });
  const { NatGateway } = await create();
  return { VpcId, SubnetId, AllocationId: AllocationId!, NatGatewayId: NatGateway!.NatGatewayId!, create };
}

export async function newInstance(aws: Clients, more: object = {}) {
  const { SubnetId } = await newSubnet(aws);
  const { Instances } = await aws.ec2.runInstances({
    ImageId: 'ami-12c6146b',
    InstanceType: 't4g.micro',
    MinCount: 1,
    MaxCount: 1,
    NetworkInterfaces: [{ DeviceIndex: 0, SubnetId, AssociatePublicIpAddress: true, PrivateIpAddress: '10.0.0.10' }],
    ...more,
  });
  return Instances![0]!;
}

export const trust = (service: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
  });

export async function newRole({ iam }: Clients) {
  const RoleName = unique('role');
  const { Role } = await iam.createRole({ RoleName, AssumeRolePolicyDocument: trust('lambda.amazonaws.com') });
  return { RoleName, Arn: Role!.Arn! };
}

export async function newProfile(aws: Clients) {
  const { RoleName } = await newRole(aws);
  const InstanceProfileName = unique('profile');
  await aws.iam.createInstanceProfile({ InstanceProfileName });
  await aws.iam.addRoleToInstanceProfile({ InstanceProfileName, RoleName });
  return { RoleName, InstanceProfileName };
}

const zip = zipSync({
  'index.js': new TextEncoder().encode('exports.handler = async event => ({ node: process.version });'),
});

export const newFunction = ({ lambda }: Clients, Role: string, more: object = {}) =>
  lambda.createFunction({
    FunctionName: unique('function'),
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    Role,
    Code: { ZipFile: zip },
    ...more,
  });

/** A bucket, and what is put into it. */
export async function newBucket({ s3 }: Clients, more: object = {}) {
  const Bucket = unique('bucket');
  await s3.createBucket({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1', ...more } });
  const put = (Key: string, condition: object = {}) => s3.putObject({ Bucket, Key, Body: Key, ...condition });
  return { Bucket, put };
}

export async function newVersions(aws: Clients) {
  const made = await newBucket(aws);
  await aws.s3.putBucketVersioning({ Bucket: made.Bucket, VersioningConfiguration: { Status: 'Enabled' } });
  return made;
}

export const newTopic = async ({ sns }: Clients) => (await sns.createTopic({ Name: unique('topic') })).TopicArn!;
