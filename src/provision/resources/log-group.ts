import { salesreport } from '../../suggest.ts';
import { ask } from '../aws/ask.ts';
import { unlessNotFound } from '../aws/errors.ts';
import { arn, awsResource, type Stack } from '../stack.ts';
import { storedWords } from './stored-words.ts';
import { type Tagged, tagged } from './tagged.ts';

export interface LogGroupFound extends Tagged {
  retentionDays?: number;
  /** What AWS has counted in it, which lags behind. */
  bytes?: number;
}

/** The function's log, made before the function: Lambda would make one that is kept for ever. */
export function logGroup(stack: Stack) {
  const { aws, names, owner, settings } = stack;
  const id = 'log-group';
  const logGroupName = names.logGroup;
  const resourceArn = arn(stack, 'logs', `log-group:${logGroupName}`);
  const { retentionDays } = settings.logs;
  const resource = awsResource<LogGroupFound, Record<never, never>>({
    id,
    title: `Log group ${logGroupName}`,
    wanted: true,
    needs: {},
    // Lambda ships a function's last lines late, and makes the group again for them
    // (hashicorp/terraform-provider-aws#454).
    mayReturnWithin: 30_000,
    operations: {
      create: ['logs:CreateLogGroup', 'logs:PutRetentionPolicy'],
      update: ['logs:PutRetentionPolicy'],
      remove: ['logs:DeleteLogGroup'],
    },

    async find(snapshot) {
      const [{ logGroups = [] }, answer] = await Promise.all([
        snapshot.read('logs:DescribeLogGroups', { logGroupNamePrefix: logGroupName }),
        snapshot.find('logs:ListTagsForResource', { resourceArn }),
      ]);
      const group = logGroups.find(one => one.logGroupName === logGroupName);
      if (!group || !answer) return [];
      const { tags = {} } = answer;
      return [
        {
          awsId: logGroupName,
          ...owner.of(tags),
          tags,
          retentionDays: group.retentionInDays,
          bytes: group.storedBytes,
        },
      ];
    },

    async create() {
      await aws.call('logs:CreateLogGroup', { logGroupName, tags: owner.tags(id) });
      return { awsId: logGroupName, ours: true };
    },

    differences: found =>
      found.retentionDays === retentionDays
        ? []
        : [
            {
              what: 'retention',
              is: found.retentionDays ? `${found.retentionDays} days` : 'for ever',
              wanted: `${retentionDays} days`,
              how: 'update',
            },
          ],

    async update() {
      await aws.call('logs:PutRetentionPolicy', { logGroupName, retentionInDays: retentionDays });
    },

    async keep({ retentionDays: days, bytes = 0 }) {
      const holds = bytes === 0 ? 'AWS has counted nothing in it yet' : `about ${storedWords(bytes, 'logGigabyte')}`;
      const ends = days ? `each line goes by itself after ${days} days` : 'its lines never go by themselves';
      return `${holds}; kept as you asked, and ${ends}: ${salesreport`teardown`} removes it all`;
    },

    async remove() {
      await unlessNotFound(aws.call('logs:DeleteLogGroup', { logGroupName }));
    },

    ask: () =>
      ask(aws, 'logs:DescribeLogGroups', { logGroupNamePrefix: logGroupName }, logGroupName, ({ logGroups }) =>
        logGroups?.some(one => one.logGroupName === logGroupName) ? 'there' : undefined,
      ),
  });
  return tagged(
    stack,
    {
      operation: 'logs:TagResource',
      put: (_found, tags) => aws.call('logs:TagResource', { resourceArn, tags }),
      untag: {
        operation: 'logs:UntagResource',
        take: (_found, keys) => aws.call('logs:UntagResource', { resourceArn, tagKeys: keys }),
      },
    },
    resource,
  );
}
