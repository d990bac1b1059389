import { describe, expect, it } from 'vitest';
import { openAccount } from '../account.ts';

const logGroupName = '/aws/lambda/report';
const resourceArn = 'arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/report';

describe('a log group', () => {
  it('is made with its tags and kept for ever until it is told how long', async () => {
    const { call } = await openAccount();
    await call('logs:CreateLogGroup', { logGroupName, tags: { 'salesreport:stack': 'salesreport' } });
    const described = async () =>
      (await call('logs:DescribeLogGroups', { logGroupNamePrefix: logGroupName })).logGroups![0]!;
    expect(await described()).toMatchObject({
      logGroupName,
      arn: `${resourceArn}:*`,
      logGroupArn: resourceArn,
      storedBytes: 0,
    });
    expect((await described()).retentionInDays).toBeUndefined();
    await call('logs:PutRetentionPolicy', { logGroupName, retentionInDays: 90 });
    expect((await described()).retentionInDays).toBe(90);
    expect((await call('logs:ListTagsForResource', { resourceArn })).tags).toEqual({
      'salesreport:stack': 'salesreport',
    });
  });

  it('is found by the beginning of its name', async () => {
    const { call } = await openAccount();
    for (const name of ['/b', '/aws/lambda/report2', '/aws/lambda/report'])
      await call('logs:CreateLogGroup', { logGroupName: name });
    const { logGroups } = await call('logs:DescribeLogGroups', { logGroupNamePrefix: '/aws/lambda/report' });
    expect(logGroups?.map(group => group.logGroupName)).toEqual(['/aws/lambda/report', '/aws/lambda/report2']);
    expect((await call('logs:DescribeLogGroups', { logGroupNamePrefix: '/c' })).logGroups).toEqual([]);
  });

  it('is refused twice, by a bad name, a bad retention, and tags of AWS', async () => {
    const { call, refusal } = await openAccount();
    await call('logs:CreateLogGroup', { logGroupName });
    expect(await refusal('logs:CreateLogGroup', { logGroupName })).toBe(
      'ResourceAlreadyExistsException: The specified log group already exists',
    );
    expect(await refusal('logs:CreateLogGroup', { logGroupName: 'a b' })).toMatch(/^InvalidParameterException/);
    expect(await refusal('logs:CreateLogGroup', { logGroupName: 'aws/mine' })).toMatch(/^InvalidParameterException/);
    expect(await refusal('logs:CreateLogGroup', { logGroupName: '/c', tags: { 'aws:x': '' } })).toMatch(
      /^InvalidParameterException/,
    );
    expect(await refusal('logs:PutRetentionPolicy', { logGroupName, retentionInDays: 10 })).toMatch(
      /^InvalidParameterException/,
    );
  });

  it('answers what is not there by its name', async () => {
    const { call, refusal } = await openAccount();
    const gone = 'ResourceNotFoundException: The specified log group does not exist.';
    expect(await refusal('logs:PutRetentionPolicy', { logGroupName, retentionInDays: 90 })).toBe(gone);
    expect(await refusal('logs:DeleteLogGroup', { logGroupName })).toBe(gone);
    expect(await refusal('logs:ListTagsForResource', { resourceArn })).toMatch(/^ResourceNotFoundException/);
    await call('logs:CreateLogGroup', { logGroupName });
    // DescribeLogGroups shows the ARN with `:*`, which ListTagsForResource does not take.
    expect(await refusal('logs:ListTagsForResource', { resourceArn: `${resourceArn}:*` })).toMatch(/Exception/);
    await call('logs:DeleteLogGroup', { logGroupName });
    expect((await call('logs:DescribeLogGroups', { logGroupNamePrefix: logGroupName })).logGroups).toEqual([]);
  });

  it('is shown in pages of fifty', async () => {
    const { call } = await openAccount();
    for (let nth = 0; nth < 51; nth++)
      await call('logs:CreateLogGroup', { logGroupName: `/many/${String(nth).padStart(2, '0')}` });
    const first = await call('logs:DescribeLogGroups', { logGroupNamePrefix: '/many/' });
    expect(first.logGroups).toHaveLength(50);
    const rest = await call('logs:DescribeLogGroups', { logGroupNamePrefix: '/many/', nextToken: first.nextToken });
    expect(rest.logGroups?.map(group => group.logGroupName)).toEqual(['/many/50']);
    expect(rest.nextToken).toBeUndefined();
  });

  it('is not listed before the lag is over', async () => {
    const { call, refusal, clock } = await openAccount({ lag: 5_000 });
    await call('logs:CreateLogGroup', { logGroupName });
    expect((await call('logs:DescribeLogGroups', { logGroupNamePrefix: logGroupName })).logGroups).toEqual([]);
    expect(await refusal('logs:PutRetentionPolicy', { logGroupName, retentionInDays: 90 })).toMatch(
      /^ResourceNotFoundException/,
    );
    await clock.sleep(5_000);
    await call('logs:PutRetentionPolicy', { logGroupName, retentionInDays: 90 });
  });
});
