import { PublishCommand } from '@aws-sdk/client-sns';
import { describe, expect, it } from 'vitest';
import { type Account, hour, minute, openAccount } from '../account.ts';

const TopicArn = 'arn:aws:sns:eu-west-1:123456789012:report';
const reader = { TopicArn, Protocol: 'email', Endpoint: 'ann@shop.example', ReturnSubscriptionArn: true };
const reportsOnly = { FilterPolicy: JSON.stringify({ kind: ['report'] }) };
const kind = (StringValue: string) => ({ kind: { DataType: 'String', StringValue } });
const mailTo = ({ world }: Account, address: string) => world.sns.mailbox.filter(({ to }) => to === address);
const publish = (account: Account, more = {}) =>
  account.clients.sns!.send(new PublishCommand({ TopicArn, Message: 'm', ...more }));
const refused = (account: Account, more: object) =>
  publish(account, more).then(
    () => 'accepted',
    (error: Error) => `${error.name}: ${error.message}`,
  );

async function openTopic(options = {}) {
  const account = await openAccount(options);
  await account.call('sns:CreateTopic', { Name: 'report' });
  return account;
}

describe('a topic', () => {
  it('is made once, whatever how often it is asked for, and refuses other tags', async () => {
    const { call, refusal } = await openAccount();
    const Tags = [{ Key: 'a', Value: 'b' }];
    expect(await call('sns:CreateTopic', { Name: 'report', Tags })).toMatchObject({ TopicArn });
    expect(await call('sns:CreateTopic', { Name: 'report', Tags })).toMatchObject({ TopicArn });
    for (const other of [[{ Key: 'a', Value: 'c' }], [...Tags, { Key: 'b', Value: 'c' }], [{ Key: 'b', Value: 'c' }]])
      expect(await refusal('sns:CreateTopic', { Name: 'report', Tags: other })).toMatch(
        /^InvalidParameterException: .*already exists with different tags/,
      );
    expect((await call('sns:ListTagsForResource', { ResourceArn: TopicArn })).Tags).toEqual(Tags);
    expect(await refusal('sns:CreateTopic', { Name: 'a b' })).toBe(
      'InvalidParameterException: Invalid parameter: Topic Name',
    );
  });

  it('counts its readers', async () => {
    const account = await openTopic();
    await account.call('sns:Subscribe', reader);
    await account.call('sns:Subscribe', { ...reader, Endpoint: 'bob@shop.example' });
    account.world.sns.confirm('bob@shop.example');
    expect((await account.call('sns:GetTopicAttributes', { TopicArn })).Attributes).toMatchObject({
      TopicArn,
      Owner: '123456789012',
      SubscriptionsConfirmed: '1',
      SubscriptionsPending: '1',
    });
  });

  it('that is gone is not there for any call', async () => {
    const { call, refusal } = await openTopic();
    await call('sns:DeleteTopic', { TopicArn });
    expect(await refusal('sns:GetTopicAttributes', { TopicArn })).toBe('NotFoundException: Topic does not exist');
    expect(await refusal('sns:ListSubscriptionsByTopic', { TopicArn })).toMatch(/^NotFoundException/);
    expect(await refusal('sns:ListTagsForResource', { ResourceArn: TopicArn })).toMatch(/^ResourceNotFoundException/);
    expect(await refusal('sns:Subscribe', reader)).toMatch(/^NotFoundException/);
  });

  it('is not found before the lag is over', async () => {
    const { call, refusal, clock } = await openTopic({ lag: 5_000 });
    expect(await refusal('sns:GetTopicAttributes', { TopicArn })).toMatch(/^NotFoundException/);
    await clock.sleep(5_000);
    await call('sns:GetTopicAttributes', { TopicArn });
  });
});

