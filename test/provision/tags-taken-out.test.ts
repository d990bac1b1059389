import { describe, expect, it } from 'vitest';
import type { Pipeline } from '../../src/provision/pipeline.ts';
import { recordKey } from '../../src/provision/resources/settings-record.ts';
import { type InventoryRow, inventory, isEnded } from '../../src/simulator/inventory.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { VirtualClock } from '../../src/simulator/virtual-clock.ts';
import { catalogueOf } from '../helpers/catalogue-of.ts';
import { dying } from '../helpers/deaths.ts';
import { isStorm } from '../helpers/sampled.ts';
import { pipelineOn, type StackOptions, silent, simulatedAws } from '../helpers/simulated-stack.ts';

/** A zone, so that each kind of resource is there that the tool makes. */
const zone = { timezone: 'Europe/Berlin' };
const withTags = (tags: Record<string, string>): StackOptions => ({
  settings: { ...zone, tags },
  given: { ...zone, tags },
});

const built = new Map<string, Promise<Simulator>>();

/** A stack that was provisioned with these tags, and its record with it. */
async function stackWith(tags: Record<string, string>): Promise<Simulator> {
  const key = JSON.stringify(tags);
  const build = async () => {
    const aws = simulatedAws();
    await (await pipelineOn(aws, withTags(tags))).provision(silent);
    await aws.world.clock.sleep(60_000);
    return aws;
  };
  const first = built.get(key) ?? build();
  built.set(key, first);
  return (await first).fork(new VirtualClock({ start: (await first).world.now() }));
}

const standing = ({ world }: Simulator): InventoryRow[] =>
  inventory(world).filter(row => !isEnded(row) && row.tags['salesreport:stack'] !== undefined);
const called = ({ type, name, id }: InventoryRow): string => `${type} ${name ?? id}`;
const having = (aws: Simulator, key: string): string[] =>
  standing(aws)
    .filter(({ tags }) => key in tags)
    .map(called)
    .sort();

/** Changes a tag of everything that stands, as somebody in the console does. */
function giveAll(aws: Simulator, key: string, value: string): void {
  const { ec2, iam, sns, events, logs, ssm, s3, scheduler, lambda } = aws.world;
  const now = aws.world.now();
  for (const { id, tags } of standing(aws))
    if (/^(vpc|subnet|igw|eipalloc|nat|rtb|vpce|sg|i|vol|eni)-/.test(id) && 'salesreport:stack' in tags)
      ec2.taggable(id).tags.change(now, key, value);
  const roles = standing(aws).flatMap(({ type, id }) => (type === 'role' ? (iam.role(id) ?? []) : []));
  const profiles = ['salesAnalysisReportDatabaseHostRole', 'salesAnalysisReportCliHostRole'].map(
    name => iam.instanceProfile(name)!,
  );
  const others = [
    sns.topics,
    events.rules,
    logs.groups,
    ssm.parameters,
    s3.buckets,
    scheduler.groups,
    lambda.functions,
  ].flatMap(things => [...things.values()] as { tags: Record<string, string> }[]);
  for (const thing of [...roles, ...profiles, ...others]) thing.tags = { ...thing.tags, [key]: value };
}

const provisioned = async (aws: Simulator, tags: Record<string, string>) => {
  const pipeline = await pipelineOn(aws, withTags(tags));
  const { changes } = await pipeline.plan();
  const { outcomes } = await pipeline.provision(silent);
  expect(outcomes.flatMap(({ why }) => why ?? [])).toEqual([]);
  await aws.world.clock.sleep(60_000);
  return changes;
};

