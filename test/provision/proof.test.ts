import { describe, expect, it } from 'vitest';
import type { Pipeline } from '../../src/provision/pipeline.ts';
import { AwsError } from '../../src/simulator/aws-error.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { dying } from '../helpers/deaths.ts';
import { builtAws, everything, newProcess, pipelineOn, silent } from '../helpers/simulated-stack.ts';

const locksOf = (aws: Simulator) => [...aws.world.ssm.parameters.keys()].filter(name => name.includes('/lock/'));
const prove = (pipeline: Pipeline) => pipeline.provision(silent, { proves: true });
/** A process on the host of the dead one, or on another. */
const successor = () => newProcess('shop', () => false);
const elsewhere = () => newProcess('another machine');
const owed = 'It is not proved yet that what the last run made works: salesreport provision proves it.';

/** A stack in which the schedule was disabled by hand, so that there is something to mend. */
async function withWork(): Promise<Simulator> {
  const aws = await builtAws();
  await aws.answer('events', 'DisableRule', { Name: 'salesAnalysisReportSchedule' });
  return aws;
}

describe('the proof at the end of a provision', () => {
  it('is given where something was changed, and nowhere else', async () => {
    const aws = await withWork();
    expect((await prove(await pipelineOn(aws))).proof).toMatchObject({
      broken: [],
      hops: [{ ok: true }, { ok: true }, { ok: true }],
    });
    expect(locksOf(aws)).toEqual([]);
    const again = await pipelineOn(aws);
    expect(await again.plan()).toMatchObject({ changes: [], unfinished: [] });
    expect((await prove(again)).proof).toBeUndefined();
  });

  it.each([
    ['on the same machine', successor],
    ['on another machine', elsewhere],
  ])('is given by the next run, %s, when one was killed after its last change', async (_where, self) => {
    const whole = await withWork();
    const before = whole.calls.length;
    await prove(await pipelineOn(whole));
    const changes = whole.calls
      .slice(before)
      .filter(({ mutating }) => mutating)
      .map(({ operation }) => operation);
    const invoke = changes.indexOf('Invoke') + 1;
    expect(invoke).toBeGreaterThan(1);
    for (const side of ['before', 'after'] as const) {
      const aws = await withWork();
      expect(await dying(aws, prove, { nth: invoke, side })).toBe(true);
      const pipeline = await pipelineOn(aws, { self: self() });
      const plan = await pipeline.plan();
      expect(plan.changes).toEqual([]);
      expect(plan.unfinished).toEqual([
        expect.stringMatching(/interrupted run of provision left its lock|may still be at work/),
      ]);
      expect((await pipeline.status()).notes).toEqual(plan.unfinished);
      expect((await pipeline.provision(silent, { shown: plan, proves: true })).proof).toMatchObject({ broken: [] });
      expect(locksOf(aws)).toEqual([]);
      expect((await pipeline.status()).notes).toEqual([]);
    }
  });

  it('is owed when it did not go well or could not be given, until it does; nobody is held up meanwhile', async () => {
    const aws = await withWork();
    aws.fault = ({ operation }) => (operation === 'Invoke' ? new AwsError('ServiceException', 'No.') : undefined);
    expect((await prove(await pipelineOn(aws))).proof?.broken).toMatchObject([{ hop: 'answer' }]);
    aws.fault = ({ operation }) => (operation === 'Invoke' ? 'credentials expired' : undefined);
    for (const self of [elsewhere(), elsewhere()]) {
      const pipeline = await pipelineOn(aws, { self });
      expect(await pipeline.plan()).toMatchObject({ changes: [], unfinished: [owed] });
      expect((await pipeline.status()).notes).toEqual([owed]);
      expect(await pipeline.lock()).toBeUndefined();
      const start = aws.world.now();
      await expect(prove(pipeline)).rejects.toMatchObject({ code: 'credentials-expired' });
      expect(aws.world.now() - start).toBeLessThan(15_000);
      expect(locksOf(aws)).toHaveLength(1);
    }
    aws.fault = () => undefined;
    const last = await pipelineOn(aws, { self: elsewhere() });
    expect((await prove(last)).proof).toMatchObject({ broken: [] });
    expect(locksOf(aws)).toEqual([]);
    expect(await last.plan()).toMatchObject({ changes: [], unfinished: [] });
  });

  it('is owed after Ctrl-C too, and a teardown takes the note away', async () => {
    const aws = await withWork();
    const interrupt = new AbortController();
    aws.onEffect = ({ operation }) => operation === 'EnableRule' && interrupt.abort();
    aws.onEffect = ({ operation }) => ['PutRule', 'EnableRule'].includes(operation) && interrupt.abort();
    await expect(prove(await pipelineOn(aws, { signal: interrupt.signal }))).rejects.toMatchObject({
      exit: 'interrupted',
    });
    aws.onEffect = () => {};
    const pipeline = await pipelineOn(aws, { self: elsewhere() });
    expect((await pipeline.status()).notes).toEqual([owed]);
    expect((await pipeline.teardown(silent, everything)).left).toEqual([]);
    expect(locksOf(aws)).toEqual([]);
  });
});
