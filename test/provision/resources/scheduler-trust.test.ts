import { expect, it } from 'vitest';
import type { Simulator } from '../../../src/simulator/simulator.ts';
import { fireSchedule } from '../../../src/simulator/trigger.ts';
import { builtAws, pipelineOn, silent } from '../../helpers/simulated-stack.ts';

const settings = { timezone: 'Europe/Berlin' };
const group = 'arn:aws:scheduler:eu-west-1:123456789012:schedule-group/salesAnalysisReport';
const roleIn = ({ world }: Simulator) => world.iam.role('salesAnalysisReportSchedulerRole')!;
const before = { Effect: 'Allow', Principal: { Service: 'scheduler.amazonaws.com' }, Action: 'sts:AssumeRole' };

it("the Scheduler's role is trusted for the schedule group of the stack, and starts the report", async () => {
  const aws = await builtAws({ settings });
  expect(JSON.parse(roleIn(aws).trust).Statement).toEqual([
    { ...before, Condition: { StringEquals: { 'aws:SourceAccount': '123456789012', 'aws:SourceArn': group } } },
  ]);
  const at = aws.world.now();
  const start = () => fireSchedule(aws.world, 'salesAnalysisReport', 'salesAnalysisReportSchedule', at);
  // The small function of the tests answers probes only: it was started.
  expect(await start().catch((error: Error) => error.message)).not.toBe(false);
  roleIn(aws).trust = roleIn(aws).trust.replace('schedule-group/salesAnalysisReport', 'schedule-group/others');
  expect(await start()).toBe(false);
});

it('a stack whose trust lacks that is mended in place: nothing else changes', async () => {
  const aws = await builtAws({ settings });
  const { id } = roleIn(aws);
  roleIn(aws).trust = JSON.stringify({ Version: '2012-10-17', Statement: [before] });
  const pipeline = await pipelineOn(aws, { settings });
  const { changes } = await pipeline.plan();
  expect(changes).toMatchObject([
    {
      id: 'role.scheduler',
      action: 'update',
      operations: ['iam:UpdateAssumeRolePolicy'],
      differences: [
        { words: `scheduler.amazonaws.com may assume it for anybody's schedules, and not only for ${group}` },
      ],
    },
  ]);
  await pipeline.provision(silent);
  expect(roleIn(aws)).toMatchObject({ id, trust: expect.stringContaining(group) });
  expect((await (await pipelineOn(aws, { settings })).plan()).changes).toEqual([]);
});
