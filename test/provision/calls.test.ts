import { describe, expect, it } from 'vitest';
import { lastReportsOf } from '../../src/commands/last-reports.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { pipelineOn, settingsWith, silent, simulatedAws } from '../helpers/simulated-stack.ts';
import { callsOf } from '../helpers/waves.ts';

/** At most so many, whatever stands in the VPC and whoever reads. */
const most = { reads: 60, mutating: 0, waves: 5 };

async function built(settings: object = {}): Promise<Simulator> {
  const aws = simulatedAws();
  const pipeline = await pipelineOn(aws, { settings });
  await pipeline.provision(silent);
  // Modules are loaded in real time, which moves calls about on the virtual clock.
  await pipeline.status();
  await lastReportsOf(pipeline, settingsWith(settings), aws.world.clock);
  return aws;
}

/** Many subnets, rules and readers; the rules are the settings', so that nothing differs. */
async function crowd(aws: Simulator): Promise<void> {
  const [vpc] = aws.world.ec2.vpcs.existing();
  for (let n = 0; n < 30; n++) await aws.answer('ec2', 'CreateSubnet', { VpcId: vpc!.id, CidrBlock: `10.0.${200 + n}.0/24` });
  const { GroupId } = (await aws.answer('ec2', 'CreateSecurityGroup', {
    VpcId: vpc!.id,
    GroupName: 'many',
    Description: 'many',
  })) as { GroupId: string };
  for (let port = 1; port <= 40; port++)
    await aws.answer('ec2', 'AuthorizeSecurityGroupIngress', {
      GroupId,
      IpPermissions: [{ IpProtocol: 'tcp', FromPort: port, ToPort: port, IpRanges: [{ CidrIp: '10.0.0.0/16' }] }],
    });
  const [topic] = aws.world.sns.topics.values();
  const createdAt = aws.world.now();
  for (let n = 0; n < 1_000; n++)
    topic!.subscriptions.push({
      arn: `${topic!.arn}:${n}`,
      protocol: 'email',
      endpoint: `reader-${n}@example.com`,
      createdAt,
      confirmed: true,
      filterPolicy: '{"kind":["report"]}',
    });
}

describe('an unchanged stack takes at most 60 reads in 5 waves, and no change:', () => {
  it.each([
    ['in UTC', {}, false],
    ['in a time zone', { timezone: 'Europe/Berlin' }, false],
    ['with many subnets, rules and readers', {}, true],
  ])('%s', async (_name, settings, isCrowded) => {
    const aws = await built(settings);
    if (isCrowded) await crowd(aws);
    const plan = await callsOf(aws, { settings }, async pipeline => {
      const shown = await pipeline.plan();
      expect(shown.changes).toEqual([]);
      await pipeline.provision(silent, { shown });
    });
    const status = await callsOf(aws, { settings }, async pipeline => {
      const [found] = await Promise.all([pipeline.status(), lastReportsOf(pipeline, settingsWith(settings), aws.world.clock)]);
      expect(found.healthy).toBe(true);
    });
    for (const calls of [plan, status]) {
      expect(calls.mutating).toBe(0);
      expect(calls.reads).toBeLessThanOrEqual(most.reads);
      expect(calls.waves).toBeLessThanOrEqual(most.waves);
    }
  });
});
