import { describe, expect, it } from 'vitest';
import { type InventoryRow, inventory, isEnded } from '../../src/simulator/inventory.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { sampled } from '../helpers/sampled.ts';
import { builtAws, everything, pipelineOn, silent } from '../helpers/simulated-stack.ts';

const living = ({ world }: Simulator): InventoryRow[] => inventory(world).filter(row => !isEnded(row));
const kinds = (aws: Simulator) =>
  living(aws)
    .map(({ type }) => type)
    .sort();

/** Takes tags off a thing of EC2 as somebody in the console does: those of the tool, and its name too if `all`. */
function strip(aws: Simulator, resource: string, all: boolean): string {
  const row = living(aws).find(
    one => one.tags['salesreport:resource'] === resource && !['volume', 'network-interface'].includes(one.type),
  )!;
  const { tags } = aws.world.ec2.taggable(row.id);
  for (const key of Object.keys(row.tags)) if (all || key !== 'Name') tags.change(aws.world.now(), key, undefined);
  return row.id;
}

const things: [resource: string, title: string][] = [
  ['internet-gateway', 'Internet gateway'],
  ['nat-gateway', 'NAT gateway'],
  ['address.nat', 'Address of the NAT gateway'],
  ['route-table.public', 'Public route table'],
  ['route-table.private', 'Private route table'],
  ['endpoint.s3', 'S3 gateway endpoint'],
  ['subnet.public-a', 'Public subnet a'],
  ['subnet.private-b', 'Private subnet b'],
  ['group.web', 'Security group Web'],
  ['group.database', 'Security group Database'],
];

describe('what stands where ours does and has lost its owner tags', () => {
  it.each(sampled(things, 3))(
    '%s is ours by its name: its tags are put back, nothing is made twice',
    async (id, title) => {
      const aws = await builtAws();
      const before = kinds(aws);
      const awsId = strip(aws, id, false);
      const pipeline = await pipelineOn(aws);
      expect((await pipeline.status()).resources.filter(({ state }) => state !== 'ready')).toMatchObject([
        { id, title, state: 'differs', awsId },
      ]);
      expect((await pipeline.status()).strangers).toEqual([]);
      const { changes } = await pipeline.plan();
      expect(changes).toMatchObject([{ id, action: 'update', awsId, operations: ['ec2:CreateTags'] }]);
      expect((await pipeline.provision(silent)).outcomes.flatMap(({ why }) => why ?? [])).toEqual([]);
      expect((await pipeline.plan()).changes).toEqual([]);
      expect(kinds(aws)).toEqual(before);
    },
  );

  it.each(sampled(things, 3))(
    '%s without any tag stops provision, which offers --adopt; then nothing is made twice',
    async (id, title) => {
      const aws = await builtAws();
      const before = kinds(aws);
      const awsId = strip(aws, id, true);
      const pipeline = await pipelineOn(aws);
      const refusal = await pipeline.plan().catch(error => error);
      expect(refusal).toMatchObject({ code: 'name-taken' });
      expect(refusal.message).toContain(
        `${title} (${awsId}) is there already and is not ours (it has no owner tags): take it over with --adopt`,
      );
      expect(kinds(aws)).toEqual(before);
      expect((await pipeline.status()).resources.filter(({ state }) => state === 'missing')).toMatchObject([
        { id, why: `${awsId} has its name: it has no owner tags` },
      ]);

      const { outcomes } = await pipeline.provision(silent, { consent: { adopt: true } });
      expect(outcomes.flatMap(({ why }) => why ?? [])).toEqual([]);
      expect(outcomes.filter(({ outcome }) => outcome !== 'unchanged')).toMatchObject([
        { id, outcome: 'adopted', awsId },
      ]);
      expect(kinds(aws)).toEqual(before);
      expect((await pipeline.teardown(silent, everything)).left).toEqual([]);
      expect(living(aws)).toEqual([]);
    },
  );

  it('everything of the network at once, by a name', async () => {
    const aws = await builtAws();
    const before = kinds(aws);
    for (const [id] of things) strip(aws, id, false);
    const pipeline = await pipelineOn(aws);
    for (let run = 1; run <= 3; run++)
      expect((await pipeline.provision(silent)).outcomes.flatMap(({ why }) => why ?? [])).toEqual([]);
    expect((await pipeline.plan()).changes).toEqual([]);
    expect(kinds(aws)).toEqual(before);
  });

  it('is taken down although its tags are gone, where it has its name', async () => {
    const aws = await builtAws();
    for (const [id] of things) strip(aws, id, false);
    const pipeline = await pipelineOn(aws);
    expect((await pipeline.teardown(silent, everything)).left).toEqual([]);
    expect(living(aws)).toEqual([]);
  });

  it('is of another stack where its tags say so, and is not for adoption', async () => {
    const aws = await builtAws();
    const id = strip(aws, 'internet-gateway', true);
    aws.world.ec2.taggable(id).tags.change(aws.world.now(), 'salesreport:stack', 'dev');
    const refusal = await (await pipelineOn(aws)).plan({ adopt: true }).catch(error => error);
    expect(refusal.message).toContain(
      `Internet gateway (${id}) is there already and is not ours (it belongs to stack dev in`,
    );
    expect(refusal.message).not.toContain('--adopt');
  });
});
