import { failsEverywhere, Problem } from '../../problem.ts';
import { as, awsCli } from '../../suggest.ts';
import type { Snapshot } from '../aws/snapshot.ts';
import { endsTheRun } from '../engine/engine.ts';
import type { Plan } from '../engine/outcome.ts';
import { subnetsIn } from '../resources/vpc-contents.ts';
import { zonesFor, zonesOffering } from '../resources/zones.ts';
import type { Stack } from '../stack.ts';

interface Check {
  /** What is asked, as the end of a sentence: `the quota of VPCs`. */
  what: string;
  /** The sentence that says what is in the way and what to do; undefined where nothing is. */
  ask(): Promise<string | undefined>;
  /** AWS does not tell whether it is in the way: the sentence is a note, and stops nothing. */
  isDoubt?: true;
}

/**
 * Asks AWS whether it will let a plan be carried out, before its first change: quotas, zones, and whether the account
 * shuts its VPCs off from the internet. Only what the plan makes is asked for. Gives a note for each thing that could
 * not be asked. Throws Problem `not-possible`, with everything that is in the way.
 */
export async function preflight(stack: Stack, plan: Plan, snapshot: Snapshot): Promise<string[]> {
  const made = (...ids: string[]) =>
    plan.changes.filter(({ id, action }) => action === 'create' && ids.includes(id)).map(({ id }) => id);
  const hosts = made('host.database', 'host.cli');
  const subnets = made('subnet.public-a', 'subnet.public-b', 'subnet.private-a', 'subnet.private-b');
  const checks = [
    ...(made('vpc').length > 0 ? [vpcQuota(stack, snapshot)] : []),
    ...(made('internet-gateway').length > 0 ? [internetGatewayQuota(stack, snapshot)] : []),
    ...(made('nat-gateway').length > 0 ? [natGatewayQuota(stack, snapshot)] : []),
    ...(made('address.nat').length > 0 ? [addressQuota(stack, snapshot)] : []),
    ...(hosts.length > 0 ? [vcpuQuota(stack, snapshot, hosts.length), freePlan(stack, snapshot)] : []),
    ...(subnets.length > 0 || hosts.length > 0 ? [zones(stack, snapshot, subnets.length > 0)] : []),
    ...(made('internet-gateway').length > 0 ? [publicAccess(stack, snapshot)] : []),
  ];
  const results = await Promise.all(checks.map(asked));
  const inTheWay = results.flatMap(({ problem }) => problem ?? []);
  if (inTheWay.length > 0) throw new Problem('not-possible', inTheWay.join(' '));
  return results.flatMap(({ note }) => note ?? []);
}

async function asked({ what, ask, isDoubt }: Check): Promise<{ problem?: string; note?: string }> {
  try {
    return { [isDoubt ? 'note' : 'problem']: await ask() };
  } catch (error) {
    if (endsTheRun(error) || failsEverywhere(error) || (error instanceof Problem && error.code === 'too-few-zones'))
      throw error;
    const why = error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
    return { note: `Not checked beforehand: ${what} (${why}).` };
  }
}

/** Asks for a quota that AWS shows in the console under this code (Service Quotas user guide). */
async function quotaOf(snapshot: Snapshot, ServiceCode: string, QuotaCode: string): Promise<number> {
  const { Quota } = await snapshot.read('servicequotas:GetServiceQuota', { ServiceCode, QuotaCode });
  if (Quota?.Value === undefined) throw new Error('AWS gives no value');
  return Quota.Value;
}

const increase = ({ region }: Stack, service: string, code: string, value: number): string =>
  awsCli`service-quotas request-service-quota-increase --region ${as.region(region)} --service-code ${as.code(service)} --quota-code ${as.code(code)} --desired-value ${as.number(value)}`;

function vpcQuota(stack: Stack, snapshot: Snapshot): Check {
  const code = 'L-F678F1CE';
  return {
    what: 'the quota of VPCs',
    async ask() {
      const [quota, { Vpcs = [] }] = await Promise.all([
        quotaOf(snapshot, 'vpc', code),
        snapshot.read('ec2:DescribeVpcs', {}),
      ]);
      if (Vpcs.length < quota) return undefined;
      return `All ${quota} VPCs that the account may have in ${stack.region} are in use: delete one, or ask for more with ${increase(stack, 'vpc', code, Vpcs.length + 1)}.`;
    },
  };
}

function internetGatewayQuota(stack: Stack, snapshot: Snapshot): Check {
  const code = 'L-A4707A72';
  return {
    what: 'the quota of internet gateways',
    async ask() {
      const [quota, { InternetGateways = [] }] = await Promise.all([
        quotaOf(snapshot, 'vpc', code),
        snapshot.read('ec2:DescribeInternetGateways', {}),
      ]);
      if (InternetGateways.length < quota) return undefined;
      return `All ${quota} internet gateways that the account may have in ${stack.region} are in use: delete one, or ask for more with ${increase(stack, 'vpc', code, InternetGateways.length + 1)}.`;
    },
  };
}

/** AWS counts those that are pending, available or deleting in one zone (VPC user guide, "Amazon VPC quotas"). */
function natGatewayQuota(stack: Stack, snapshot: Snapshot): Check {
  const code = 'L-FE5A380F';
  return {
    what: 'the quota of NAT gateways',
    async ask() {
      const [quota, { NatGateways = [] }, { Subnets = [] }] = await Promise.all([
        quotaOf(snapshot, 'vpc', code),
        snapshot.read('ec2:DescribeNatGateways', {
          Filter: [{ Name: 'state', Values: ['pending', 'available', 'deleting'] }],
        }),
        snapshot.read('ec2:DescribeSubnets', {}),
      ]);
      if (NatGateways.length < quota) return undefined;
      const zoneOf = new Map(Subnets.map(({ SubnetId, AvailabilityZone }) => [SubnetId, AvailabilityZone]));
      const [home] = stack.owner.select(Subnets, 'subnet.public-a');
      const zone = home?.AvailabilityZone ?? (await zonesFor(stack, snapshot))[0]!;
      const used = NatGateways.filter(({ SubnetId }) => zoneOf.get(SubnetId) === zone).length;
      if (used < quota) return undefined;
      return `All ${quota} NAT gateways that the account may have in zone ${zone} are in use: delete one, choose another zone with network.avoidZones: [${zone}], or ask for more with ${increase(stack, 'vpc', code, used + 1)}.`;
    },
  };
}

