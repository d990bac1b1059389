import { strToU8, unzipSync, zipSync } from 'fflate';
import { expect, it } from 'vitest';
import { everything, pipelineOn, silent, simulatedAws, smallArtifacts } from '../../helpers/simulated-stack.ts';

const LayerName = 'mysql2Library';
const ours = 'salesreport stack=salesreport region=eu-west-1';

it('T12: of three old versions none stays once the current one serves, and all go with the stack', async () => {
  const aws = simulatedAws();
  const publish = (Description: string) =>
    aws.answer('lambda', 'PublishLayerVersion', {
      LayerName,
      Description,
      Content: { ZipFile: smallArtifacts.layerZip },
    });
  for (const sha of ['a', 'b', 'c']) await publish(`${ours} sha256=${sha}`);
  const pipeline = await pipelineOn(aws);
  const plan = await pipeline.plan();
  expect(plan.changes.filter(({ id }) => id === 'layer').map(({ action }) => action)).toEqual([
    'create',
    'remove',
    'remove',
    'remove',
  ]);
  await pipeline.provision(silent, { shown: plan });
  expect(aws.world.lambda.layers.map(({ version }) => version)).toEqual([4]);

  // A run that died before it had cleaned up.
  await publish(`${ours} sha256=d`);
  await publish(`${ours} sha256=e`);
  const newer = zipSync({ ...unzipSync(smallArtifacts.layerZip), 'nodejs/new.txt': strToU8('new') });
  await (await pipelineOn(aws, { artifacts: { ...smallArtifacts, layerZip: newer } })).provision(silent);
  expect(aws.world.lambda.layers.map(({ version }) => version)).toEqual([7]);
  await publish(`${ours} sha256=f`);
  expect((await pipeline.teardown(silent, everything)).left).toEqual([]);
  expect(aws.world.lambda.layers).toEqual([]);
});
