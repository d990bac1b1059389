import { describe, expect, it } from 'vitest';
import { inputOf } from '../../../src/simulator/events/input.ts';
import { openAccount } from '../account.ts';

const rule = { Name: 'nightly', ScheduleExpression: 'cron(0 16 ? * MON-SAT *)' };
const target = { Id: 'report', Arn: 'arn:aws:lambda:eu-west-1:123456789012:function:report' };
const ResourceARN = 'arn:aws:events:eu-west-1:123456789012:rule/nightly';

describe('a rule', () => {
  it('is described with its ARN on the default bus, enabled unless told otherwise', async () => {
    const { call } = await openAccount();
    const Tags = [{ Key: 'a', Value: 'b' }];
    expect((await call('events:PutRule', { ...rule, Description: 'd', Tags })).RuleArn).toBe(ResourceARN);
    expect(await call('events:DescribeRule', { Name: 'nightly' })).toMatchObject({
      ...rule,
      Arn: ResourceARN,
      Description: 'd',
      State: 'ENABLED',
      EventBusName: 'default',
    });
    expect((await call('events:ListTagsForResource', { ResourceARN })).Tags).toEqual(Tags);
  });

  it('loses what a second put leaves out, keeps its targets, and ignores the tags of the second put', async () => {
    const { call } = await openAccount();
    await call('events:PutRule', { ...rule, Description: 'd', State: 'DISABLED', Tags: [{ Key: 'a', Value: 'b' }] });
    await call('events:PutTargets', { Rule: 'nightly', Targets: [target] });
    await call('events:PutRule', { ...rule, Tags: [{ Key: 'a', Value: 'c' }] });
    const described = await call('events:DescribeRule', { Name: 'nightly' });
    expect(described.State).toBe('ENABLED');
    expect(described.Description).toBeUndefined();
    expect((await call('events:ListTagsForResource', { ResourceARN })).Tags).toEqual([{ Key: 'a', Value: 'b' }]);
    expect((await call('events:ListTargetsByRule', { Rule: 'nightly' })).Targets).toEqual([target]);
  });

  it.each([
    'cron(0 16 * * MON-SAT *)',
    'cron(0 16 * * * *)',
    'cron(0 25 ? * MON *)',
    'cron(0 16 ? * 8 *)',
    'rate(1 hours)',
    'rate(2 hour)',
    'rate(0 minutes)',
    '0 16 * * 1-6',
    '',
  ])('is refused with the schedule "%s"', async ScheduleExpression => {
    const { refusal } = await openAccount();
    expect(await refusal('events:PutRule', { ...rule, ScheduleExpression })).toBe(
      'ValidationException: Parameter ScheduleExpression is not valid.',
    );
  });

  it.each(['rate(1 hour)', 'rate(5 minutes)', 'cron(0/15 8-17 ? * 2-6 *)', 'cron(0 8 L * ? *)', 'cron(0 8 ? * 6#3 *)'])(
    'takes the schedule "%s"',
    async ScheduleExpression => {
      const { call } = await openAccount();
      await call('events:PutRule', { ...rule, ScheduleExpression });
    },
  );

  it('is refused with a bad name and with tags of AWS', async () => {
    const { refusal } = await openAccount();
    expect(await refusal('events:PutRule', { ...rule, Name: 'a b' })).toMatch(/^ValidationException/);
    expect(await refusal('events:PutRule', { ...rule, Name: 'x'.repeat(65) })).toMatch(/^ValidationException/);
    expect(await refusal('events:PutRule', { ...rule, Tags: [{ Key: 'aws:x', Value: '' }] })).toMatch(
      /^ValidationException/,
    );
  });

  it('can be disabled', async () => {
    const { call } = await openAccount();
    await call('events:PutRule', rule);
    await call('events:DisableRule', { Name: 'nightly' });
    expect((await call('events:DescribeRule', { Name: 'nightly' })).State).toBe('DISABLED');
  });

  it('that is gone is not there for any call', async () => {
    const { call, refusal } = await openAccount();
    await call('events:PutRule', rule);
    await call('events:DeleteRule', { Name: 'nightly' });
    const missing = 'ResourceNotFoundException: Rule nightly does not exist on EventBus default.';
    expect(await refusal('events:DescribeRule', { Name: 'nightly' })).toBe(missing);
    expect(await refusal('events:DisableRule', { Name: 'nightly' })).toBe(missing);
    expect(await refusal('events:ListTargetsByRule', { Rule: 'nightly' })).toBe(missing);
    expect(await refusal('events:PutTargets', { Rule: 'nightly', Targets: [target] })).toBe(missing);
    expect(await refusal('events:RemoveTargets', { Rule: 'nightly', Ids: ['report'] })).toBe(missing);
    expect(await refusal('events:ListTagsForResource', { ResourceARN })).toMatch(/^ResourceNotFoundException/);
  });

  it('is not found before the lag is over', async () => {
    const { call, refusal, clock } = await openAccount({ lag: 5_000 });
    await call('events:PutRule', rule);
    expect(await refusal('events:DescribeRule', { Name: 'nightly' })).toMatch(/^ResourceNotFoundException/);
    expect(await refusal('events:PutTargets', { Rule: 'nightly', Targets: [target] })).toMatch(
      /^ResourceNotFoundException/,
    );
    await clock.sleep(5_000);
    await call('events:PutRule', rule);
    await call('events:PutTargets', { Rule: 'nightly', Targets: [target] });
  });
});

