import { expect, it } from 'vitest';
import { pipelineOn, silent, simulatedAws } from '../../helpers/simulated-stack.ts';

it('a profile that somebody gave another role gets its own back', async () => {
  const aws = simulatedAws();
  const pipeline = await pipelineOn(aws);
  await pipeline.provision(silent);
  const profile = aws.world.iam.instanceProfile('salesAnalysisReportCliHostRole')!;
  profile.roles = ['salesAnalysisReportRole'];
  const { changes } = await pipeline.plan();
  expect(changes).toMatchObject([
    { id: 'profile.cli-host', differences: [{ what: 'role', is: 'salesAnalysisReportRole' }] },
  ]);
  await pipeline.provision(silent);
  expect(profile.roles).toEqual(['salesAnalysisReportCliHostRole']);
  expect((await pipeline.plan()).changes).toEqual([]);
});

it('a profile into which somebody else puts a role meanwhile is a failure, not taken for ours', async () => {
  const aws = simulatedAws();
  aws.fault = ({ operation }) => {
    if (operation === 'AddRoleToInstanceProfile')
      aws.world.iam.instanceProfile('salesAnalysisReportCliHostRole')?.roles.splice(0, 1, 'salesAnalysisReportRole');
    return undefined;
  };
  const { outcomes } = await (await pipelineOn(aws)).provision(silent);
  expect(outcomes.find(({ id }) => id === 'profile.cli-host')).toMatchObject({ outcome: 'failed' });
});
