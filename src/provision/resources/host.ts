import { ask } from '../aws/ask.ts';
import { createWithToken } from '../aws/client-token.ts';
import { unlessNotFound } from '../aws/errors.ts';
import type { Difference } from '../engine/outcome.ts';
import type { Found, Made } from '../engine/resource.ts';
import { tagKeys } from '../names.ts';
import { type AwsResource, awsResource, type Stack } from '../stack.ts';
import type { InstanceProfileFound } from './instance-profile.ts';
import type { SecurityGroupFound } from './security-group.ts';
import type { SubnetFound } from './subnet.ts';
import type { VpcFound } from './vpc.ts';

export interface HostFound extends Found {
  state: string;
  instanceType: string;
  protected: boolean;
  publicIp?: string;
}

export interface HostNeeds {
  [name: string]: AwsResource;
  vpc: AwsResource<VpcFound>;
  subnet: AwsResource<SubnetFound>;
  profile: AwsResource<InstanceProfileFound>;
  /** The way out: packages are fetched at the first start. */
  publicTable: AwsResource;
  web: AwsResource<SecurityGroupFound>;
}

const alive = ['pending', 'running', 'stopping', 'stopped'];

/**
 * An EC2 instance of Amazon Linux 2023. It is stateful: a newer image, other user-data or another subnet are no differences, so that no run replaces it.
 */
export function host<N extends HostNeeds>(
  stack: Stack,
  needs: N,
  options: {
    id: string;
    name: string;
    /** What it is for: `Database host`. */
    kind: string;
    wanted: boolean;
    privateIp?: string;
    protect: boolean;
    userData: string;
    groups: (made: Made<N>) => string[];
  },
): AwsResource<HostFound, N> {
  const { aws, owner, settings } = stack;
  const { id, name, kind, wanted, privateIp, protect, userData, groups } = options;
  return awsResource<HostFound, N>({
    id,
    title: `${kind} ${name}`,
    wanted,
    needs,
    operations: {
      create: ['ec2:RunInstances', 'ec2:CreateTags'],
      update: protect ? ['ec2:ModifyInstanceAttribute'] : [],
      remove: ['ec2:ModifyInstanceAttribute', 'ec2:TerminateInstances'],
    },

    async find(look) {
      const { Reservations = [] } = await look.read('ec2:DescribeInstances', { Filters: owner.filters });
      const instances = owner
        .select(
          Reservations.flatMap(({ Instances = [] }) => Instances),
          id,
        )
        .filter(({ State }) => State?.Name !== 'terminated');
      const found = await Promise.all(
        instances.map(async ({ InstanceId = '', State, InstanceType = '', PublicIpAddress }) => ({
          awsId: InstanceId,
          ours: true,
          state: State?.Name ?? 'pending',
          instanceType: InstanceType,
          protected: protect && alive.includes(State?.Name ?? '') ? await isProtected(look, InstanceId) : protect,
          publicIp: PublicIpAddress,
        })),
      );
      return found.sort((a, b) => Number(alive.includes(b.state)) - Number(alive.includes(a.state)));
    },

    create(made) {
      const { vpc, subnet, profile } = made as unknown as Made<HostNeeds>;
      return createWithToken(aws, vpc, this, async ClientToken => {
        const { Instances = [] } = await aws.call('ec2:RunInstances', {
          ImageId: await imageOf(stack, vpc),
          InstanceType: settings.hosts.instanceType as 't4g.micro',
          MinCount: 1,
          MaxCount: 1,
          ClientToken,
          UserData: Buffer.from(userData).toString('base64'),
          IamInstanceProfile: { Name: profile.awsId },
          DisableApiTermination: protect,
          MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1, HttpEndpoint: 'enabled' },
          BlockDeviceMappings: [
            { DeviceName: '/dev/xvda', Ebs: { VolumeType: 'gp3', VolumeSize: 8, Encrypted: true, DeleteOnTermination: true } },
          ],
          NetworkInterfaces: [
            {
              DeviceIndex: 0,
              SubnetId: subnet.awsId,
              AssociatePublicIpAddress: true,
              Groups: groups(made),
              ...(privateIp ? { PrivateIpAddress: privateIp } : {}),
            },
          ],
          TagSpecifications: [
            ...owner.ec2Tags('instance', id, name),
            ...owner.ec2Tags('volume', id, name),
            ...owner.ec2Tags('network-interface', id, name),
          ],
        });
        const [instance = {}] = Instances;
        if (!alive.includes(instance.State?.Name ?? 'pending')) return 'dead';
        return {
          awsId: instance.InstanceId!,
          ours: true,
          state: instance.State?.Name ?? 'pending',
          instanceType: settings.hosts.instanceType,
          protected: protect,
        };
      });
    },

    readiness: ({ state }) =>
      state === 'running' || state === 'stopped'
        ? 'ready'
        : alive.includes(state)
          ? { waiting: `the host is ${state}` }
          : { failed: `it is ${state}` },

    differences(found) {
      const differences: Difference[] = [];
      if (protect && !found.protected)
        differences.push({ what: 'termination protection', is: 'off', wanted: 'on', how: 'update' });
      if (found.instanceType !== settings.hosts.instanceType)
        differences.push({ what: 'instance type', is: found.instanceType, wanted: settings.hosts.instanceType, how: 'replace' });
      return differences;
    },

    async update(found) {
      await aws.call('ec2:ModifyInstanceAttribute', { InstanceId: found.awsId, DisableApiTermination: { Value: true } });
    },

    async remove({ awsId, state }) {
      if (!alive.includes(state)) return;
      if (protect)
        await unlessNotFound(
          aws.call('ec2:ModifyInstanceAttribute', { InstanceId: awsId, DisableApiTermination: { Value: false } }),
        );
      await unlessNotFound(aws.call('ec2:TerminateInstances', { InstanceIds: [awsId] }));
    },

    ask: ({ awsId }) =>
      ask(
        aws,
        'ec2:DescribeInstances',
        { InstanceIds: [awsId] },
        awsId,
        ({ Reservations }) => Reservations?.[0]?.Instances?.[0]?.State?.Name,
        ['terminated'],
      ),
  });
}

async function isProtected(look: Parameters<AwsResource['find']>[0], InstanceId: string): Promise<boolean> {
  const { DisableApiTermination } = await look.read('ec2:DescribeInstanceAttribute', {
    InstanceId,
    Attribute: 'disableApiTermination',
  });
  return DisableApiTermination?.Value ?? false;
}

/** The image of both hosts: the newest Amazon Linux 2023 of the day on which the first was made, kept as a tag on the VPC. */
async function imageOf({ aws, settings }: Stack, vpc: VpcFound): Promise<string> {
  const kept = vpc.tags[tagKeys.ami];
  if (kept) return kept;
  const architecture = /^[a-z]+\d+[a-z]*g[a-z]*\./.test(settings.hosts.instanceType) ? 'arm64' : 'x86_64';
  const { Parameter } = await aws.call('ssm:GetParameter', {
    Name: `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${architecture}`,
  });
  const image = vpc.tags[tagKeys.ami] ?? Parameter!.Value!;
  vpc.tags[tagKeys.ami] = image;
  await aws.call('ec2:CreateTags', { Resources: [vpc.awsId], Tags: [{ Key: tagKeys.ami, Value: image }] });
  return image;
}