describe('a tag that is taken out of the settings', () => {
  it('is taken off everything that had it: the plan says so for each resource, and then nothing is left to do', async () => {
    const aws = await stackWith({ shop: 'Corner', team: 'sales' });
    const before = having(aws, 'team');
    expect(before.length).toBe(standing(aws).length);
    const { resources } = await (await pipelineOn(aws, withTags({ shop: 'Corner' }))).status();
    const changes = await provisioned(aws, { shop: 'Corner' });
    // Whatever of the catalogue can be tagged is made of the same mechanism.
    const tagged = catalogueOf(aws, zone)
      .filter(({ wanted, operations }) => wanted && operations.adopt)
      .map(({ id }) => id);
    expect(tagged.length).toBeGreaterThan(25);
    const rows = changes.filter(({ id }) => id !== 'settings');
    expect(rows.map(({ id }) => id)).toEqual(tagged);
    for (const { action, differences } of rows)
      expect({ action, differences }).toMatchObject({
        action: 'update',
        differences: [{ what: 'tag team', is: 'sales', wanted: 'none' }],
      });
    expect(resources.filter(({ state }) => state === 'differs').map(({ id }) => id)).toEqual(tagged);
    expect(having(aws, 'team')).toEqual([]);
    expect(having(aws, 'shop')).toEqual(before);
    expect((await (await pipelineOn(aws, withTags({ shop: 'Corner' }))).plan()).changes).toEqual([]);
  });

  it('goes off disks and interfaces of the hosts too, and a new one comes to them', async () => {
    const aws = await stackWith({ team: 'sales' });
    await provisioned(aws, { shop: 'Corner' });
    const attached = standing(aws).filter(({ type }) => ['volume', 'network-interface'].includes(type));
    expect(attached.length).toBe(4);
    for (const { tags } of attached) expect(tags).toMatchObject({ shop: 'Corner', 'salesreport:stack': 'salesreport' });
    expect(having(aws, 'team')).toEqual([]);
  });

  it('stays where somebody else set it: the record does not name it', async () => {
    const aws = await stackWith({ shop: 'Corner' });
    giveAll(aws, 'team', 'sales');
    const before = having(aws, 'team');
    expect(
      (await provisioned(aws, {})).some(({ differences }) => differences.some(({ what }) => what === 'tag team')),
    ).toBe(false);
    expect(having(aws, 'team')).toEqual(before);
    expect(having(aws, 'shop')).toEqual([]);
  });

  it('stays, and a note says why, where somebody gave it another value since', async () => {
    const aws = await stackWith({ team: 'sales' });
    giveAll(aws, 'team', 'theirs');
    const before = having(aws, 'team');
    const { changes, notes } = await (await pipelineOn(aws, withTags({}))).plan();
    expect(changes.map(({ id }) => id)).toEqual(['settings']);
    expect(notes).toContain(
      'The tag team of Topic salesAnalysisReportTopic stays, although the settings no longer have it: its value has been changed since the last provision.',
    );
    await provisioned(aws, {});
    expect(having(aws, 'team')).toEqual(before);
  });

  it.each([
    ['damaged', '{'],
    ['of an older tool, which has none', undefined],
  ])('stays where the record is %s', async (_name, text) => {
    const aws = await stackWith({ team: 'sales' });
    const before = having(aws, 'team');
    const [bucket] = aws.world.s3.buckets.values();
    const at = bucket!.versions.findLastIndex(({ key }) => key === recordKey);
    if (text === undefined) bucket!.versions.splice(at, 1);
    else bucket!.versions[at]!.body = new TextEncoder().encode(text);
    await provisioned(aws, {});
    expect(having(aws, 'team')).toEqual(before);
  });

  it("of the tool's own and of AWS is never taken off, whatever the record says", async () => {
    const aws = await stackWith({ team: 'sales' });
    const foreign = {
      'salesreport:stack': 'salesreport',
      'SalesReport:filters': 'x',
      'aws:made-by': 'x',
      Name: 'Lab VPC',
      n: 1,
    };
    giveAll(aws, 'aws:made-by', 'x');
    giveAll(aws, 'SalesReport:filters', 'x');
    const body = JSON.stringify({ version: 1, tool: '1.0.0', settings: { tags: foreign } });
    const [bucket] = aws.world.s3.buckets.values();
    bucket!.versions.findLast(({ key }) => key === recordKey)!.body = new TextEncoder().encode(body);
    const pipeline = await pipelineOn(aws, withTags({ team: 'sales' }));
    expect((await pipeline.plan()).changes.map(({ id }) => id)).toEqual(['settings']);
  });

  it('gives way to the name that things have without it', async () => {
    const aws = await stackWith({ Name: 'Sales' });
    const [vpc] = aws.world.ec2.vpcs.existing();
    expect(vpc!.tags.asOf().Name).toBe('Sales');
    await provisioned(aws, {});
    expect(vpc!.tags.asOf().Name).toBe('Lab VPC');
    const named = standing(aws).filter(({ tags }) => tags.Name === 'Sales');
    expect(named.map(called)).toEqual([]);
  });

  it('comes back in another case: IAM takes both for one, and has it in the end', async () => {
    const aws = await stackWith({ Team: 'sales' });
    const before = having(aws, 'Team');
    await provisioned(aws, { team: 'sales' });
    expect(having(aws, 'team')).toEqual(before);
    expect(having(aws, 'Team')).toEqual([]);
    expect((await (await pipelineOn(aws, withTags({ team: 'sales' }))).plan()).changes).toEqual([]);
  });

  it('gives way to others at the limit of 50 tags', async () => {
    const many = (letter: string) => Object.fromEntries(Array.from({ length: 37 }, (_, at) => [`${letter}${at}`, 'x']));
    const aws = await stackWith(many('a'));
    await provisioned(aws, many('b'));
    expect(having(aws, 'a0')).toEqual([]);
    expect(having(aws, 'b36').length).toBe(standing(aws).length);
  });

  it('goes in the end although a run dies before or after any change: the same command does the rest', async () => {
    const start = await stackWith({ shop: 'Corner', team: 'sales' });
    const fresh = () => start.fork(new VirtualClock({ start: start.world.now() }));
    const options = withTags({ shop: 'Market' });
    const command = (pipeline: Pipeline) => pipeline.provision(silent);
    const whole = fresh();
    const before = whole.calls.length;
    await command(await pipelineOn(whole, options));
    const changes = whole.calls.slice(before).filter(({ mutating }) => mutating).length;
    expect(changes).toBeGreaterThan(50);
    const every = isStorm ? 1 : 48;
    for (const [side, first] of [['before', 8] as const, ['after', 20] as const])
      for (let nth = Math.min(first, every); nth <= changes; nth += every) {
        const aws = fresh();
        expect(await dying(aws, command, { ...options, nth, side })).toBe(true);
        await command(await pipelineOn(aws, options));
        await aws.world.clock.sleep(60_000);
        const wrong = standing(aws).filter(({ tags }) => 'team' in tags || tags.shop !== 'Market');
        expect({ side, nth, wrong: wrong.map(called) }).toEqual({ side, nth, wrong: [] });
        expect((await (await pipelineOn(aws, options)).plan()).changes).toEqual([]);
      }
  });
});
