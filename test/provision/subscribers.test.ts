import { describe, expect, it } from 'vitest';
import { confirmationIn } from '../../src/provision/readers/confirm-reader.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { builtAws, pipelineOn, silent, simulatedAws } from '../helpers/simulated-stack.ts';

it('T10: a reader is pending, confirmed, and none once they have left; who was asked is not asked again', async () => {
  const aws = simulatedAws();
  const pipeline = await pipelineOn(aws);
  await pipeline.provision(silent);
  const add = () => pipeline.subscribe('email', ['ann@example.com']);
  const readers = async () =>
    (await pipeline.status()).subscribers.map(({ endpoint, state }) => `${endpoint} ${state}`);
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
    [
      'the link as a scanner wrapped it',
      link => `https://eur01.safelinks.example/?url=${encodeURIComponent(link)}&data=05`,
    ],
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
      next: expect.stringMatching(
        /^To close that: aws sns unsubscribe --region eu-west-1 --subscription-arn arn:\S+, then /,
      ),
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

/** Who is subscribed to what, with the filter where there is one. */
const subscriptionsOf = (aws: Simulator): string[] =>
  [...aws.world.sns.topics.values()].flatMap(topic =>
    aws.world.sns
      .subscriptionsOf(topic)
      .map(({ endpoint, filterPolicy }) => [endpoint, topic.name, filterPolicy].filter(Boolean).join(' ')),
  );
const requests = ({ world }: Simulator) => world.sns.mailbox.filter(({ subject }) => subject.includes('Confirmation'));

const openTopics = async () => {
  const aws = await builtAws();
  const pipeline = await pipelineOn(aws);
  return {
    aws,
    pipeline,
    add: (addresses: string[], operator?: boolean) => pipeline.subscribe('email', addresses, { operator }),
  };
};

describe('an operator', () => {
  it('is subscribed to the topic of notices and not to that of the reports; nobody has a filter', async () => {
    const { aws, pipeline, add } = await openTopics();
    expect(await add(['ops@example.com'], true)).toMatchObject([{ added: true, notices: true }]);
    expect((await add(['ann@example.com']))[0]).not.toHaveProperty('notices');
    expect(subscriptionsOf(aws)).toEqual([
      'ops@example.com salesAnalysisReportOperators',
      'ann@example.com salesAnalysisReportTopic',
    ]);
    expect(await pipeline.status()).toMatchObject({
      subscribers: [{ endpoint: 'ann@example.com', state: 'pending' }],
      operators: [{ endpoint: 'ops@example.com', state: 'pending', notices: true }],
    });
  });

  it('can be a reader too, by a confirmation of its own; who was asked is not asked again', async () => {
    const { aws, pipeline, add } = await openTopics();
    for (let nth = 0; nth < 2; nth++) {
      await add(['ann@example.com']);
      await add(['ann@example.com'], true);
    }
    expect(requests(aws)).toHaveLength(2);
    const link = aws.world.sns.linkFor('ann@example.com');
    expect(await pipeline.confirm(confirmationIn(link))).toMatchObject({ endpoint: 'ann@example.com', notices: true });
    expect(await pipeline.status()).toMatchObject({
      subscribers: [{ state: 'pending' }],
      operators: [{ state: 'confirmed', arn: expect.stringContaining(':salesAnalysisReportOperators:') }],
    });
  });
});

describe('an address', () => {
  it('is one whatever its case, typed twice or there already', async () => {
    const { aws, pipeline, add } = await openTopics();
    expect(await add(['ann@example.com', 'ANN@Example.COM', 'bob@example.com'])).toMatchObject([
      { endpoint: 'ann@example.com', added: true },
      { endpoint: 'bob@example.com', added: true },
    ]);
    aws.world.sns.confirm('ann@example.com');
    expect(await add(['Ann@EXAMPLE.com'])).toMatchObject([{ endpoint: 'ann@example.com', state: 'confirmed' }]);
    expect(requests(aws)).toHaveLength(2);
    expect((await pipeline.status()).subscribers).toHaveLength(2);
  });

  it('that SNS has twice is listed once, as confirmed by one of them, and told of where both mail', async () => {
    const { aws, pipeline, add } = await openTopics();
    await add(['ann@example.com']);
    const TopicArn = 'arn:aws:sns:eu-west-1:123456789012:salesAnalysisReportTopic';
    await aws.answer('sns', 'Subscribe', { TopicArn, Protocol: 'email', Endpoint: 'ANN@example.com' });
    aws.world.sns.confirm('ANN@example.com');
    const status = await pipeline.status();
    expect(status.subscribers).toMatchObject([{ endpoint: 'ANN@example.com', state: 'confirmed' }]);
    expect(status.notes).toEqual([]);
    aws.world.sns.confirm('ann@example.com');
    expect((await pipeline.status()).notes).toEqual([
      expect.stringMatching(
        /^ANN@example\.com is subscribed under another spelling too and gets each mail twice: aws sns unsubscribe /,
      ),
    ]);
  });
});

describe('many addresses', () => {
  const many = Array.from({ length: 250 }, (_, n) => `reader-${n}@example.com`);

  it('are as many as one likes: no reader has one of the 200 filters of a topic', async () => {
    const { add } = await openTopics();
    expect(await add(many)).toHaveLength(250);
  });

  it('of which AWS takes some: those are done and named, and so are the rest', async () => {
    const { aws, add } = await openTopics();
    aws.world.sns.topics.get('arn:aws:sns:eu-west-1:123456789012:salesAnalysisReportTopic')!.subscriptions.push(
      ...Array.from({ length: 4_998 }, (_, n) => ({
        arn: `arn:${n}`,
        protocol: 'email',
        endpoint: `other-${n}@example.com`,
        createdAt: aws.world.now(),
        token: `${n}`,
        confirmed: false,
      })),
    );
    const error = await add(many).catch(error => error);
    expect(error).toMatchObject({
      code: 'subscription-limit',
      message: expect.stringMatching(
        /^2 of 250 addresses are done, and the rest is not: AWS takes no more subscriptions /,
      ),
      subscribers: [{ endpoint: many[0], added: true }, { endpoint: many[1] }],
      left: many.slice(2),
    });
    await expect(add(many.slice(2))).rejects.toMatchObject({ code: 'subscription-limit' });
    await aws.world.clock.sleep(49 * 3_600_000);
    expect(await add(many)).toHaveLength(250);
  });
});
