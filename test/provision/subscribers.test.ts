import { describe, expect, it } from 'vitest';
import { confirmationIn } from '../../src/provision/confirm-reader.ts';
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
  const left = /^ann@example\.com was unsubscribed, .*: salesreport subscribe email ann@example\.com asks again, /;
  expect((await pipeline.status()).notes).toEqual([]);
  aws.world.sns.unsubscribe('ann@example.com');
  expect(await readers()).toEqual([]);
  expect((await pipeline.status()).notes).toEqual([expect.stringMatching(left)]);
  expect(await add()).toMatchObject([{ state: 'pending', added: true }]);
  expect(await readers()).toEqual(['ann@example.com pending']);
  expect((await pipeline.status()).notes).toEqual([]);
});

describe('T10: a reader whom the account confirms', () => {
  const ann = 'ann@example.com';
  const open = async (settings: object = {}) => {
    const aws = simulatedAws();
    const pipeline = await pipelineOn(aws, { settings });
    await pipeline.provision(silent);
    await pipeline.subscribe('email', [ann]);
    const link = aws.world.sns.linkFor(ann);
    return { aws, pipeline, link, token: /Token=(\w+)/.exec(link)![1]! };
  };
  const confirming = ({ calls }: Simulator) => calls.filter(({ operation }) => operation === 'ConfirmSubscription');

  it.each<[how: string, given: (link: string, token: string) => string]>([
    ['the link', link => link],
    ['the bare token', (_link, token) => `${token}\n`],
    ['the link as a scanner wrapped it', link => `https://eur01.safelinks.example/?url=${encodeURIComponent(link)}&data=05`],
  ])('by %s gets reports, and no link in a mail unsubscribes them', async (_how, given) => {
    const { aws, pipeline, link, token } = await open();
    for (let nth = 0; nth < 2; nth++)
      expect(await pipeline.confirm(confirmationIn(given(link, token)))).toEqual({
        protocol: 'email',
        endpoint: ann,
        state: 'confirmed',
        arn: expect.stringMatching(/:salesAnalysisReportTopic:[0-9a-f-]{36}$/),
      });
    expect(() => aws.world.sns.unsubscribe(ann)).toThrow('Subscription not removed');
    expect((await pipeline.status()).subscribers).toMatchObject([{ endpoint: ann, state: 'confirmed' }]);
    expect(confirming(aws)[0]!.input).toMatchObject({ Token: token, AuthenticateOnUnsubscribe: 'true' });
  });

  it('is told where a click on the link came first, and how that is closed', async () => {
    const { aws, pipeline, link } = await open();
    aws.world.sns.confirm(ann);
    await expect(pipeline.confirm(confirmationIn(link))).rejects.toMatchObject({
      code: 'confirmed-by-link',
      next: expect.stringMatching(/^To close that: aws sns unsubscribe --region eu-west-1 --subscription-arn arn:\S+, then /),
    });
  });

  it('is not confirmed by the link of another stack, which is not sent', async () => {
    const { aws, link, token } = await open();
    const dev = await pipelineOn(aws, { settings: { stack: 'dev' } });
    await expect(dev.confirm(confirmationIn(link))).rejects.toMatchObject({ code: 'other-topic', exit: 'usage' });
    expect(confirming(aws)).toEqual([]);
    await expect(dev.confirm({ token })).rejects.toMatchObject({ code: 'not-provisioned' });
    await aws.answer('sns', 'CreateTopic', { Name: 'salesAnalysisReportTopic-dev' });
    await expect(dev.confirm({ token })).rejects.toThrow(/has confirmed arn:\S+: stack dev has no reader by it\.$/);
  });

  it('is asked anew once the link has ended, which takes 48 hours', async () => {
    const { aws, pipeline, link, token } = await open();
    await aws.world.clock.sleep(48 * 3_600_000);
    const error = await pipeline.confirm(confirmationIn(link)).catch(error => error);
    expect(error).toMatchObject({ code: 'confirmation-refused' });
    expect(error.message).not.toContain(token);
    expect(await pipeline.subscribe('email', [ann])).toMatchObject([{ added: true }]);
    expect(await pipeline.confirm(confirmationIn(aws.world.sns.linkFor(ann)))).toMatchObject({ state: 'confirmed' });
  });
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
