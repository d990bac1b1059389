import { expect } from 'vitest';
import type { Input, Operation, Output } from '../../../src/provision/aws/operation.ts';
import { Client, commands } from '../../../src/provision/aws/services/ec2.ts';
import { Simulator } from '../../../src/simulator/simulator.ts';
import { VirtualClock } from '../../../src/simulator/virtual-clock.ts';
import type { WorldOptions } from '../../../src/simulator/world.ts';

type Name = keyof typeof commands;
type In<N extends Name> = Input<`ec2:${N}` & Operation>;
type Out<N extends Name> = Output<`ec2:${N}` & Operation>;

export const arm = 'ami-0a1a2b3c4d5e6f701';
export const intel = 'ami-0a1a2b3c4d5e6f702';
export const minute = 60_000;
export const hour = 60 * minute;

/** The few things of EC2 that most tests need, made by `call`; where AWS takes a moment it is waited for. */
export function networkOf(call: <N extends Name>(name: N, input: In<N>) => Promise<Out<N>>, clock: VirtualClock) {
  const vpc = async (CidrBlock = '10.0.0.0/16') => (await call('CreateVpc', { CidrBlock })).Vpc!.VpcId!;
  const subnet = async (VpcId: string, CidrBlock = '10.0.0.0/20', AvailabilityZone = 'eu-west-1a') => {
    const { Subnet } = await call('CreateSubnet', { VpcId, CidrBlock, AvailabilityZone });
    await clock.sleep(2_000);
    return Subnet!.SubnetId!;
  };
  const group = async (VpcId: string, GroupName = 'Web') =>
    (await call('CreateSecurityGroup', { VpcId, GroupName, Description: 'Made by a test' })).GroupId!;
  const gateway = async (VpcId: string) => {
    const id = (await call('CreateInternetGateway', {})).InternetGateway!.InternetGatewayId!;
    await call('AttachInternetGateway', { InternetGatewayId: id, VpcId });
    await clock.sleep(2_000);
    return id;
  };
  const table = async (VpcId: string) => (await call('CreateRouteTable', { VpcId })).RouteTable!.RouteTableId!;
  const address = async () => (await call('AllocateAddress', { Domain: 'vpc' })).AllocationId!;
  const nat = async (SubnetId: string, AllocationId: string, ClientToken?: string) =>
    (await call('CreateNatGateway', { SubnetId, AllocationId, ClientToken })).NatGateway!.NatGatewayId!;
  const natState = async (id: string) => (await call('DescribeNatGateways', { NatGatewayIds: [id] })).NatGateways![0]!;
  const run = async (SubnetId: string | undefined, more: Partial<In<'RunInstances'>> = {}) =>
    (
      await call('RunInstances', {
        ImageId: arm,
        InstanceType: 't4g.micro',
        MinCount: 1,
        MaxCount: 1,
        SubnetId,
        ...more,
      })
    ).Instances![0]!;
  const instance = async (id: string) =>
    (await call('DescribeInstances', { InstanceIds: [id] })).Reservations![0]!.Instances![0]!;

  return { vpc, subnet, group, gateway, table, address, nat, natState, run, instance };
}

/** A simulated AWS and a real SDK client of EC2 on it. */
export function openCloud(options: Partial<Omit<WorldOptions, 'clock'>> = {}) {
  const clock = new VirtualClock({ start: Date.UTC(2026, 0, 5) });
  const simulator = new Simulator({ clock, seed: 7, ...options });
  const client = new Client({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'simulated', secretAccessKey: 'simulated' },
    maxAttempts: 1,
  });
  client.middlewareStack.use(simulator.plugin as Parameters<typeof client.middlewareStack.use>[0]);

  const call = async <N extends Name>(name: N, input: In<N>): Promise<Out<N>> => {
    const Command = commands[name] as unknown as new (input: In<N>) => Parameters<typeof client.send>[0];
    return (await client.send(new Command(input))) as unknown as Out<N>;
  };
  /** The name and message with which AWS refuses a call; the test fails when it does not. */
  const refusal = async <N extends Name>(name: N, input: In<N>): Promise<string> => {
    const outcome = await call(name, input).then(
      () => 'accepted',
      (error: Error) => `${error.name}: ${error.message}`,
    );
    expect(outcome).not.toBe('accepted');
    return outcome;
  };

  return {
    clock,
    simulator,
    world: simulator.world,
    client,
    call,
    refusal,
    ...networkOf(call, clock),
  };
}

export const tcp = (port: number, peer: { CidrIp: string } | { GroupId: string }, Description?: string) => ({
  IpProtocol: 'tcp',
  FromPort: port,
  ToPort: port,
  ...('CidrIp' in peer ? { IpRanges: [{ ...peer, Description }] } : { UserIdGroupPairs: [{ ...peer, Description }] }),
});

export const base64 = (text: string): string => Buffer.from(text).toString('base64');
