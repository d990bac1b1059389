import { expect, it } from 'vitest';
import { retryStrategy } from '../../../src/provision/aws/retry-strategy.ts';
import { Client, commands } from '../../../src/provision/aws/services/ec2.ts';
import { Simulator } from '../../../src/simulator/simulator.ts';
import { VirtualClock } from '../../../src/simulator/virtual-clock.ts';

/**
 * Two clients at work at the same time, of which one takes `delays` of real time over the configuration for its first
 * call.
 */
async function story(seed: number, delays: number[]): Promise<string> {
  const clock = new VirtualClock({ start: Date.UTC(2026, 0, 5) });
  const simulator = new Simulator({ clock, seed });
  simulator.fault = ({ operation }, nth) => (operation === 'DescribeVpcs' && nth % 4 === 0 ? 'throttled' : undefined);
  const operator = async (delay: number, cidr: string) => {
    const client = new Client({
      region: 'eu-west-1',
      credentials: { accessKeyId: 'simulated', secretAccessKey: 'simulated' },
      retryStrategy: retryStrategy({ clock, faults: true, jitter: () => 0.5 }),
      useDualstackEndpoint: async () => {
        await new Promise(resolve => setTimeout(resolve, delay));
        return false;
      },
    });
    client.middlewareStack.use(simulator.plugin as Parameters<typeof client.middlewareStack.use>[0]);
    const { Vpc } = await client.send(new commands.CreateVpc({ CidrBlock: cidr }));
    for (let count = 0; count < 5; count++) {
      await client.send(new commands.DescribeVpcs({ VpcIds: [Vpc!.VpcId!] }));
      await clock.sleep(1_000);
    }
    await client.send(new commands.DeleteVpc({ VpcId: Vpc!.VpcId! }));
  };
  await Promise.all(delays.map((delay, index) => operator(delay, `10.${index}.0.0/16`)));
  return JSON.stringify(simulator.calls);
}

it('a seed replays the same calls at the same instants, however long the machine takes', async () => {
  const first = await story(1, [0, 30]);
  expect(await story(1, [30, 0])).toBe(first);
  expect(await story(1, [0, 0])).toBe(first);
  expect(await story(2, [0, 0])).not.toBe(first);
  const calls = JSON.parse(first) as { error?: string }[];
  expect([calls.length, calls.filter(({ error }) => error === 'RequestLimitExceeded').length]).toEqual([17, 3]);
});

it('a killed process gets no answer any more, though what it asked for may be done; the next one finds it', async () => {
  const clock = new VirtualClock({ start: Date.UTC(2026, 0, 5) });
  const simulator = new Simulator({ clock, seed: 1 });
  simulator.fault = ({ operation }, nth) => (operation === 'CreateVpc' && nth === 2 ? 'killed after' : undefined);
  const open = (plugin: typeof simulator.plugin) => {
    const client = new Client({
      region: 'eu-west-1',
      credentials: { accessKeyId: 'simulated', secretAccessKey: 'simulated' },
    });
    client.middlewareStack.use(plugin as Parameters<typeof client.middlewareStack.use>[0]);
    return client;
  };
  const killed = new Promise(resolve => {
    simulator.onKill = () => resolve('killed');
  });
  const first = simulator.plugin;
  const create = (plugin: typeof first) => open(plugin).send(new commands.CreateVpc({ CidrBlock: '10.0.0.0/16' }));
  const late = clock.sleep(60_000).then(() => create(first));
  expect(await Promise.race([create(first).then(() => create(first)), late, killed])).toBe('killed');
  simulator.restart();
  await clock.sleep(120_000);
  const { Vpcs } = await open(simulator.plugin).send(new commands.DescribeVpcs({}));
  expect(Vpcs).toHaveLength(2);
  // A function of the account runs on, whatever becomes of its operator's process.
  await create(simulator.world.plugin!);
});