describe('targets', () => {
  it('are put by id, five at most', async () => {
    const { call, refusal } = await openAccount();
    await call('events:PutRule', rule);
    const many = (count: number) => Array.from({ length: count }, (_, nth) => ({ ...target, Id: `t${nth}` }));
    expect(await call('events:PutTargets', { Rule: 'nightly', Targets: [target] })).toMatchObject({
      FailedEntryCount: 0,
    });
    const other = { ...target, Arn: `${target.Arn}2` };
    await call('events:PutTargets', { Rule: 'nightly', Targets: [other] });
    expect((await call('events:ListTargetsByRule', { Rule: 'nightly' })).Targets).toEqual([other]);
    expect(await refusal('events:PutTargets', { Rule: 'nightly', Targets: many(5) })).toMatch(
      /^LimitExceededException/,
    );
    expect((await call('events:ListTargetsByRule', { Rule: 'nightly' })).Targets).toEqual([other]);
    await call('events:PutTargets', { Rule: 'nightly', Targets: many(4) });
  });

  it('are refused with an ARN that is none', async () => {
    const { call, refusal } = await openAccount();
    await call('events:PutRule', rule);
    const Targets = [{ Id: 'report', Arn: 'report' }];
    expect(await refusal('events:PutTargets', { Rule: 'nightly', Targets })).toMatch(
      /^ValidationException: .*Provided Arn is not in correct format/,
    );
  });

  it('may fail one by one in an answer that is well', async () => {
    const { call, world } = await openAccount();
    await call('events:PutRule', rule);
    await call('events:PutTargets', { Rule: 'nightly', Targets: [target, { ...target, Id: 'busy' }] });
    world.events.failingTargets.add('busy');
    const answer = await call('events:RemoveTargets', { Rule: 'nightly', Ids: ['report', 'busy'] });
    expect(answer).toMatchObject({ FailedEntryCount: 1, FailedEntries: [{ TargetId: 'busy' }] });
    expect((await call('events:ListTargetsByRule', { Rule: 'nightly' })).Targets?.map(({ Id }) => Id)).toEqual([
      'busy',
    ]);
  });

  it('get what a transformer makes of the event, and nothing that it does not take out of it', async () => {
    const { call, refusal } = await openAccount();
    await call('events:PutRule', rule);
    const InputTransformer = { InputPathsMap: { time: '$.time' }, InputTemplate: '{"watch":true,"time":<time>}' };
    await call('events:PutTargets', { Rule: 'nightly', Targets: [{ ...target, InputTransformer }] });
    expect((await call('events:ListTargetsByRule', { Rule: 'nightly' })).Targets).toEqual([
      { ...target, InputTransformer },
    ]);
    const transformed = { arn: target.Arn, transformer: InputTransformer };
    expect(inputOf(transformed, { time: '2026-01-05T16:00:00Z', source: 'aws.events' })).toEqual({
      watch: true,
      time: '2026-01-05T16:00:00Z',
    });
    expect(inputOf({ arn: target.Arn }, { time: 'x' })).toEqual({ time: 'x' });
    for (const InputTemplate of ['', '{"id":<id>}'])
      expect(
        await refusal('events:PutTargets', {
          Rule: 'nightly',
          Targets: [{ ...target, InputTransformer: { ...InputTransformer, InputTemplate } }],
        }),
      ).toMatch(/^ValidationException: Invalid InputTemplate/);
  });
});
