import { describe, expect, it } from 'vitest';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { pipelineOn, silent, simulatedAws } from '../helpers/simulated-stack.ts';

it('T10: a reader is pending, confirmed, and none once they have left; who was asked is not asked again', async () => {
  const aws = simulatedAws();
  const pipeline = await pipelineOn(aws);
  await pipeline.provision(silent);
  const add = () => pipeline.subscribe('email', ['ann@example.com']);
  const readers = async () => (await pipeline.status()).subscribers.map(({ endpoint, state }) => `${endpoint} ${state}`);
  expect(await add()).toMatchObject([{ state: 'pending', added: true }]);
  expect(await readers()).toEqual(['ann@example.com pending']);
  const mails = aws.world.sns.mailbox.length;
  expect(await add()).toMatchObject([{ state: 'pending' }]);
  expect(aws.world.sns.mailbox).toHaveLength(mails);
  aws.world.sns.confirm('ann@example.com');
  expect(await readers()).toEqual(['ann@example.com confirmed']);
  aws.world.sns.unsubscribe('ann@example.com');
  expect(await readers()).toEqual([]);
  expect(await add()).toMatchObject([{ state: 'pending', added: true }]);
  expect(await readers()).toEqual(['ann@example.com pending']);
});

describe('a reader of notices', () => {
  const filters = (aws: Simulator) =>
    [...aws.world.sns.topics.values()].flatMap(topic =>
      aws.world.sns.subscriptionsOf(topic).map(({ endpoint, filterPolicy }) => `${endpoint} ${filterPolicy}`),
    );
  const openTopic = async () => {
    const aws = simulatedAws();
    const pipeline = await pipelineOn(aws);
    await pipeline.provision(silent);
    return { aws, add: (address: string, notices?: boolean) => pipeline.subscribe('email', [address], { notices }) };
  };

  it('gets them beside the reports; one who did not ask for them gets reports only', async () => {
    const { aws, add } = await openTopic();
    expect(await add('ops@example.com', true)).toMatchObject([{ added: true, notices: true }]);
    expect((await add('ann@example.com'))[0]).not.toHaveProperty('notices');
    expect(filters(aws)).toEqual(['ops@example.com {"kind":["report","notice"]}', 'ann@example.com {"kind":["report"]}']);
  });

  it('can be one who is there already, once confirmed; nobody loses them by being added again', async () => {
    const { aws, add } = await openTopic();
    await add('ann@example.com');
    await expect(add('ann@example.com', true)).rejects.toMatchObject({ code: 'pending-reader' });
    aws.world.sns.confirm('ann@example.com');
    const changes = () => aws.calls.filter(({ operation }) => operation === 'SetSubscriptionAttributes').length;
    expect(await add('ann@example.com', true)).toMatchObject([{ state: 'confirmed', notices: true }]);
    expect(await add('ann@example.com', true)).toMatchObject([{ state: 'confirmed', notices: true }]);
    expect(changes()).toBe(1);
    await add('ann@example.com');
    expect(filters(aws)).toEqual(['ann@example.com {"kind":["report","notice"]}']);
    expect(aws.world.sns.mailbox.filter(({ subject }) => subject.includes('Confirmation'))).toHaveLength(1);
  });
});
