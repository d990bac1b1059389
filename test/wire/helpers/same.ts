import { inventory } from '../../../src/simulator/inventory.ts';
import { pipelineOn, silent, simulatedAws } from '../../helpers/simulated-stack.ts';

export const region = 'eu-west-1';

/** Whose address the hosts admit is set, so that nobody asks the internet for it. */
export const common = { region, network: { adminCidr: '203.0.113.7/32' } };

/**
 * Kind and name of each thing, sorted; ids and the account are the emulator's own, and some call a layer by its ARN.
 */
export const namesOf = (rows: readonly { type: string; id: string; name?: string }[]): string[] =>
  rows
    .filter(({ type }) => type !== 'tagged')
    .map(({ type, id, name }) => `${type} ${name ?? id}`.replace(/([:-])\d{12}([:-])/, '$1account$2'))
    .sort();

/**
 * What stands on the simulator after the same settings, but for the network interfaces of a function, which no emulator
 * makes.
 */
export async function simulatedNames(settings: object): Promise<string[]> {
  const simulator = simulatedAws({ region });
  const pipeline = await pipelineOn(simulator, { settings: { ...common, ...settings } });
  await pipeline.provision(silent);
  const { s3 } = simulator.world;
  const objects = [...s3.buckets.values()].flatMap(bucket =>
    [...new Set(bucket.versions.map(({ key }) => key))]
      .filter(key => s3.current(bucket, key))
      .map(key => ({ type: 'object', id: `${bucket.name}/${key}` })),
  );
  const things = inventory(simulator.world)
    .filter(({ name = '' }) => !name.startsWith('AWS Lambda VPC ENI'))
    .map(({ service, type, id, tags }) => ({
      type,
      id: type === 'layer' ? id.split(':').at(-2)! : id,
      ...(service === 'ec2' ? { name: tags.Name ?? '' } : {}),
    }));
  return namesOf([...things, ...objects]);
}
