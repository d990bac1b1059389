import { beforeAll, describe, expect, it } from 'vitest';
import { type Artifacts, loadArtifacts } from '../../src/provision/artifacts.ts';
import type { Entry } from '../../src/report/deliver/entry.ts';
import { parseEntry } from '../../src/report/deliver/parse-entry.ts';
import type { Source } from '../../src/report/facts.ts';
import { sampleSource } from '../../src/report/sources/sample.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { fire, fireSchedule } from '../../src/simulator/trigger.ts';
import { VirtualClock } from '../../src/simulator/virtual-clock.ts';
import { sampled } from '../helpers/sampled.ts';
import { newProcess, pipelineOn, silent } from '../helpers/simulated-stack.ts';
import { type Former, formerStack } from './replay.ts';

/**
 * The whole move of a stack that version 85c3fc4 built to the version of today. It has readers, of whom some asked for
 * notices and some have not confirmed, and a ledger with reports of two days.
 */
let former: Former;
let artifacts: Artifacts;
/** Whether the shop's database does not answer. */
let isAway = false;

beforeAll(async () => {
  artifacts = await loadArtifacts();
  const read: Source['read'] = (...asked) =>
    isAway ? Promise.reject(new Error('the shop is away')) : sampleSource.read(...asked);
  const functionSource = (): Source => ({ ...sampleSource, kind: 'database', read });
  former = await formerStack('stack-85c3fc4', artifacts, { functionSource });
}, 60_000);

const hour = 3_600_000;
const confirmedReaders = ['ann@example.com', 'bob@example.com', 'night@example.com', 'ops@example.com'];
const noticesReaders = ['night@example.com', 'ops@example.com'];

/** A copy of the former stack to do with as one likes, as the person finds it who has installed this version. */
const copied = (): Simulator => former.aws.fork(new VirtualClock({ start: former.aws.world.now() }));
const opened = (aws: Simulator, more: object = {}) =>
  pipelineOn(aws, { settings: former.settings, artifacts, ...more });
/** The process that follows a dead one at once. It asks seldom whether AWS is ready. */
const successor = (aws: Simulator) =>
  opened(aws, { every: [60_000, 120_000], endpoint: 'https://simulated.test', self: newProcess('shop', () => false) });

const topicNamed = ({ world }: Simulator, name: string) =>
  [...world.sns.topics.values()].find(one => one.name === name);
/** Who is subscribed to a topic: with a plus where confirmed, and the filter. */
const subscribed = (aws: Simulator, name: string): string[] =>
  aws.world.sns
    .subscriptionsOf(topicNamed(aws, name)!)
    .map(({ endpoint, confirmed, filterPolicy = '' }) => `${confirmed ? '+' : '-'}${endpoint} ${filterPolicy}`.trim())
    .sort();
const mailsOf = ({ world }: Simulator, what: RegExp) => world.sns.mailbox.filter(({ subject }) => what.test(subject));
const isReport = /: sales /;
const isNotice = /: the report (is blocked|failed)/;
const questions = (aws: Simulator) =>
  mailsOf(aws, /Subscription Confirmation/).map(({ to, body }) => `${to} ${/:(\w+)\n/.exec(body)?.[1]}`);
const hosts = ({ world }: Simulator) => world.ec2.instances.existing().map(({ id }) => id);
const ledger = ({ world }: Simulator): Entry[] =>
  [...world.s3.buckets.values()]
    .flatMap(({ versions }) => [...new Map(versions.map(version => [version.key, version])).values()])
    .filter(({ key, isDeleteMarker }) => key.startsWith('ledger/scheduled/') && !isDeleteMarker)
    .map(({ key, body }) => parseEntry(key, new TextDecoder().decode(body), from => from + 24 * hour).entry);

const nextDue = (world: Simulator['world']): number =>
  Math.ceil((world.now() - 15 * hour) / (24 * hour)) * 24 * hour + 15 * hour;

/** The schedule fires at its next time, whoever is at work. */
async function dueReport({ world }: Simulator): Promise<void> {
  const due = nextDue(world);
  await world.clock.sleep(due - world.now());
  await fireSchedule(world, 'salesAnalysisReport', 'salesAnalysisReportSchedule', due);
}

