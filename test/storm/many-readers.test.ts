import { expect, it } from 'vitest';
import { makeBusy } from '../helpers/busy-stack.ts';
import { formerFilters, makeFormer } from '../helpers/former-readers.ts';
import { isStorm } from '../helpers/sampled.ts';
import { builtAws, pipelineOn, silent } from '../helpers/simulated-stack.ts';

/** A full move with STORM in the environment, else one that takes a second or two. */
const readers = isStorm ? 5_000 : 600;

it(`${readers} readers, of whom 200 have the filters of the former version, are moved although SNS throttles`, async () => {
  const aws = await builtAws();
  await makeBusy(aws, {}, { readers, reports: 0 });
  const topic = [...aws.world.sns.topics.values()].find(({ name }) => name === 'salesAnalysisReportTopic')!;
  makeFormer(aws);
  // As many as SNS lets a topic have (General Reference, "Amazon SNS endpoints and quotas"), 20 of them for notices.
  const filtered = new Set([0, readers - 1, ...Array.from({ length: 198 }, (_, at) => 3 * at + 1)]);
  topic.subscriptions.forEach((one, at) => {
    if (!filtered.has(at)) delete one.filterPolicy;
    else if (at % 10 === 7) one.filterPolicy = formerFilters.notices;
  });
  const wantNotices = topic.subscriptions
    .filter(one => one.filterPolicy === formerFilters.notices)
    .map(one => one.endpoint);
  expect(wantNotices.length).toBeGreaterThan(10);
  let asked = 0;
  let refused = 0;
  aws.fault = ({ service }) => {
    if (service !== 'sns' || ++asked % 50 > 0) return undefined;
    refused++;
    return 'throttled';
  };
  const before = aws.calls.length;
  const { outcomes } = await (await pipelineOn(aws)).provision(silent);
  const calls = aws.calls.slice(before).filter(({ service }) => service === 'sns');
  expect(outcomes.filter(({ outcome }) => outcome === 'failed' || outcome === 'skipped')).toEqual([]);
  expect(refused).toBeGreaterThan(readers / 50);
  expect(topic.subscriptions.filter(one => one.filterPolicy && one.filterPolicy !== '{}')).toEqual([]);
  const operators = [...aws.world.sns.topics.values()].find(({ name }) => name === 'salesAnalysisReportOperators')!;
  expect(operators.subscriptions.map(one => one.endpoint).sort()).toEqual(wantNotices.sort());
  // Each reader is asked for a filter once in the plan and once under the lock; 100 stand in one answer.
  const counted = (name: string) =>
    calls.filter(({ operation, error }) => operation === name && error === undefined).length;
  expect(counted('GetSubscriptionAttributes')).toBeLessThanOrEqual(2 * readers);
  expect(counted('ListSubscriptionsByTopic')).toBeLessThanOrEqual(3 * Math.ceil(readers / 100) + 10);
  expect(counted('Subscribe')).toBe(wantNotices.length);
  expect(counted('SetSubscriptionAttributes')).toBe(200);

  const again = aws.calls.length;
  expect((await (await pipelineOn(aws)).plan()).changes).toEqual([]);
  expect(aws.calls.slice(again).some(({ operation }) => operation === 'GetSubscriptionAttributes')).toBe(false);
}, 60_000);
