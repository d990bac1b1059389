import { ask } from '../aws/ask.ts';
import { unlessNotFound } from '../aws/errors.ts';
import { listOf, recordOf } from '../aws/owner.ts';
import type { Found } from '../engine/resource.ts';
import { awsResource, type Stack } from '../stack.ts';

/** The database's password: made once, kept as an SSM SecureString, shown nowhere. */
export function password(stack: Stack) {
  const { aws, names, owner, settings } = stack;
  const id = 'parameter.password';
  const Name = names.password;
  return awsResource<Found, Record<never, never>>({
    id,
    title: 'Database password',
    wanted: settings.database.passwordParameter === undefined,
    needs: {},
    operations: { create: ['ssm:PutParameter'], update: [], remove: ['ssm:DeleteParameter'] },

    async find(look) {
      // Without decryption: the value that comes back is cipher text.
      const there = await look.find('ssm:GetParameter', { Name, WithDecryption: false });
      if (!there) return [];
      const tags = await look.find('ssm:ListTagsForResource', { ResourceType: 'Parameter', ResourceId: Name });
      return [{ awsId: Name, ...owner.of(recordOf(tags?.TagList)) }];
    },

    async create() {
      await aws.call('ssm:PutParameter', {
        Name,
        Type: 'SecureString',
        Value: await stack.password(),
        Description: 'Password of the SQL user of the sales report',
        Tags: listOf(owner.tags(id)),
      });
      return { awsId: Name, ours: true };
    },

    async remove() {
      await unlessNotFound(aws.call('ssm:DeleteParameter', { Name }));
    },

    ask: () =>
      ask(aws, 'ssm:GetParameter', { Name, WithDecryption: false }, Name, ({ Parameter }) => (Parameter ? 'there' : undefined)),
  });
}
