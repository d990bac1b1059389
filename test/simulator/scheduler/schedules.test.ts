import { beforeEach, describe, expect, it } from 'vitest';
import { type Account, allowing, minute, openAccount, trust } from '../account.ts';

const RoleArn = 'arn:aws:iam::123456789012:role/Starter';
const ResourceArn = 'arn:aws:scheduler:eu-west-1:123456789012:schedule-group/reports';
const schedule = {
  Name: 'nightly',
  GroupName: 'reports',
  ScheduleExpression: 'cron(0 16 ? * MON-SAT *)',
  ScheduleExpressionTimezone: 'Europe/Berlin',
  State: 'ENABLED',
  FlexibleTimeWindow: { Mode: 'OFF' },
  Target: { Arn: 'arn:aws:lambda:eu-west-1:123456789012:function:report', RoleArn, Input: '{"a":1}' },
} as const;

async function makeRole({ call, clock }: Account): Promise<void> {
  await call('iam:CreateRole', { RoleName: 'Starter', AssumeRolePolicyDocument: trust('scheduler.amazonaws.com') });
  await call('iam:PutRolePolicy', {
    RoleName: 'Starter',
    PolicyName: 'p',
    PolicyDocument: allowing('lambda:InvokeFunction'),
  });
  await clock.sleep(minute);
}

let account: Account;

describe('a schedule group', () => {
  beforeEach(async () => {
    account = await openAccount();
  });

  it('carries the tags', async () => {
    const Tags = [{ Key: 'a', Value: 'b' }];
    expect((await account.call('scheduler:CreateScheduleGroup', { Name: 'reports', Tags })).ScheduleGroupArn).toBe(
      ResourceArn,
    );
    const group = await account.call('scheduler:GetScheduleGroup', { Name: 'reports' });
    expect(group).toMatchObject({ Name: 'reports', Arn: ResourceArn, State: 'ACTIVE' });
    expect(group.CreationDate).toBeInstanceOf(Date);
    expect((await account.call('scheduler:ListTagsForResource', { ResourceArn })).Tags).toEqual(Tags);
    expect(await account.refusal('scheduler:CreateScheduleGroup', { Name: 'reports' })).toBe(
      'ConflictException: Schedule group reports already exists.',
    );
  });

  it('takes its schedules with it', async () => {
    await makeRole(account);
    await account.call('scheduler:CreateScheduleGroup', { Name: 'reports' });
    await account.call('scheduler:CreateSchedule', schedule);
    await account.call('scheduler:DeleteScheduleGroup', { Name: 'reports' });
    await account.clock.sleep(minute);
    expect(await account.refusal('scheduler:GetSchedule', { Name: 'nightly', GroupName: 'reports' })).toMatch(
      /^ResourceNotFoundException/,
    );
    expect(await account.refusal('scheduler:ListTagsForResource', { ResourceArn })).toMatch(
      /^ResourceNotFoundException/,
    );
  });

  it('is refused with a bad name', async () => {
    expect(await account.refusal('scheduler:CreateScheduleGroup', { Name: 'a b' })).toMatch(/^ValidationException/);
  });
});

