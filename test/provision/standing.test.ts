import { describe, expect, it } from 'vitest';
import { deploymentOf, whyNoRuns } from '../../src/provision/verbs/deployment.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { builtAws, everything, pipelineOn, silent, simulatedAws } from '../helpers/simulated-stack.ts';

const Name = 'salesAnalysisReportSchedule';
const changed = (aws: Simulator, change: object) => {
  for (const { schedules } of aws.world.scheduler.groups.values())
    for (const schedule of schedules.values()) Object.assign(schedule, change);
};

describe('why the report does not come when the settings say', () => {
  const cases: [string, string, (aws: Simulator) => unknown, string | undefined][] = [
    ['as it was built', 'UTC', () => {}, undefined],
    [
      'with a rule that is disabled',
      'UTC',
      aws => aws.answer('events', 'DisableRule', { Name }),
      'none: the schedule is disabled',
    ],
    [
      'with a rule without its target',
      'UTC',
      aws => aws.answer('events', 'RemoveTargets', { Rule: Name, Ids: ['salesAnalysisReportDataExtractor'] }),
      'none: the schedule does not start the function',
    ],
    [
      'with a rule of another time',
      'UTC',
      aws => aws.answer('events', 'PutRule', { Name, ScheduleExpression: 'rate(1 day)', State: 'ENABLED' }),
      'not what the settings say: the schedule is rate(1 day)',
    ],
    ['as it was built', 'Europe/Berlin', () => {}, undefined],
    [
      'with a schedule that is disabled',
      'Europe/Berlin',
      aws => changed(aws, { State: 'DISABLED' }),
      'none: the schedule is disabled',
    ],
    [
      'with a schedule of another time zone',
      'Europe/Berlin',
      aws => changed(aws, { ScheduleExpressionTimezone: 'Asia/Tokyo' }),
      'not what the settings say: the time zone is Asia/Tokyo',
    ],
  ];

  it.each(cases)('%s, in %s', async (_what, timezone, change, why) => {
    const settings = { timezone };
    const aws = await builtAws({ settings });
    await change(aws);
    const { resources } = await (await pipelineOn(aws, { settings })).status();
    expect(whyNoRuns(resources, timezone)).toBe(why);
    expect(deploymentOf(resources)).toBe('pipeline');
  });

  it('where the schedule of the settings is not there yet, although another is', async () => {
    const settings = { timezone: 'Europe/Berlin' };
    const { resources } = await (await pipelineOn(await builtAws(), { settings })).status();
    expect(whyNoRuns(resources, 'Europe/Berlin')).toBe('none: the schedule is missing');
  });
});

it('tells what a teardown kept from a pipeline, and from nothing', async () => {
  const standing = async (pipeline: Awaited<ReturnType<typeof pipelineOn>>) =>
    deploymentOf((await pipeline.status()).resources);
  const pipeline = await pipelineOn(await builtAws());
  await pipeline.teardown(silent, { deleteDatabase: true, keepLogs: true });
  expect(await standing(pipeline)).toBe('kept');
  await pipeline.teardown(silent, everything);
  expect(await standing(pipeline)).toBe('nothing');
  expect(await standing(await pipelineOn(simulatedAws()))).toBe('nothing');
});