describe('a subscription', () => {
  it('is pending under three names until its reader confirms it', async () => {
    const account = await openTopic();
    const { SubscriptionArn } = await account.call('sns:Subscribe', { ...reader, Attributes: reportsOnly });
    expect(SubscriptionArn).toMatch(new RegExp(`^${TopicArn}:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`));
    const again = { ...reader, Attributes: reportsOnly, ReturnSubscriptionArn: false };
    expect((await account.call('sns:Subscribe', again)).SubscriptionArn).toBe('pending confirmation');
    const listed = async () => (await account.call('sns:ListSubscriptionsByTopic', { TopicArn })).Subscriptions!;
    expect(await listed()).toEqual([
      {
        SubscriptionArn: 'PendingConfirmation',
        Owner: '123456789012',
        Protocol: 'email',
        Endpoint: reader.Endpoint,
        TopicArn,
      },
    ]);
    const attributes = async () =>
      (await account.call('sns:GetSubscriptionAttributes', { SubscriptionArn })).Attributes!;
    expect(await attributes()).toMatchObject({
      PendingConfirmation: 'true',
      FilterPolicy: reportsOnly.FilterPolicy,
      TopicArn,
    });

    account.world.sns.confirm(reader.Endpoint);
    expect((await listed()).map(one => one.SubscriptionArn)).toEqual([SubscriptionArn]);
    expect((await attributes()).PendingConfirmation).toBe('false');
    expect((await account.call('sns:Subscribe', again)).SubscriptionArn).toBe(SubscriptionArn);
  });

  it('mails its reader again when it is asked for again while pending, and not later', async () => {
    const account = await openTopic();
    await account.call('sns:Subscribe', reader);
    await account.call('sns:Subscribe', reader);
    const mails = mailTo(account, reader.Endpoint);
    expect(mails.map(({ subject }) => subject)).toEqual(Array(2).fill('AWS Notification - Subscription Confirmation'));
    expect(mails[0]!.body).toContain(TopicArn);
    account.world.sns.confirm(reader.Endpoint);
    await account.call('sns:Subscribe', reader);
    expect(mailTo(account, reader.Endpoint)).toHaveLength(2);
  });

  describe('whose token is sent', () => {
    const tokenIn = (account: Account) =>
      /Token=([0-9a-f]{288})&/.exec(account.world.sns.linkFor(reader.Endpoint))![1]!;
    const signed = { AuthenticateOnUnsubscribe: 'true' };

    async function asked() {
      const account = await openTopic();
      const { SubscriptionArn } = await account.call('sns:Subscribe', reader);
      const authenticated = async () => {
        const { Attributes } = await account.call('sns:GetSubscriptionAttributes', { SubscriptionArn });
        return Attributes!.ConfirmationWasAuthenticated;
      };
      return { ...account, account, SubscriptionArn, Token: tokenIn(account), authenticated };
    }

    it('is confirmed, and no link unsubscribes it where that wants a signature', async () => {
      const { call, world, SubscriptionArn, Token, authenticated } = await asked();
      expect(await authenticated()).toBe('false');
      for (let nth = 0; nth < 2; nth++)
        expect(await call('sns:ConfirmSubscription', { TopicArn, Token, ...signed })).toMatchObject({
          SubscriptionArn,
        });
      expect(await authenticated()).toBe('true');
      expect(() => world.sns.unsubscribe(reader.Endpoint)).toThrow('Subscription not removed');
      const { Subscriptions } = await call('sns:ListSubscriptionsByTopic', { TopicArn });
      expect(Subscriptions!.map(one => one.SubscriptionArn)).toEqual([SubscriptionArn]);
    });

    it.each<[what: string, confirm: (one: Awaited<ReturnType<typeof asked>>) => Promise<unknown>]>([
      ['not asked for', ({ call, Token }) => call('sns:ConfirmSubscription', { TopicArn, Token })],
      [
        'asked for after a click on the link',
        async ({ call, world, Token }) => {
          world.sns.confirm(reader.Endpoint);
          await call('sns:ConfirmSubscription', { TopicArn, Token, ...signed });
        },
      ],
    ])('is unsubscribed by a link where a signature was %s', async (_what, confirm) => {
      const one = await asked();
      await confirm(one);
      expect(await one.authenticated()).toBe('false');
      one.world.sns.unsubscribe(reader.Endpoint);
      expect(await one.refusal('sns:GetSubscriptionAttributes', { SubscriptionArn: one.SubscriptionArn })).toMatch(
        /^NotFound/,
      );
    });

    it('takes the token with another topic of the region, and refuses what it does not know', async () => {
      const { call, refusal, clock, world, SubscriptionArn, Token } = await asked();
      const confirm = (more: object) => refusal('sns:ConfirmSubscription', { TopicArn, Token, ...more });
      expect(await confirm({ Token: Token.replace(/^./, 'g') })).toBe(
        'InvalidParameterException: Invalid parameter: Token',
      );
      expect(await confirm({ TopicArn: TopicArn.replace('eu-west-1', 'eu-west-2') })).toBe(
        'InvalidParameterException: Invalid parameter: Topic',
      );
      expect(await confirm({ TopicArn: `${TopicArn}-none` })).toMatch(/^NotFoundException/);
      expect(await confirm({ AuthenticateOnUnsubscribe: 'yes' })).toMatch(/^InvalidParameterException/);
      const other = await call('sns:CreateTopic', { Name: 'other' });
      expect(await call('sns:ConfirmSubscription', { TopicArn: other.TopicArn, Token })).toEqual(
        expect.objectContaining({ SubscriptionArn }),
      );
      await clock.sleep(48 * hour);
      expect(await confirm({})).toBe('InvalidParameterException: Invalid parameter: Token');
      expect(world.sns.subscriptionsOf(world.sns.topics.get(TopicArn)!)).toMatchObject([{ confirmed: true }]);
    });
  });

  it('refuses other attributes than it has', async () => {
    const { call, refusal } = await openTopic();
    await call('sns:Subscribe', { ...reader, Attributes: reportsOnly });
    expect(await refusal('sns:Subscribe', reader)).toMatch(
      /^InvalidParameterException: .*already exists with different attributes/,
    );
  });

  it.each([
    ['no address', { Endpoint: 'ann' }],
    ['a filter that is no JSON', { Attributes: { FilterPolicy: '{' } }],
    ['a filter without lists', { Attributes: { FilterPolicy: '{"kind":"report"}' } }],
    ['an unknown attribute', { Attributes: { Nonsense: 'x' } }],
  ])('is refused with %s', async (_what, wrong) => {
    const { refusal } = await openTopic();
    expect(await refusal('sns:Subscribe', { ...reader, ...wrong })).toMatch(/^InvalidParameterException: /);
  });

  it('whose reader left is listed as Deleted for a while, gets nothing, and can be made anew', async () => {
    const account = await openTopic();
    const { SubscriptionArn } = await account.call('sns:Subscribe', reader);
    expect(() => account.world.sns.unsubscribe(reader.Endpoint)).toThrow(reader.Endpoint);
    account.world.sns.confirm(reader.Endpoint);
    account.world.sns.unsubscribe(reader.Endpoint);
    const listed = async () =>
      (await account.call('sns:ListSubscriptionsByTopic', { TopicArn })).Subscriptions!.map(one => one.SubscriptionArn);
    expect(await listed()).toEqual(['Deleted']);
    expect((await account.call('sns:GetTopicAttributes', { TopicArn })).Attributes).toMatchObject({
      SubscriptionsDeleted: '1',
    });
    expect(await account.refusal('sns:GetSubscriptionAttributes', { SubscriptionArn })).toMatch(/^NotFoundException/);
    await account.call('sns:Subscribe', reader);
    expect(await listed()).toEqual(['Deleted', 'PendingConfirmation']);
    await account.clock.sleep(hour);
    expect(await listed()).toEqual(['PendingConfirmation']);
  });

  it('vanishes after 48 hours without an answer', async () => {
    const account = await openTopic();
    const { SubscriptionArn } = await account.call('sns:Subscribe', reader);
    await account.clock.sleep(48 * hour - minute);
    await account.call('sns:GetSubscriptionAttributes', { SubscriptionArn });
    await account.clock.sleep(minute);
    expect((await account.call('sns:ListSubscriptionsByTopic', { TopicArn })).Subscriptions).toEqual([]);
    expect(await account.refusal('sns:GetSubscriptionAttributes', { SubscriptionArn })).toMatch(/^NotFoundException/);
    expect(() => account.world.sns.confirm(reader.Endpoint)).toThrow(reader.Endpoint);
  });

  it('has no attributes under the name PendingConfirmation', async () => {
    const { refusal } = await openTopic();
    expect(await refusal('sns:GetSubscriptionAttributes', { SubscriptionArn: 'PendingConfirmation' })).toMatch(
      /^InvalidParameterException/,
    );
  });

  it('is listed in pages of a hundred', async () => {
    const { call } = await openTopic();
    for (let nth = 0; nth < 101; nth++)
      await call('sns:Subscribe', { ...reader, Endpoint: `reader${nth}@shop.example` });
    const first = await call('sns:ListSubscriptionsByTopic', { TopicArn });
    expect(first.Subscriptions).toHaveLength(100);
    const rest = await call('sns:ListSubscriptionsByTopic', { TopicArn, NextToken: first.NextToken });
    expect(rest.Subscriptions?.map(one => one.Endpoint)).toEqual(['reader100@shop.example']);
    expect(rest.NextToken).toBeUndefined();
  });
});

