import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/provision/engine/outcome.ts';
import { estimateChanges, estimateRemoval, secondsOf } from '../../src/provision/plan/estimate.ts';
import { timings, worstOf } from '../../src/provision/timings.ts';
import { catalogueOf } from '../helpers/catalogue-of.ts';
import { sampled } from '../helpers/sampled.ts';
import { everything, pipelineOn, silent, simulatedAws } from '../helpers/simulated-stack.ts';

const resources = catalogueOf(simulatedAws());
const find = (id: string) => resources.find(resource => resource.id === id)!;
const change = (
  id: string,
  action: Change['action'],
  operations = find(id).operations,
): Pick<Change, 'id' | 'action' | 'operations'> => ({
  id,
  action,
  operations: action === 'replace' ? [...operations.remove, ...operations.create] : [...(operations[action] ?? [])],
});

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

describe('the expected time', () => {
  it('of a change is its calls, one after the other, and what AWS takes beyond them', () => {
    expect(secondsOf(find('topic'), change('topic', 'create'))).toBe(0.5);
    expect(secondsOf(find('nat-gateway'), change('nat-gateway', 'create'))).toBeGreaterThan(106);
    const replaced = secondsOf(find('nat-gateway'), change('nat-gateway', 'replace'));
    expect(replaced).toBeGreaterThan(106 + 61);
  });

  it('of a whole plan is the longest path, in words, and not the sum', () => {
    const all = resources.filter(({ wanted, madeByAws }) => wanted && !madeByAws).map(({ id }) => change(id, 'create'));
    const { seconds, path } = estimateChanges(resources, all);
    expect(path).toEqual(['Lab VPC', 'Internet gateway', 'NAT gateway', 'Private route table', 'S3 gateway endpoint']);
    expect(seconds).toBeLessThan(all.reduce((sum, one) => sum + secondsOf(find(one.id), one), 0) / 2);
  });

  it('counts what is not ready before the host serves, though nothing needs the host', () => {
    const { seconds, path } = estimateChanges(resources, [
      change('host.database', 'create'),
      change('topic', 'create'),
    ]);
    expect(path).toEqual(['Database host Web Server 1']);
    expect(seconds).toBeGreaterThan(100);
  });

  it('passes over what stays as it is', () => {
    const { path } = estimateChanges(resources, [change('vpc', 'update'), change('route-table.public', 'update')]);
    expect(path).toEqual(['Lab VPC', 'Public route table']);
  });

  it('of what goes comes after what is made', () => {
    const made = estimateChanges(resources, [change('topic', 'create')]);
    const both = estimateChanges(resources, [change('topic', 'create'), change('host.cli', 'remove')]);
    expect(both.seconds - made.seconds).toBeGreaterThan(25);
    expect(both.path).toEqual([...made.path, 'Administration host CLI Host']);
  });

  it('on a slow day of AWS is longer, by what is known to be slow', () => {
    const { seconds, atWorst } = estimateChanges(resources, [change('nat-gateway', 'create')]);
    expect(atWorst - seconds).toBeCloseTo(worstOf('nat.available') - timings['nat.available'].seconds);
  });

  it('without changes is that of a look', () => {
    expect(estimateChanges(resources, [])).toEqual({
      seconds: expect.closeTo(1.2),
      atWorst: expect.closeTo(1.2),
      path: [],
    });
  });

  it('is within a tenth of the median of what a provision and its proof take, and a teardown', async () => {
    const [built, removed]: [number[], number[]] = [[], []];
    let expected = 0;
    for (const seed of sampled([1, 2, 3, 4, 5, 6, 7, 8, 9], 2)) {
      const aws = simulatedAws({ seed });
      const pipeline = await pipelineOn(aws);
      const start = aws.world.now();
      const plan = await pipeline.plan();
      expected = plan.time.seconds;
      await pipeline.provision(silent, { shown: plan });
      await pipeline.probe(silent);
      built.push((aws.world.now() - start) / 1000);
      removed.push((await pipeline.teardown(silent, everything)).seconds);
    }
    expect(expected / median(built)).toBeGreaterThan(0.9);
    expect(expected / median(built)).toBeLessThan(1.1);
    const gone = estimateRemoval(resources).seconds / median(removed);
    expect(gone).toBeGreaterThan(0.9);
    expect(gone).toBeLessThan(1.1);
  }, 60_000);
});