/** The report of the next day fails so often that who keeps the pipeline is told, and stays to be sent. */
async function failReport(aws: Simulator): Promise<void> {
  const { world } = aws;
  const due = nextDue(world);
  await world.clock.sleep(due - world.now());
  const Payload = new TextEncoder().encode(JSON.stringify({ time: new Date(due).toISOString(), id: 'due' }));
  isAway = true;
  for (let attempt = 1; attempt <= 3; attempt++)
    await aws.answer('lambda', 'Invoke', { FunctionName: 'salesAnalysisReportDataExtractor', Payload });
  isAway = false;
}

const reportsOf = (aws: Simulator, from: number) =>
  mailsOf(aws, isReport)
    .slice(from)
    .map(({ to }) => to)
    .sort();

describe('a stack of the version before operators had a topic', () => {
  it('is what that version left: filters, two topics in one, reports of two days', () => {
    const { aws } = former;
    expect(subscribed(aws, 'salesAnalysisReportTopic')).toEqual([
      '+ann@example.com {"kind":["report"]}',
      '+bob@example.com {"kind":["report"]}',
      '+night@example.com {"kind":["report","notice"]}',
      '+ops@example.com {"kind":["report","notice"]}',
      '-late@example.com {"kind":["report"]}',
      '-later@example.com {"kind":["report","notice"]}',
    ]);
    expect(topicNamed(aws, 'salesAnalysisReportOperators')).toBeUndefined();
    expect(ledger(aws).filter(({ state }) => state === 'sent')).toHaveLength(2);
  });

  it('is moved by one plan that says so, with no host replaced and nobody asked twice', async () => {
    const aws = copied();
    const [before, asked, hostsBefore] = [mailsOf(aws, isReport).length, questions(aws).length, hosts(aws)];
    const pipeline = await opened(aws);
    const plan = await pipeline.plan();
    const readers = plan.changes.find(({ id }) => id === 'readers')!;
    expect(readers).toMatchObject({ action: 'update', title: 'Readers of the report' });
    expect(readers.differences.map(({ words, what, is }) => words ?? `${what}: ${is}`)).toEqual([
      'ops@example.com, night@example.com get notices by salesAnalysisReportOperators, once confirmed by the link in a new mail of AWS',
      'filters: 4 readers have one',
      expect.stringContaining('nothing but reports'),
    ]);
    expect(plan.changes.map(({ id, action }) => `${action} ${id}`)).toEqual(
      expect.arrayContaining(['create topic.operators', 'update role.function', 'update function', 'update readers']),
    );
    // Whatever else this version makes or mends, nothing goes.
    expect(plan.changes.filter(({ action }) => action === 'replace' || action === 'remove')).toEqual([]);
    expect(plan.notes.join(' ')).toContain('have not confirmed yet');
    const done = await pipeline.provision(silent, { shown: plan });
    expect(done.outcomes.filter(({ outcome }) => outcome === 'failed' || outcome === 'skipped')).toEqual([]);
    expect(hosts(aws)).toEqual(hostsBefore);
    expect(subscribed(aws, 'salesAnalysisReportTopic')).toEqual([
      ...confirmedReaders.map(address => `+${address}`),
      '-late@example.com {"kind":["report"]}',
      '-later@example.com {"kind":["report","notice"]}',
    ]);
    expect(subscribed(aws, 'salesAnalysisReportOperators')).toEqual(noticesReaders.map(address => `-${address}`));
    const operators = noticesReaders.map(address => `${address} salesAnalysisReportOperators`);
    expect(questions(aws).slice(asked).sort()).toEqual(operators);
    expect((await (await opened(aws)).plan()).changes).toEqual([]);
    expect((await pipeline.status()).healthy).toBe(true);

    await dueReport(aws);
    expect(reportsOf(aws, before)).toEqual(confirmedReaders);
    expect(ledger(aws).filter(({ state }) => state === 'sent')).toHaveLength(3);
  });

  it('has pending readers, who are moved by the next provision once they have confirmed, or are forgotten', async () => {
    const aws = copied();
    await (await opened(aws)).provision(silent);
    const asked = questions(aws).length;
    aws.world.sns.confirm('later@example.com');
    const plan = await (await opened(aws)).plan();
    expect(plan.changes.map(({ id }) => id)).toEqual(['readers']);
    await (await opened(aws)).provision(silent, { shown: plan });
    expect(subscribed(aws, 'salesAnalysisReportTopic')).toContain('+later@example.com');
    expect(questions(aws).slice(asked)).toEqual(['later@example.com salesAnalysisReportOperators']);
    expect((await (await opened(aws)).plan()).changes).toEqual([]);

    // The last who had not confirmed is forgotten: nobody is asked for a filter any more.
    await aws.world.clock.sleep(50 * hour);
    const last = await (await opened(aws)).plan();
    expect(last.changes.flatMap(({ id, operations }) => [id, ...operations])).toEqual(['readers', 'sns:TagResource']);
    await (await opened(aws)).provision(silent, { shown: last });
    const calls = aws.calls.length;
    expect((await (await opened(aws)).plan()).changes).toEqual([]);
    expect(aws.calls.slice(calls).filter(({ operation }) => operation.includes('Subscription'))).toEqual([]);
  });

  it('mails each due report once to each reader, and no notice to readers, whenever it is due in the move', async () => {
    const whole = copied();
    const moments: Simulator[] = [];
    let nth = 0;
    whole.onEffect = ({ mutating, service, operation }, side) => {
      if (!mutating || side !== 'after' || operation === 'Invoke' || service === 'ssm') return;
      if (nth++ % 2 === 0) moments.push(whole.fork(new VirtualClock({ start: whole.world.now() })));
    };
    const before = mailsOf(whole, isReport).length;
    let heard = 0;
    await (await successor(whole)).provision(silent);
    expect(moments.length).toBeGreaterThan(5);
    for (const aws of sampled(moments, 3)) {
      // Whoever was at work is dead; a report is due before anybody comes back, and another that fails.
      await dueReport(aws);
      expect(reportsOf(aws, before)).toEqual(confirmedReaders);
      const published = aws.world.sns.published.length;
      await failReport(aws);
      expect(aws.world.sns.published.slice(published)).toMatchObject([{ attributes: { kind: 'notice' } }]);
      expect(reportsOf(aws, before)).toEqual(confirmedReaders);
      await (await successor(aws)).provision(silent);
      await fire(aws.world, 'salesAnalysisReportWatch', aws.world.now());
      expect(reportsOf(aws, before)).toEqual(confirmedReaders.flatMap(address => [address, address]));
      const notices = mailsOf(aws, isNotice).map(({ to }) => to);
      expect(notices.filter(address => !noticesReaders.includes(address))).toEqual([]);
      heard += notices.length;
    }
    // Before the function has another topic for them the notices reach those who asked for them by the filters.
    expect(heard).toBeGreaterThan(0);
  }, 120_000);

  it('is moved whole after a death before or after each change, with nobody asked twice', async () => {
    const whole = copied();
    const moments: { label: string; aws: Simulator }[] = [];
    let nth = 0;
    whole.onEffect = ({ mutating, service, operation }, side) => {
      if (!mutating || operation === 'Invoke') return;
      if (side === 'before') nth++;
      moments.push({
        label: `dead ${side} change ${nth}, ${service}:${operation}`,
        aws: whole.fork(new VirtualClock({ start: whole.world.now() })),
      });
    };
    const asked = questions(whole).length;
    await (await successor(whole)).provision(silent);
    whole.onEffect = () => {};
    const endOf = (aws: Simulator) => ({
      readers: subscribed(aws, 'salesAnalysisReportTopic'),
      operators: subscribed(aws, 'salesAnalysisReportOperators'),
      asked: questions(aws).slice(asked).sort(),
      hosts: hosts(aws),
    });
    const wanted = endOf(whole);
    const wrong: string[] = [];
    for (const { label, aws } of sampled(moments, 6)) {
      await (await successor(aws)).provision(silent);
      try {
        expect(endOf(aws)).toEqual(wanted);
        expect((await (await successor(aws)).plan()).changes).toEqual([]);
      } catch (error) {
        wrong.push(`${label}: ${(error as Error).message}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(moments.length).toBeGreaterThan(30);
  }, 120_000);
});
