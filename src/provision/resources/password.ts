import { ask } from '../aws/ask.ts';
import { unlessNotFound } from '../aws/errors.ts';
import { listOf, recordOf } from '../aws/owner.ts';
import { parametersIn } from '../aws/parameters.ts';
import { awsResource, type Stack } from '../stack.ts';
import { type Tagged, tagged } from './tagged.ts';

export interface PasswordFound extends Tagged {
  /** `SecureString`, or what somebody made of it. */
  type: string;
}

/** The database's password: made once, kept as an SSM SecureString, shown nowhere. */
export function password(stack: Stack) {
  const { aws, names, owner, settings } = stack;
  const id = 'parameter.password';
  const Name = names.password;
  const resource = awsResource<PasswordFound, Record<never, never>>({
    id,
    title: 'Database password',
    wanted: settings.database.passwordParameter === undefined,
    needs: {},
    operations: { create: ['ssm:PutParameter'], update: ['ssm:PutParameter'], remove: ['ssm:DeleteParameter'] },

    async find(snapshot) {
      const [parameters, answer] = await Promise.all([
        parametersIn(snapshot, stack),
        snapshot.find('ssm:ListTagsForResource', { ResourceType: 'Parameter', ResourceId: Name }),
      ]);
      const there = parameters.find(one => one.Name === Name);
      if (!there || !answer) return [];
      const tags = recordOf(answer.TagList);
      return [{ awsId: Name, ...owner.of(tags), tags, type: there.Type ?? '' }];
    },

    async create() {
      await aws.call('ssm:PutParameter', {
        Name,
        Type: 'SecureString',
        Value: await stack.password(),
        Description: 'Password of the SQL user of the sales report',
        Tags: listOf(owner.tags(id)),
      });
      return { awsId: Name, ours: true, type: 'SecureString' };
    },

    differences: ({ type }) =>
      type === 'SecureString'
        ? []
        : [
            {
              what: 'type',
              is: type,
              wanted: 'SecureString',
              words: 'it is not encrypted; its older versions stay readable until it is removed',
              how: 'update',
              operations: ['ssm:PutParameter'],
            },
          ],

    // AWS changes the type in place (hashicorp/terraform-provider-aws#10819). The value stays: the database knows it.
    async update() {
      const { Parameter } = await aws.call('ssm:GetParameter', { Name, WithDecryption: true });
      await aws.call('ssm:PutParameter', { Name, Type: 'SecureString', Value: Parameter!.Value!, Overwrite: true });
    },

    async remove() {
      await unlessNotFound(aws.call('ssm:DeleteParameter', { Name }));
    },

    ask: () =>
      ask(aws, 'ssm:GetParameter', { Name, WithDecryption: false }, Name, ({ Parameter }) =>
        Parameter ? 'there' : undefined,
      ),
  });
  return tagged(
    stack,
    {
      operation: 'ssm:AddTagsToResource',
      put: (_found, tags) =>
        aws.call('ssm:AddTagsToResource', { ResourceType: 'Parameter', ResourceId: Name, Tags: listOf(tags) }),
      untag: {
        operation: 'ssm:RemoveTagsFromResource',
        take: (_found, keys) =>
          aws.call('ssm:RemoveTagsFromResource', { ResourceType: 'Parameter', ResourceId: Name, TagKeys: keys }),
      },
    },
    resource,
  );
}