describe('what is published', () => {
  it('reaches the confirmed readers whose filter lets it through, with the footer of AWS', async () => {
    const account = await openTopic();
    for (const [Endpoint, Attributes] of [
      ['all@shop.example', undefined],
      ['reports@shop.example', reportsOnly],
      ['pending@shop.example', undefined],
    ] as const)
      await account.call('sns:Subscribe', { ...reader, Endpoint, Attributes });
    account.world.sns.confirm('all@shop.example');
    account.world.sns.confirm('reports@shop.example');
    await publish(account, { Subject: 'Daily report', Message: 'Sales 12.50', MessageAttributes: kind('report') });
    await publish(account, { Message: 'probe', MessageAttributes: kind('probe') });
    await publish(account, { Message: 'bare' });
    const received = (address: string) =>
      mailTo(account, address)
        .slice(1)
        .map(({ subject, body }) => `${subject}: ${body.split('\n')[0]}`);
    expect(received('reports@shop.example')).toEqual(['Daily report: Sales 12.50']);
    expect(received('all@shop.example')).toEqual([
      'Daily report: Sales 12.50',
      'AWS Notification Message: probe',
      'AWS Notification Message: bare',
    ]);
    expect(received('pending@shop.example')).toEqual([]);
    expect(mailTo(account, 'reports@shop.example')[1]!.body).toMatch(
      /\n--\nIf you wish to stop receiving notifications .*unsubscribe/s,
    );
  });

  it('has an id of its own', async () => {
    const account = await openTopic();
    const ids = [await publish(account), await publish(account)].map(
      answer => (answer as { MessageId: string }).MessageId,
    );
    expect(ids[0]).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(ids[1]).not.toBe(ids[0]);
  });

  it.each([
    ['a subject of 100 characters', { Subject: 'x'.repeat(100) }, 'Invalid parameter: Subject'],
    ['a subject with a line break', { Subject: 'a\nb' }, 'Invalid parameter: Subject'],
    ['a subject that is not ASCII', { Subject: 'Verkäufe' }, 'Invalid parameter: Subject'],
    ['a subject that begins with a blank', { Subject: ' a' }, 'Invalid parameter: Subject'],
    ['an empty subject', { Subject: '' }, 'Invalid parameter: Subject'],
    ['no message', { Message: '' }, 'Invalid parameter: Empty message'],
    ['more than 256 KiB', { Message: 'ü'.repeat(131_073) }, 'Invalid parameter: Message too long'],
    ['an attribute without a type', { MessageAttributes: { kind: { StringValue: 'x' } } }, 'Invalid parameter'],
    ['an attribute without a value', { MessageAttributes: { kind: { DataType: 'String' } } }, 'Invalid parameter'],
  ])('is refused with %s', async (_what, wrong, expected) => {
    expect(await refused(await openTopic(), wrong)).toContain(`InvalidParameterException: ${expected}`);
  });

  it('may have 256 KiB and a subject of 99 characters', async () => {
    await publish(await openTopic(), { Message: 'ü'.repeat(131_072), Subject: 'x'.repeat(99) });
  });
});