describe('a schedule', () => {
  beforeEach(async () => {
    account = await openAccount();
    await makeRole(account);
    await account.call('scheduler:CreateScheduleGroup', { Name: 'reports' });
  });

  it('is made, given back, changed as a whole, and deleted', async () => {
    const { call, refusal } = account;
    await call('scheduler:CreateSchedule', schedule);
    const question = { Name: 'nightly', GroupName: 'reports' };
    expect(await call('scheduler:GetSchedule', question)).toMatchObject({
      ...schedule,
      Arn: 'arn:aws:scheduler:eu-west-1:123456789012:schedule/reports/nightly',
    });
    expect(await refusal('scheduler:CreateSchedule', schedule)).toMatch(
      /^ConflictException: Schedule nightly already exists/,
    );
    const { State: _state, ScheduleExpressionTimezone: _zone, ...less } = schedule;
    await call('scheduler:UpdateSchedule', { ...less, ScheduleExpression: 'rate(1 hour)' });
    expect(await call('scheduler:GetSchedule', question)).toMatchObject({
      ScheduleExpression: 'rate(1 hour)',
      ScheduleExpressionTimezone: 'UTC',
      State: 'ENABLED',
    });
    await call('scheduler:DeleteSchedule', question);
    expect(await refusal('scheduler:GetSchedule', question)).toBe(
      'ResourceNotFoundException: Schedule nightly does not exist.',
    );
    expect(await refusal('scheduler:DeleteSchedule', question)).toMatch(/^ResourceNotFoundException/);
    expect(await refusal('scheduler:UpdateSchedule', schedule)).toMatch(/^ResourceNotFoundException/);
  });

  it.each([
    [
      'a cron that is none',
      { ScheduleExpression: 'cron(0 16 * * * *)' },
      /^ValidationException: Invalid Schedule Expression/,
    ],
    [
      'an unknown zone',
      { ScheduleExpressionTimezone: 'Europe/Atlantis' },
      /^ValidationException: .*ScheduleExpressionTimezone/,
    ],
    ['no flexible window', { FlexibleTimeWindow: undefined }, /^ValidationException: .*flexibleTimeWindow/],
    ['a target that is none', { Target: { ...schedule.Target, Arn: 'report' } }, /^ValidationException/],
    ['an input that is no JSON', { Target: { ...schedule.Target, Input: '{' } }, /^ValidationException/],
    [
      'a role that is not there',
      { Target: { ...schedule.Target, RoleArn: `${RoleArn}2` } },
      /must allow .* to assume the role/,
    ],
    [
      'a group that is not there',
      { GroupName: 'other' },
      /^ResourceNotFoundException: Schedule group other does not exist/,
    ],
  ])('is refused with %s', async (_what, wrong, expected) => {
    expect(await account.refusal('scheduler:CreateSchedule', { ...schedule, ...wrong } as typeof schedule)).toMatch(
      expected,
    );
  });

  it('waits for a new role to be known', async () => {
    const { call, refusal, clock } = account;
    await call('iam:CreateRole', { RoleName: 'New', AssumeRolePolicyDocument: trust('scheduler.amazonaws.com') });
    const mine = { ...schedule, Target: { ...schedule.Target, RoleArn: 'arn:aws:iam::123456789012:role/New' } };
    expect(await refusal('scheduler:CreateSchedule', mine)).toMatch(/must allow .* to assume the role/);
    await clock.sleep(minute);
    await call('scheduler:CreateSchedule', mine);
  });

  it('wants a role that trusts the Scheduler', async () => {
    const { call, refusal, clock } = account;
    await call('iam:CreateRole', { RoleName: 'Other', AssumeRolePolicyDocument: trust('lambda.amazonaws.com') });
    await clock.sleep(minute);
    const mine = { ...schedule, Target: { ...schedule.Target, RoleArn: 'arn:aws:iam::123456789012:role/Other' } };
    expect(await refusal('scheduler:CreateSchedule', mine)).toMatch(/must allow .* to assume the role/);
  });
});

describe('the role of a schedule', () => {
  const trusting = (source: object) =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'scheduler.amazonaws.com' },
          Action: 'sts:AssumeRole',
          Condition: { StringEquals: source },
        },
      ],
    });

  it.each([
    [{ 'aws:SourceAccount': '123456789012', 'aws:SourceArn': ResourceArn }, 'taken'],
    [{ 'aws:SourceAccount': '210987654321' }, 'refused'],
    // Not the schedule, and no other group (Scheduler user guide, "Confused deputy prevention").
    [{ 'aws:SourceArn': 'arn:aws:scheduler:eu-west-1:123456789012:schedule/reports/nightly' }, 'refused'],
    [{ 'aws:SourceArn': 'arn:aws:scheduler:eu-west-1:123456789012:schedule-group/others' }, 'refused'],
  ])('that is trusted for %j is %s', async (source, what) => {
    account = await openAccount();
    await makeRole(account);
    await account.call('iam:UpdateAssumeRolePolicy', { RoleName: 'Starter', PolicyDocument: trusting(source) });
    await account.call('scheduler:CreateScheduleGroup', { Name: 'reports' });
    const made = await account.call('scheduler:CreateSchedule', schedule).then(
      () => 'taken',
      (error: Error) =>
        /must allow AWS EventBridge Scheduler to assume the role/.test(error.message) ? 'refused' : error.message,
    );
    expect(made).toBe(what);
  });
});