/** An account on AWS's free plan launches only types that the free tier holds, and DryRun does not say so. */
function freePlan(stack: Stack, snapshot: Snapshot): Check {
  const type = stack.settings.hosts.instanceType;
  return {
    what: 'whether the free plan allows the instance type',
    isDoubt: true,
    async ask() {
      const { InstanceTypes = [] } = await snapshot.read('ec2:DescribeInstanceTypes', {
        InstanceTypes: [type as 't4g.micro'],
      });
      if (InstanceTypes[0]?.FreeTierEligible !== false) return undefined;
      return `An account on AWS's free plan cannot launch a ${type}: on that plan set hosts.instanceType to t4g.micro or t4g.small, or upgrade the account to the paid plan.`;
    },
  };
}

function addressQuota(stack: Stack, snapshot: Snapshot): Check {
  const code = 'L-0263D0A3';
  return {
    what: 'the quota of Elastic IP addresses',
    async ask() {
      const [quota, { Addresses = [] }] = await Promise.all([
        quotaOf(snapshot, 'ec2', code),
        snapshot.read('ec2:DescribeAddresses', {}),
      ]);
      if (Addresses.length < quota) return undefined;
      return `All ${quota} Elastic IP addresses that the account may have in ${stack.region} are allocated, and the NAT gateway needs one: release one, or ask for more with ${increase(stack, 'ec2', code, Addresses.length + 1)}.`;
    },
  };
}

/** The families that share one quota (EC2 user guide, "Amazon EC2 instance type quotas"). */
const isStandard = (type: string): boolean => /^[acdhimrtz]\d/.test(type);

function vcpuQuota(stack: Stack, snapshot: Snapshot, hosts: number): Check {
  const code = 'L-1216C47A';
  const type = stack.settings.hosts.instanceType;
  return {
    what: 'the quota of vCPUs',
    async ask() {
      if (!isStandard(type)) throw new Error(`${type} has a quota of its own`);
      const [quota, { InstanceTypes = [] }, { Reservations = [] }] = await Promise.all([
        quotaOf(snapshot, 'ec2', code),
        snapshot.read('ec2:DescribeInstanceTypes', { InstanceTypes: [type as 't4g.micro'] }),
        snapshot.read('ec2:DescribeInstances', {
          Filters: [{ Name: 'instance-state-name', Values: ['pending', 'running'] }],
        }),
      ]);
      const used = Reservations.flatMap(({ Instances = [] }) => Instances)
        .filter(({ InstanceType = '', InstanceLifecycle }) => isStandard(InstanceType) && InstanceLifecycle !== 'spot')
        .reduce((sum, { CpuOptions }) => sum + (CpuOptions?.CoreCount ?? 1) * (CpuOptions?.ThreadsPerCore ?? 1), 0);
      const needed = hosts * (InstanceTypes[0]?.VCpuInfo?.DefaultVCpus ?? 2);
      if (used + needed <= quota) return undefined;
      return `The account may have ${quota} vCPUs of standard instances running in ${stack.region}, ${used} are in use, and ${hosts === 1 ? 'a' : hosts} ${type} ${hosts === 1 ? 'needs' : 'need'} ${needed}: stop an instance, or ask for more with ${increase(stack, 'ec2', code, used + needed)}.`;
    },
  };
}

function zones(stack: Stack, snapshot: Snapshot, makesSubnets: boolean): Check {
  const type = stack.settings.hosts.instanceType;
  return {
    what: 'which zones offer the instance type',
    async ask() {
      const [{ offered }, subnets] = await Promise.all([
        zonesOffering(stack, snapshot),
        subnetsIn(snapshot, stack.owner),
      ]);
      const [home] = stack.owner.select(subnets, 'subnet.public-a');
      if (makesSubnets) await zonesFor(stack, snapshot);
      if (!home || offered.includes(home.AvailabilityZone ?? '')) return undefined;
      return `${type} is not offered in ${home.AvailabilityZone}, where the hosts' subnet is: choose another hosts.instanceType.`;
    },
  };
}

/**
 * In either mode no packet passes an internet gateway but for what a NAT gateway sends (API reference,
 * BlockPublicAccessStates): the hosts in the public subnet could not set themselves up, and with `block-bidirectional`
 * no report could be sent.
 */
function publicAccess(stack: Stack, snapshot: Snapshot): Check {
  return {
    what: 'VPC Block Public Access',
    async ask() {
      const { VpcBlockPublicAccessOptions } = await snapshot.read('ec2:DescribeVpcBlockPublicAccessOptions', {});
      const mode = VpcBlockPublicAccessOptions?.InternetGatewayBlockMode ?? 'off';
      const ownHost = stack.settings.database.host === undefined;
      if (mode === 'off' || (mode === 'block-ingress' && !ownHost)) return undefined;
      const what = mode === 'block-ingress' ? 'the database host could not be set up' : 'no report could be sent';
      return `VPC Block Public Access is on in ${stack.region} (${mode}), so that ${what}: have it switched off for this region, or choose another.`;
    },
  };
}
