import { describe, expect, it } from 'vitest';
import { inventory, isEnded } from '../../src/simulator/inventory.ts';
import { copyAll, reorder, stateOf } from '../helpers/copies.ts';
import { builtAws, everything, pipelineOn, silent } from '../helpers/simulated-stack.ts';

/** What no list of the tool's shows: it has none of our names, and its service finds things by those. */
const isShown = (what: string) => !['another VPC', 'topic', 'log group', 'parameter'].includes(what);
/** Beside another in the same VPC: only a run with the stack's settings says which serves. */
const isSwept = (what: string) => !/^inside (subnet|public|private|endpoint|host)|inside$/.test(what);
/** What a survey shows. */
const isInView = (what: string) =>
  !/elsewhere (subnet|security|public|private|endpoint)|NAT gateway elsewhere|snapshot/.test(what) && isShown(what);

describe("what somebody else has with the stack's tags", () => {
  it.each(['first', 'last'] as const)('survives every verb unchanged where AWS lists it %s', async order => {
    const aws = await builtAws();
    const own = inventory(aws.world).filter(row => !isEnded(row));
    const copies = await copyAll(aws);
    reorder(aws, copies, order);
    const before = stateOf(aws, copies);
    const pipeline = () => pipelineOn(aws);
    expect((await (await pipeline()).plan()).changes).toEqual([]);
    for (const { awsId } of copies.filter(({ what }) => what.includes('host.')))
      await expect((await pipeline()).plan({ removeSurplus: [awsId] })).rejects.toMatchObject({ code: 'unknown-surplus' });
    await (await pipeline()).status();
    await (await pipeline()).provision(silent, { consent: { adopt: true, replace: ['nat-gateway', 'host.cli', 'function'] } });
    expect(stateOf(aws, copies)).toEqual(before);
    expect((await (await pipeline()).plan()).changes).toEqual([]);
    const named = (await (await pipeline()).status()).strangers.map(({ awsId }) => awsId);
    const swept = await (await pipeline()).sweep(silent);
    expect(swept.stacks).toMatchObject([{ state: 'standing' }]);
    for (const { what, awsId } of copies.filter(one => isShown(one.what))) {
      expect([what, swept.foreign.some(one => one.awsId === awsId)]).toEqual([what, isSwept(what)]);
      if (isInView(what)) expect(named).toContain(awsId);
    }
    const first = await (await pipeline()).teardown(silent, everything);
    expect(stateOf(aws, copies)).toEqual(before);
    // What holds what somebody else has cannot go before that.
    expect(first.left.map(({ id }) => id).sort()).toEqual(['internet-gateway', 'vpc']);
    const certified = first.strangers.map(({ awsId }) => awsId);
    for (const { awsId } of copies.filter(({ what }) => isInView(what))) expect(certified).toContain(awsId);
    const rest = inventory(aws.world).filter(row => !isEnded(row) && own.some(({ id }) => id === row.id));
    expect(rest.map(({ type }) => type).sort()).toEqual(expect.arrayContaining(['internet-gateway', 'vpc']));
    // Now the copies alone have the tags.
    await (await pipeline()).teardown(silent, everything);
    expect(stateOf(aws, copies)).toEqual(before);
  });
});
