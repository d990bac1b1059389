import { isDeepStrictEqual } from 'node:util';
import type { EC2ServiceException as ServiceException } from '@aws-sdk/client-ec2';
import type { Clients } from './helpers/clients.ts';
import {
  newBucket,
  newFunction,
  newGateway,
  newGroup,
  newInstance,
  newInterface,
  newNat,
  newProfile,
  newRole,
  newSubnet,
  newTopic,
  newVersions,
  newVpc,
  trust,
  unique,
} from './helpers/things.ts';

/** One thing that AWS does in one way, and emulators perhaps in another. */
export interface Rule {
  what: string;
  /** What happens at AWS. */
  aws: string;
  /** Builds what it needs and says what happened, in such words. */
  probe(aws: Clients): Promise<string>;
}

/** `allowed`, or the name of the error. */
async function outcomeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'allowed';
  } catch (error) {
    const { name, $metadata } = error as ServiceException;
    return name === 'Error' ? `HTTP ${$metadata.httpStatusCode}` : name;
  }
}

export const rules: Rule[] = [
  {
    what: 'delete a security group that a network interface carries',
    aws: 'DependencyViolation',
    probe: async aws => outcomeOf(aws.ec2.deleteSecurityGroup({ GroupId: (await newInterface(aws)).GroupId })),
  },
  {
    what: 'delete a security group that another names',
    aws: 'DependencyViolation',
    probe: async aws => {
      const VpcId = await newVpc(aws);
      const [GroupId, other] = [await newGroup(aws, VpcId), await newGroup(aws, VpcId, 'Database')];
      await aws.ec2.authorizeSecurityGroupIngress({
        GroupId: other,
        IpPermissions: [{ IpProtocol: 'tcp', FromPort: 3306, ToPort: 3306, UserIdGroupPairs: [{ GroupId }] }],
      });
      return outcomeOf(aws.ec2.deleteSecurityGroup({ GroupId }));
    },
  },
  {
    what: 'delete the default security group',
    aws: 'CannotDelete',
    probe: async aws => {
      const { SecurityGroups } = await aws.ec2.describeSecurityGroups({
        Filters: [
          { Name: 'vpc-id', Values: [await newVpc(aws)] },
          { Name: 'group-name', Values: ['default'] },
        ],
      });
      return outcomeOf(aws.ec2.deleteSecurityGroup({ GroupId: SecurityGroups![0]!.GroupId }));
    },
  },
  {
    what: 'delete a subnet with a network interface',
    aws: 'DependencyViolation',
    probe: async aws => outcomeOf(aws.ec2.deleteSubnet({ SubnetId: (await newInterface(aws)).SubnetId })),
  },
  {
    what: 'delete a subnet with a NAT gateway',
    aws: 'DependencyViolation',
    probe: async aws => outcomeOf(aws.ec2.deleteSubnet({ SubnetId: (await newNat(aws)).SubnetId })),
  },
  {
    what: 'detach an internet gateway below public addresses',
    aws: 'DependencyViolation',
    probe: async aws => {
      const { SubnetId, VpcId } = await newSubnet(aws);
      const { InternetGateway } = await aws.ec2.createInternetGateway({});
      const InternetGatewayId = InternetGateway!.InternetGatewayId!;
      await aws.ec2.attachInternetGateway({ InternetGatewayId, VpcId });
      const { AllocationId } = await aws.ec2.allocateAddress({ Domain: 'vpc' });
      await aws.ec2.createNatGateway({ SubnetId, AllocationId });
      return outcomeOf(aws.ec2.detachInternetGateway({ InternetGatewayId, VpcId }));
    },
  },
  {
    what: 'delete an attached internet gateway',
    aws: 'DependencyViolation',
    probe: async aws =>
      outcomeOf(aws.ec2.deleteInternetGateway({ InternetGatewayId: (await newGateway(aws)).InternetGatewayId })),
  },
  {
    what: 'delete a VPC with a subnet',
    aws: 'DependencyViolation',
    probe: async aws => outcomeOf(aws.ec2.deleteVpc({ VpcId: (await newSubnet(aws)).VpcId })),
  },
  {
    what: 'delete a VPC with a security group',
    aws: 'DependencyViolation',
    probe: async aws => {
      const VpcId = await newVpc(aws);
      await newGroup(aws, VpcId);
      return outcomeOf(aws.ec2.deleteVpc({ VpcId }));
    },
  },
  {
    what: 'delete a VPC with an internet gateway',
    aws: 'DependencyViolation',
    probe: async aws => outcomeOf(aws.ec2.deleteVpc({ VpcId: (await newGateway(aws)).VpcId })),
  },
  {
    what: 'delete a VPC with a route table',
    aws: 'DependencyViolation',
    probe: async aws => {
      const VpcId = await newVpc(aws);
      await aws.ec2.createRouteTable({ VpcId });
      return outcomeOf(aws.ec2.deleteVpc({ VpcId }));
    },
  },
  {
    what: 'delete a VPC with an endpoint',
    aws: 'DependencyViolation',
    probe: async aws => {
      const VpcId = await newVpc(aws);
      await aws.ec2.createVpcEndpoint({ VpcId, ServiceName: 'com.amazonaws.eu-west-1.s3' });
      return outcomeOf(aws.ec2.deleteVpc({ VpcId }));
    },
  },
  {
    what: 'delete a route table with an association',
    aws: 'DependencyViolation',
    probe: async aws => {
      const { VpcId, SubnetId } = await newSubnet(aws);
      const { RouteTable } = await aws.ec2.createRouteTable({ VpcId });
      await aws.ec2.associateRouteTable({ SubnetId, RouteTableId: RouteTable!.RouteTableId! });
      return outcomeOf(aws.ec2.deleteRouteTable({ RouteTableId: RouteTable!.RouteTableId! }));
    },
  },
  {
    what: 'release the address of a NAT gateway',
    aws: 'AuthFailure',
    probe: async aws => outcomeOf(aws.ec2.releaseAddress({ AllocationId: (await newNat(aws)).AllocationId })),
  },
  {
    what: 'delete the network interface of an instance',
    aws: 'InvalidParameterValue',
    probe: async aws => {
      const { SubnetId } = await newInstance(aws);
      const { NetworkInterfaces = [] } = await aws.ec2.describeNetworkInterfaces({});
      const own = NetworkInterfaces.find(one => one.SubnetId === SubnetId);
      return own ? outcomeOf(aws.ec2.deleteNetworkInterface(own as { NetworkInterfaceId: string })) : 'it has none';
    },
  },
  {
    what: 'delete a role with a policy',
    aws: 'DeleteConflictException',
    probe: async aws => {
      const { RoleName } = await newRole(aws);
      await aws.iam.putRolePolicy({
        RoleName,
        PolicyName: 'p',
        PolicyDocument:
          '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sns:Publish","Resource":"*"}]}',
      });
      return outcomeOf(aws.iam.deleteRole({ RoleName }));
    },
  },
  {
    what: 'delete a role that is in a profile',
    aws: 'DeleteConflictException',
    probe: async aws => outcomeOf(aws.iam.deleteRole({ RoleName: (await newProfile(aws)).RoleName })),
  },
  {
    what: 'delete a profile with a role',
    aws: 'DeleteConflictException',
    probe: async aws =>
      outcomeOf(aws.iam.deleteInstanceProfile({ InstanceProfileName: (await newProfile(aws)).InstanceProfileName })),
  },
  {
    what: 'take a role out of a profile twice',
    aws: 'NoSuchEntityException',
    probe: async aws => {
      const { RoleName, InstanceProfileName } = await newProfile(aws);
      await aws.iam.removeRoleFromInstanceProfile({ RoleName, InstanceProfileName });
      return outcomeOf(aws.iam.removeRoleFromInstanceProfile({ RoleName, InstanceProfileName }));
    },
  },
  {
    what: 'delete a rule with a target',
    aws: 'ValidationException',
    probe: async aws => {
      const Name = unique('rule');
      await aws.events.putRule({ Name, ScheduleExpression: 'rate(1 day)' });
      await aws.events.putTargets({
        Rule: Name,
        Targets: [{ Id: '1', Arn: 'arn:aws:lambda:eu-west-1:123456789012:function:f' }],
      });
      return outcomeOf(aws.events.deleteRule({ Name }));
    },
  },
  {
    what: 'create a function with a role that does not exist',
    aws: 'InvalidParameterValueException',
    probe: aws => outcomeOf(newFunction(aws, 'arn:aws:iam::123456789012:role/nobody')),
  },
  {
    what: 'create a function with a role of another service',
    aws: 'InvalidParameterValueException',
    probe: async aws => {
      const RoleName = unique('role');
      const { Role } = await aws.iam.createRole({ RoleName, AssumeRolePolicyDocument: trust('ec2.amazonaws.com') });
      return outcomeOf(newFunction(aws, Role!.Arn!));
    },
  },
  {
    what: 'authorize a rule twice',
    aws: 'InvalidPermission.Duplicate',
    probe: async aws => {
      const GroupId = await newGroup(aws, await newVpc(aws));
      const authorize = () =>
        aws.ec2.authorizeSecurityGroupIngress({
          GroupId,
          IpPermissions: [{ IpProtocol: 'tcp', FromPort: 80, ToPort: 80, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
        });
      await authorize();
      return outcomeOf(authorize());
    },
  },
  {
    what: 'create a route twice',
    aws: 'RouteAlreadyExists',
    probe: async aws => {
      const { VpcId, InternetGatewayId } = await newGateway(aws);
      const { RouteTable } = await aws.ec2.createRouteTable({ VpcId });
      const create = () =>
        aws.ec2.createRoute({
          RouteTableId: RouteTable!.RouteTableId!,
          GatewayId: InternetGatewayId,
          DestinationCidrBlock: '0.0.0.0/0',
        });
      await create();
      return outcomeOf(create());
    },
  },
  {
    what: 'create a subnet twice',
    aws: 'InvalidSubnet.Conflict',
    probe: async aws => {
      const { VpcId } = await newSubnet(aws);
      return outcomeOf(aws.ec2.createSubnet({ VpcId, CidrBlock: '10.0.0.0/20' }));
    },
  },
  {
    what: 'create a security group twice',
    aws: 'InvalidGroup.Duplicate',
    probe: async aws => {
      const VpcId = await newVpc(aws);
      await newGroup(aws, VpcId);
      return outcomeOf(newGroup(aws, VpcId));
    },
  },
  {
    what: 'DryRun of CreateVpc',
    aws: 'DryRunOperation',
    probe: aws => outcomeOf(aws.ec2.createVpc({ CidrBlock: '10.0.0.0/16', DryRun: true })),
  },
  {
    what: 'create a NAT gateway twice with one token',
    aws: 'one',
    probe: async aws => {
      const { NatGatewayId, create } = await newNat(aws, { ClientToken: unique('token') });
      const again = await create().catch((error: Error) => error);
      if (again instanceof Error) return again.name;
      return again.NatGateway!.NatGatewayId === NatGatewayId ? 'one' : 'two';
    },
  },
  {
    what: 'run an instance twice with one token',
    aws: 'one',
    probe: async aws => {
      const { SubnetId } = await newSubnet(aws);
      const ClientToken = unique('token');
      const run = () =>
        aws.ec2.runInstances({
          ImageId: 'ami-12c6146b',
          InstanceType: 't4g.micro',
          MinCount: 1,
          MaxCount: 1,
          SubnetId,
          ClientToken,
        });
      const [first, second] = [await run(), await run()];
      return first.Instances![0]!.InstanceId === second.Instances![0]!.InstanceId ? 'one' : 'two';
    },
  },
  {
    what: 'the public parameter of the newest Amazon Linux 2023 image',
    aws: 'found',
    probe: async aws => {
      const Name = '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64';
      const outcome = await outcomeOf(aws.ssm.getParameter({ Name }));
      return outcome === 'allowed' ? 'found' : outcome;
    },
  },
  {
    what: 'find an address by its tags',
    aws: 'found',
    probe: async aws => {
      const Value = unique('owner');
      const Tags = [{ Key: 'owner', Value }];
      await aws.ec2.allocateAddress({ Domain: 'vpc' });
      await aws.ec2.allocateAddress({ Domain: 'vpc', TagSpecifications: [{ ResourceType: 'elastic-ip', Tags }] });
      const { Addresses = [] } = await aws.ec2.describeAddresses({ Filters: [{ Name: 'tag:owner', Values: [Value] }] });
      if (Addresses.length > 1) return 'all addresses';
      return Addresses[0]?.Tags?.[0]?.Value === Value ? 'found' : 'not found';
    },
  },
  {
    what: 'the association of the address of a NAT gateway',
    aws: 'shown',
    probe: async aws => {
      const { Addresses } = await aws.ec2.describeAddresses({ AllocationIds: [(await newNat(aws)).AllocationId] });
      return Addresses![0]!.AssociationId ? 'shown' : 'not shown';
    },
  },
  {
    what: 'find network interfaces by filter',
    aws: 'found',
    probe: async aws => {
      await newInterface(aws);
      const { NetworkInterfaceId, SubnetId } = await newInterface(aws);
      const { NetworkInterfaces = [] } = await aws.ec2.describeNetworkInterfaces({
        Filters: [{ Name: 'subnet-id', Values: [SubnetId] }],
      });
      if (NetworkInterfaces.length > 1) return 'all network interfaces';
      return NetworkInterfaces[0]?.NetworkInterfaceId === NetworkInterfaceId ? 'found' : 'not found';
    },
  },
  {
    what: 'the address of a NAT gateway',
    aws: 'shown',
    probe: async aws => {
      const { NatGatewayId, AllocationId } = await newNat(aws);
      const { NatGateways } = await aws.ec2.describeNatGateways({ NatGatewayIds: [NatGatewayId] });
      return NatGateways![0]!.NatGatewayAddresses?.[0]?.AllocationId === AllocationId ? 'shown' : 'not shown';
    },
  },
  {
    what: 'the private address that a NAT gateway is given',
    aws: 'its own',
    probe: async aws => {
      const { SubnetId } = await newSubnet(aws);
      const { AllocationId } = await aws.ec2.allocateAddress({ Domain: 'vpc' });
      const { Subnets } = await aws.ec2.describeSubnets({ SubnetIds: [SubnetId] });
      const PrivateIpAddress = Subnets![0]!.CidrBlock!.replace(/\d+\/\d+$/, '77');
      const { NatGateway } = await aws.ec2.createNatGateway({ SubnetId, AllocationId, PrivateIpAddress });
      const { NatGateways } = await aws.ec2.describeNatGateways({ NatGatewayIds: [NatGateway!.NatGatewayId!] });
      const { PrivateIp } = NatGateways![0]!.NatGatewayAddresses?.[0] ?? {};
      if (!PrivateIp) return 'not shown';
      return PrivateIp === PrivateIpAddress ? 'its own' : 'another';
    },
  },
  {
    what: 'state of a new NAT gateway',
    aws: 'pending',
    probe: async aws => {
      const { NatGateways } = await aws.ec2.describeNatGateways({ NatGatewayIds: [(await newNat(aws)).NatGatewayId] });
      return NatGateways![0]!.State!;
    },
  },
  {
    what: 'network interface of a deleted NAT gateway',
    aws: 'gone',
    probe: async aws => {
      const { NatGatewayId, SubnetId } = await newNat(aws);
      await aws.ec2.deleteNatGateway({ NatGatewayId });
      const { NetworkInterfaces = [] } = await aws.ec2.describeNetworkInterfaces({});
      return NetworkInterfaces.some(one => one.SubnetId === SubnetId) ? 'left behind' : 'gone';
    },
  },
  {
    what: 'whose the network interface of a NAT gateway is',
    aws: 'in its description',
    probe: async aws => {
      const { NatGatewayId, SubnetId } = await newNat(aws);
      const { NetworkInterfaces = [] } = await aws.ec2.describeNetworkInterfaces({});
      const own = NetworkInterfaces.find(one => one.SubnetId === SubnetId);
      return own?.Description === `Interface for NAT Gateway ${NatGatewayId}` ? 'in its description' : 'not told';
    },
  },
  {
    what: 'an unknown NAT gateway',
    aws: 'NatGatewayNotFound',
    probe: aws => outcomeOf(aws.ec2.deleteNatGateway({ NatGatewayId: 'nat-0123456789abcdef0' })),
  },
  {
    what: 'a fixed private address of an instance',
    aws: 'kept',
    probe: async aws => {
      const { InstanceId } = await newInstance(aws);
      const { Reservations } = await aws.ec2.describeInstances({ InstanceIds: [InstanceId!] });
      return Reservations![0]!.Instances![0]!.PrivateIpAddress === '10.0.0.10' ? 'kept' : 'another';
    },
  },
  {
    what: 'run a second instance at the same private address',
    aws: 'InvalidIPAddress.InUse',
    probe: async aws => {
      const { SubnetId } = await newInstance(aws);
      return outcomeOf(
        newInstance(aws, { NetworkInterfaces: [{ DeviceIndex: 0, SubnetId, PrivateIpAddress: '10.0.0.10' }] }),
      );
    },
  },
  {
    what: 'the groups of an instance whose network interface is described',
    aws: 'shown',
    probe: async aws => {
      const { SubnetId, VpcId } = await newSubnet(aws);
      const GroupId = await newGroup(aws, VpcId);
      const { InstanceId } = await newInstance(aws, {
        NetworkInterfaces: [{ DeviceIndex: 0, SubnetId, Groups: [GroupId] }],
      });
      const { Reservations } = await aws.ec2.describeInstances({ InstanceIds: [InstanceId!] });
      const groups = Reservations![0]!.Instances![0]!.SecurityGroups ?? [];
      return isDeepStrictEqual(
        groups.map(one => one.GroupId),
        [GroupId],
      )
        ? 'shown'
        : 'not shown';
    },
  },
  {
    what: 'termination protection from the start',
    aws: 'on',
    probe: async aws => {
      const { InstanceId } = await newInstance(aws, { DisableApiTermination: true });
      const { DisableApiTermination } = await aws.ec2.describeInstanceAttribute({
        InstanceId,
        Attribute: 'disableApiTermination',
      });
      return DisableApiTermination?.Value ? 'on' : 'off';
    },
  },
  {
    what: 'terminate a protected instance',
    aws: 'OperationNotPermitted',
    probe: async aws => {
      const { InstanceId } = await newInstance(aws, { DisableApiTermination: true });
      return outcomeOf(aws.ec2.terminateInstances({ InstanceIds: [InstanceId!] }));
    },
  },
  {
    what: 'the network interface of a terminated instance',
    aws: 'gone',
    probe: async aws => {
      const { InstanceId, SubnetId } = await newInstance(aws);
      await aws.ec2.terminateInstances({ InstanceIds: [InstanceId!] });
      const { NetworkInterfaces = [] } = await aws.ec2.describeNetworkInterfaces({});
      return NetworkInterfaces.some(one => one.SubnetId === SubnetId) ? 'left behind' : 'gone';
    },
  },
  {
    what: 'DescribeInstanceTypeOfferings',
    aws: 'allowed',
    probe: aws => outcomeOf(aws.ec2.describeInstanceTypeOfferings({ LocationType: 'availability-zone' })),
  },
  {
    what: 'DescribeVpcBlockPublicAccessOptions',
    aws: 'allowed',
    probe: aws => outcomeOf(aws.ec2.describeVpcBlockPublicAccessOptions({})),
  },
  {
    what: 'the quota of VPCs',
    aws: 'shown',
    probe: async aws => {
      const asked = aws.quotas.getServiceQuota({ ServiceCode: 'vpc', QuotaCode: 'L-F678F1CE' });
      const outcome = await outcomeOf(asked);
      return outcome === 'allowed' ? ((await asked).Quota?.Value ? 'shown' : 'not shown') : outcome;
    },
  },
  {
    what: 'SimulatePrincipalPolicy',
    aws: 'allowed',
    probe: async aws => {
      const { Arn } = await newRole(aws);
      return outcomeOf(aws.iam.simulatePrincipalPolicy({ PolicySourceArn: Arn, ActionNames: ['ec2:CreateVpc'] }));
    },
  },
  {
    what: 'the tags that a snapshot is made with',
    aws: 'shown',
    probe: async aws => {
      const { InstanceId } = await newInstance(aws);
      const { Volumes = [] } = await aws.ec2.describeVolumes({});
      const VolumeId = Volumes.find(({ Attachments = [] }) =>
        Attachments.some(one => one.InstanceId === InstanceId),
      )?.VolumeId;
      const Tags = [{ Key: 'owner', Value: 'one' }];
      const made = await aws.ec2
        .createSnapshot({ VolumeId, TagSpecifications: [{ ResourceType: 'snapshot', Tags }] })
        .catch(({ name }: Error) => name);
      if (typeof made === 'string') return made;
      const { Snapshots = [] } = await aws.ec2.describeSnapshots({ SnapshotIds: [made.SnapshotId!] });
      return isDeepStrictEqual(Snapshots[0]?.Tags, Tags) ? 'shown' : 'not shown';
    },
  },
  {
    what: 'GetConsoleOutput',
    aws: 'allowed',
    probe: async aws => {
      const { InstanceId } = await newInstance(aws);
      return outcomeOf(aws.ec2.getConsoleOutput({ InstanceId }));
    },
  },
  {
    what: 'ModifyInstanceAttribute',
    aws: 'allowed',
    probe: async aws => {
      const { InstanceId } = await newInstance(aws);
      return outcomeOf(aws.ec2.modifyInstanceAttribute({ InstanceId, DisableApiTermination: { Value: true } }));
    },
  },
  {
    what: 'state of a new function',
    aws: 'Pending',
    probe: async aws => (await newFunction(aws, (await newRole(aws)).Arn)).State ?? 'none',
  },
  {
    what: "a function's interfaces in its subnets",
    aws: 'shown',
    probe: async aws => {
      const { VpcId, SubnetId } = await newSubnet(aws);
      const SecurityGroupIds = [await newGroup(aws, VpcId)];
      await newFunction(aws, (await newRole(aws)).Arn, { VpcConfig: { SubnetIds: [SubnetId], SecurityGroupIds } });
      const { NetworkInterfaces = [] } = await aws.ec2.describeNetworkInterfaces({});
      return NetworkInterfaces.some(one => one.SubnetId === SubnetId) ? 'shown' : 'none';
    },
  },
  {
    what: 'what an invoked function answers',
    aws: "the code's answer",
    probe: async aws => {
      const { FunctionName } = await newFunction(aws, (await newRole(aws)).Arn);
      const { Payload } = await aws.lambda.invoke({ FunctionName, Payload: '{"question":1}' });
      const answer = new TextDecoder().decode(Payload);
      return /"node": ?"v24/.test(answer) ? "the code's answer" : answer.includes('question') ? 'its event' : answer;
    },
  },
  {
    what: 'an e-mail subscription before it is confirmed',
    aws: 'PendingConfirmation',
    probe: async aws => {
      const TopicArn = await newTopic(aws);
      await aws.sns.subscribe({ TopicArn, Protocol: 'email', Endpoint: 'ann@example.com' });
      const { Subscriptions } = await aws.sns.listSubscriptionsByTopic({ TopicArn });
      return Subscriptions![0]!.SubscriptionArn === 'PendingConfirmation' ? 'PendingConfirmation' : 'confirmed';
    },
  },
  {
    what: "a topic's subscriptions after it is deleted",
    aws: 'gone',
    probe: async aws => {
      const TopicArn = await newTopic(aws);
      await aws.sns.subscribe({ TopicArn, Protocol: 'email', Endpoint: 'ann@example.com' });
      await aws.sns.deleteTopic({ TopicArn });
      const { Subscriptions = [] } = await aws.sns.listSubscriptions({});
      return Subscriptions.some(one => one.TopicArn === TopicArn) ? 'left behind' : 'gone';
    },
  },
  {
    what: 'publish with a subject of 101 characters',
    aws: 'InvalidParameterException',
    probe: async aws =>
      outcomeOf(aws.sns.publish({ TopicArn: await newTopic(aws), Subject: 'x'.repeat(101), Message: 'the report' })),
  },
  {
    what: 'publish an empty message',
    aws: 'InvalidParameterException',
    probe: async aws => outcomeOf(aws.sns.publish({ TopicArn: await newTopic(aws), Message: '' })),
  },
  {
    what: 'publish more than 256 KiB',
    aws: 'InvalidParameterException',
    probe: async aws =>
      outcomeOf(aws.sns.publish({ TopicArn: await newTopic(aws), Message: 'x'.repeat(256 * 1024 + 1) })),
  },
  {
    what: 'a rule of rate(1 days)',
    aws: 'ValidationException',
    probe: aws => outcomeOf(aws.events.putRule({ Name: unique('rule'), ScheduleExpression: 'rate(1 days)' })),
  },
  {
    what: 'a rule of cron(0 16 * * MON-SAT *)',
    aws: 'ValidationException',
    probe: aws =>
      outcomeOf(aws.events.putRule({ Name: unique('rule'), ScheduleExpression: 'cron(0 16 * * MON-SAT *)' })),
  },
  {
    what: 'the tags of a schedule group that does not exist',
    aws: 'ResourceNotFoundException',
    probe: aws => {
      const ResourceArn = `arn:aws:scheduler:eu-west-1:123456789012:schedule-group/${unique('nobody')}`;
      return outcomeOf(aws.scheduler.listTagsForResource({ ResourceArn }));
    },
  },
  {
    what: 'put a parameter twice without overwrite',
    aws: 'ParameterAlreadyExists',
    probe: async aws => {
      const Name = unique('/salesreport/wire');
      const put = () => aws.ssm.putParameter({ Name, Value: 'x', Type: 'SecureString' });
      await put();
      return outcomeOf(put());
    },
  },
  {
    what: 'twelve parameters below a path',
    aws: 'ten, then two',
    probe: async aws => {
      const Path = unique('/salesreport/wire');
      for (let n = 1; n <= 12; n++) await aws.ssm.putParameter({ Name: `${Path}/${n}`, Value: 'x', Type: 'String' });
      const { Parameters = [], NextToken } = await aws.ssm.getParametersByPath({ Path });
      if (Parameters.length === 12) return 'all at once';
      const { Parameters: rest = [] } = await aws.ssm.getParametersByPath({ Path, NextToken });
      return Parameters.length === 10 && rest.length === 2
        ? 'ten, then two'
        : `${Parameters.length}, then ${rest.length}`;
    },
  },
  {
    what: 'the input transformer of a target',
    aws: 'shown',
    probe: async aws => {
      const Name = unique('rule');
      await aws.events.putRule({ Name, ScheduleExpression: 'rate(15 minutes)' });
      const InputTransformer = { InputPathsMap: { time: '$.time' }, InputTemplate: '{"watch":true,"time":<time>}' };
      const Arn = 'arn:aws:lambda:eu-west-1:123456789012:function:f';
      await aws.events.putTargets({ Rule: Name, Targets: [{ Id: '1', Arn, InputTransformer }] });
      const { Targets } = await aws.events.listTargetsByRule({ Rule: Name });
      return isDeepStrictEqual(Targets![0]!.InputTransformer, InputTransformer) ? 'shown' : 'not shown';
    },
  },
  {
    what: 'the tags that a bucket is made with',
    aws: 'shown',
    probe: async aws => {
      const Tags = [{ Key: 'owner', Value: 'one' }];
      const { Bucket } = await newBucket(aws, { Tags });
      const { TagSet = [] } = await aws.s3.getBucketTagging({ Bucket }).catch(() => ({ TagSet: [] }));
      return isDeepStrictEqual(TagSet, Tags) ? 'shown' : 'not shown';
    },
  },
  {
    what: 'public access to a new bucket',
    aws: 'blocked',
    probe: async aws => {
      const { Bucket } = await newBucket(aws);
      const answer = await aws.s3.getPublicAccessBlock({ Bucket }).catch(() => undefined);
      const flags = Object.values(answer?.PublicAccessBlockConfiguration ?? { none: false });
      return flags.every(flag => flag) ? 'blocked' : 'not blocked';
    },
  },
  {
    what: 'encryption of a new bucket',
    aws: 'AES256',
    probe: async aws => {
      const { Bucket } = await newBucket(aws);
      const answer = await aws.s3.getBucketEncryption({ Bucket }).catch(() => undefined);
      const [rule] = answer?.ServerSideEncryptionConfiguration?.Rules ?? [];
      return rule?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm ?? 'none';
    },
  },
  {
    what: 'ownership of a bucket that was made with one',
    aws: 'shown',
    probe: async aws => {
      const Bucket = unique('bucket');
      const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' as const };
      await aws.s3.createBucket({ Bucket, CreateBucketConfiguration, ObjectOwnership: 'BucketOwnerEnforced' });
      const answer = await aws.s3.getBucketOwnershipControls({ Bucket }).catch(() => undefined);
      return answer?.OwnershipControls?.Rules?.[0]?.ObjectOwnership === 'BucketOwnerEnforced' ? 'shown' : 'not shown';
    },
  },
  {
    what: 'create a bucket twice',
    aws: 'BucketAlreadyOwnedByYou',
    probe: async aws => {
      const { Bucket } = await newBucket(aws);
      const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' as const };
      return outcomeOf(aws.s3.createBucket({ Bucket, CreateBucketConfiguration }));
    },
  },
  {
    what: 'a bucket of which another owner is expected',
    aws: 'AccessDenied',
    probe: async aws => {
      const { Bucket } = await newBucket(aws);
      return outcomeOf(aws.s3.listObjectsV2({ Bucket, ExpectedBucketOwner: '999999999999' }));
    },
  },
  {
    what: 'get an object from a bucket that is closed to requests without TLS',
    aws: 'allowed',
    probe: async aws => {
      const { Bucket, put } = await newBucket(aws);
      await put('a');
      const Policy = JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Deny',
            Principal: '*',
            Action: 's3:*',
            Resource: [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`],
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ],
      });
      await aws.s3.putBucketPolicy({ Bucket, Policy });
      return outcomeOf(aws.s3.getObject({ Bucket, Key: 'a' }));
    },
  },
  {
    what: 'delete a bucket with an older version in it',
    aws: 'BucketNotEmpty',
    probe: async aws => {
      const { Bucket, put } = await newVersions(aws);
      await put('a');
      await aws.s3.deleteObject({ Bucket, Key: 'a' });
      return outcomeOf(aws.s3.deleteBucket({ Bucket }));
    },
  },
  {
    what: 'put an object that must not be there, twice',
    aws: 'PreconditionFailed',
    probe: async aws => {
      const { put } = await newVersions(aws);
      await put('a', { IfNoneMatch: '*' });
      return outcomeOf(put('a', { IfNoneMatch: '*' }));
    },
  },
  {
    what: 'put an object that must not be there, after it was deleted',
    aws: 'allowed',
    probe: async aws => {
      const { Bucket, put } = await newVersions(aws);
      await put('a');
      await aws.s3.deleteObject({ Bucket, Key: 'a' });
      return outcomeOf(put('a', { IfNoneMatch: '*' }));
    },
  },
  {
    what: 'put an object in place of the version that is there',
    aws: 'allowed',
    probe: async aws => {
      const { put } = await newVersions(aws);
      const { ETag } = await put('a');
      return outcomeOf(put('a', { IfMatch: ETag, Body: 'b' }));
    },
  },
  {
    what: 'put an object in place of an older version',
    aws: 'PreconditionFailed',
    probe: async aws => {
      const { put } = await newVersions(aws);
      const { ETag } = await put('a');
      await put('a', { Body: 'b' });
      return outcomeOf(put('a', { IfMatch: ETag }));
    },
  },
  {
    what: 'put an object in place of a version, where none is there',
    aws: 'NoSuchKey',
    probe: async aws => {
      const { put } = await newVersions(aws);
      const { ETag } = await put('a');
      return outcomeOf(put('b', { IfMatch: ETag }));
    },
  },
  {
    what: 'list objects below a prefix and after a key',
    aws: 'the later ones',
    probe: async aws => {
      const { Bucket, put } = await newBucket(aws);
      for (const key of ['a/1', 'a/2', 'a/3', 'b/1']) await put(key);
      const { Contents = [] } = await aws.s3.listObjectsV2({ Bucket, Prefix: 'a/', StartAfter: 'a/1' });
      return Contents.map(({ Key }) => Key).join() === 'a/2,a/3' ? 'the later ones' : 'others';
    },
  },
];
