import { expect, it } from 'vitest';
import type { Simulator } from '../../../src/simulator/simulator.ts';
import { everything, pipelineOn, silent, simulatedAws } from '../../helpers/simulated-stack.ts';

const Rule = 'salesAnalysisReportSchedule';
const ours = 'salesAnalysisReportDataExtractor';

async function withForeignTarget() {
  const aws = simulatedAws();
  const pipeline = await pipelineOn(aws);
  await pipeline.provision(silent);
  await aws.answer('events', 'PutTargets', {
    Rule,
    Targets: [{ Id: 'mine', Arn: 'arn:aws:sqs:eu-west-1:123456789012:mine' }],
  });
  return { aws, pipeline };
}

/** EventBridge answers well and does not do it, so many times. */
function refuse(aws: Simulator, id: string, times: number): void {
  let refused = 0;
  aws.world.events.failingTargets.add(id);
  aws.fault = ({ operation }) => {
    if (operation === 'RemoveTargets' && ++refused > times) aws.world.events.failingTargets.delete(id);
    return undefined;
  };
}

it('T13: a foreign target is taken off, also where EventBridge at first answers 200 with a failed entry', async () => {
  const { aws, pipeline } = await withForeignTarget();
  refuse(aws, 'mine', 2);
  const { outcomes } = await pipeline.provision(silent);
  expect(outcomes.find(({ id }) => id === 'schedule.rule')?.outcome).toBe('updated');
  expect([...aws.world.events.rules.get(Rule)!.targets.keys()]).toEqual([ours]);
  expect((await pipeline.plan()).changes).toEqual([]);
});

it('T13: a rule with a foreign target goes, when each of its targets is really gone', async () => {
  const { aws, pipeline } = await withForeignTarget();
  refuse(aws, ours, 1);
  expect((await pipeline.teardown(silent, everything)).left).toEqual([]);
  expect(aws.world.events.rules.size).toBe(0);
  expect(aws.calls.filter(({ operation, error }) => operation === 'DeleteRule' && error)).toEqual([]);
});

it('T13: a target that EventBridge never removes is a failure that says so, not a success', async () => {
  const { aws, pipeline } = await withForeignTarget();
  refuse(aws, 'mine', Number.POSITIVE_INFINITY);
  const { outcomes } = await pipeline.provision(silent);
  const failed = outcomes.find(({ id }) => id === 'schedule.rule');
  expect(failed?.outcome).toBe('failed');
  expect(failed?.why).toContain('EventBridge could not change a target yet (ConcurrentModificationException)');
});
