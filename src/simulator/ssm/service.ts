import { AwsError, NotSimulated } from '../aws-error.ts';
import type { SimulatedService } from '../service.ts';
import { listOf, tagsOf } from '../tag-list.ts';
import type { World } from '../world.ts';
import type { Parameter } from './state.ts';

/** AWS gives no message with it. */
const notFound = () => new AwsError('ParameterNotFound', 'UnknownError');

function existing(world: World, name: string | undefined): Parameter {
  const parameter = world.ssm.parameters.get(name ?? '');
  if (!parameter || !world.isVisible(parameter.createdAt)) throw notFound();
  return parameter;
}

export const ssm: SimulatedService<'ssm'> = {
  PutParameter: {
    takes: ['Name', 'Type', 'Value', 'Description', 'Tags', 'Overwrite', 'KeyId'],
    run({ Name: name = '', Type: type, Value: value = '', Tags, Overwrite: overwrite = false, KeyId: key }, world) {
      if (overwrite && Tags)
        throw new AwsError('ValidationException', "Invalid request: tags and overwrite can't be used together.");
      if (!/^([\w.-]+|(\/[\w.-]+){1,15})$/.test(name) || /^\/?(aws|ssm)/i.test(name))
        throw new AwsError(
          'ValidationException',
          `Parameter name: can't be prefixed with "aws" or "ssm", and must be fully qualified: ${name}`,
        );
      if (type !== 'String' && type !== 'SecureString')
        throw new AwsError('ValidationException', 'A parameter type is required.');
      if (value === '') throw new AwsError('ValidationException', 'The parameter value must not be empty.');
      if (Buffer.byteLength(value) > 4096)
        throw new AwsError(
          'ValidationException',
          'Standard tier parameters support a maximum parameter value of 4096 characters.',
        );
      if (key !== undefined && (type !== 'SecureString' || !/^arn:aws:kms:[\w-]+:\d{12}:key\/[\w-]+$/.test(key)))
        throw new NotSimulated(`the key ${key} of a parameter of type ${type}`);
      const before = world.ssm.parameters.get(name);
      if (before && !overwrite)
        throw new AwsError(
          'ParameterAlreadyExists',
          'The parameter already exists. To overwrite this value, set the overwrite option to true.',
        );
      const modifiedAt = world.now();
      const {
        version,
        createdAt,
        tags,
        type: oldType,
      } = before ?? { version: 0, createdAt: modifiedAt, tags: tagsOf(Tags, 'ValidationException'), type };
      if (type !== oldType) throw new NotSimulated("a change of a parameter's type");
      world.ssm.parameters.set(name, { name, type, value, key, version: version + 1, createdAt, modifiedAt, tags });
      return { Version: version + 1, Tier: 'Standard' };
    },
  },
  GetParameter: {
    takes: ['Name', 'WithDecryption'],
    run({ Name: name = '', WithDecryption: decrypt = false }, world) {
      const image = world.ec2.imageOf(name);
      const published = { type: 'String' as const, value: image ?? '', version: 1, modifiedAt: 0 };
      const { type, value, version, modifiedAt } = image ? published : existing(world, name);
      const arn = `arn:aws:ssm:${world.region}:${image ? '' : world.account}:parameter${name.replace(/^(?!\/)/, '/')}`;
      return {
        Parameter: {
          Name: name,
          Type: type,
          Value: type === 'SecureString' && !decrypt ? 'AQICAHcipher' : value,
          Version: version,
          LastModifiedDate: new Date(modifiedAt),
          ARN: arn,
          DataType: 'text',
        },
      };
    },
  },
  DeleteParameter: {
    takes: ['Name'],
    run({ Name }, world) {
      world.ssm.parameters.delete(existing(world, Name).name);
      return {};
    },
  },
  ListTagsForResource: {
    takes: ['ResourceType', 'ResourceId'],
    run({ ResourceType: type, ResourceId: id = '' }, world) {
      if (type !== 'Parameter' || !world.ssm.parameters.has(id)) throw new AwsError('InvalidResourceId', 'UnknownError');
      return { TagList: listOf(existing(world, id).tags) };
    },
  },
};
