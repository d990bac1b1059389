import { expect, it } from 'vitest';
import { pipelineOn, silent, simulatedAws } from '../../helpers/simulated-stack.ts';

const boundary = (name: string) => `arn:aws:iam::123456789012:policy/${name}`;

it('a permissions boundary is put on roles that are there, changed, and taken away again', async () => {
  const aws = simulatedAws();
  for (const wanted of [undefined, boundary('one'), boundary('two'), undefined]) {
    const pipeline = await pipelineOn(aws, { settings: wanted ? { iam: { permissionsBoundary: wanted } } : {} });
    await pipeline.provision(silent);
    expect([...aws.world.iam.roles.values()].map(role => role.boundary)).toEqual([wanted, wanted, wanted]);
    expect((await pipeline.plan()).changes).toEqual([]);
  }
});

it('a boundary that somebody took away is seen', async () => {
  const aws = simulatedAws();
  const pipeline = await pipelineOn(aws, { settings: { iam: { permissionsBoundary: boundary('one') } } });
  await pipeline.provision(silent);
  await aws.answer('iam', 'DeleteRolePermissionsBoundary', { RoleName: 'salesAnalysisReportRole' });
  expect((await pipeline.plan()).changes).toMatchObject([
    { id: 'role.function', differences: [{ what: 'permissions boundary', is: 'none', wanted: boundary('one') }] },
  ]);
});
