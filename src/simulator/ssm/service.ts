import { AwsError, NotSimulated } from '../aws-error.ts';
import type { SimulatedService } from '../service.ts';
import { addTags, listOf, removeTags, seenTags, tagsOf } from '../tag-list.ts';
import type { World } from '../world.ts';
import type { Parameter } from './state.ts';

/** AWS gives no message with it. */
const notFound = () => new AwsError('ParameterNotFound', 'UnknownError');

function existing(world: World, name: string | undefined): Parameter {
  const parameter = world.ssm.parameters.get(name ?? '');
  if (!parameter || !world.isVisible(parameter.createdAt)) throw notFound();
  return parameter;
}

const arnOf = (world: World, name: string, account = world.account) =>
  `arn:${world.partition}:ssm:${world.region}:${account}:parameter${name.replace(/^(?!\/)/, '/')}`;

/** As a reader sees it: a secret stays cipher text unless it is asked to be decrypted. */
const shown = (
  world: World,
  { name, type, value, version, modifiedAt }: Omit<Parameter, 'createdAt' | 'tags' | 'history'>,
  decrypt: boolean,
) => ({
  Name: name,
  Type: type,
  Value: type === 'SecureString' && !decrypt ? 'AQICAHcipher' : value,
  Version: version,
  LastModifiedDate: new Date(modifiedAt),
  ARN: arnOf(world, name),
  DataType: 'text',
});

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
      if (
        key !== undefined &&
        (type !== 'SecureString' || !new RegExp(`^arn:${world.partition}:kms:[\\w-]+:\\d{12}:key/[\\w-]+$`).test(key))
      )
        throw new NotSimulated(`the key ${key} of a parameter of type ${type}`);
      const before = world.ssm.parameters.get(name);
      if (before && !overwrite)
        throw new AwsError(
          'ParameterAlreadyExists',
          'The parameter already exists. To overwrite this value, set the overwrite option to true.',
        );
      const modifiedAt = world.now();
      const { version, history, createdAt, tags } = before ?? {
        version: 0,
        history: new Map(),
        createdAt: modifiedAt,
        tags: tagsOf(Tags, 'ssm'),
      };
      // A hundred are kept (Systems Manager user guide, "Working with parameter versions").
      const versions = new Map([...history, [version + 1, { type, value, modifiedAt }] as const].slice(-100));
      world.ssm.parameters.set(name, {
        ...before,
        history: versions,
        name,
        type,
        value,
        key,
        version: version + 1,
        createdAt,
        modifiedAt,
        tags,
      });
      return { Version: version + 1, Tier: 'Standard' };
    },
  },
  GetParameter: {
    takes: ['Name', 'WithDecryption'],
    run({ Name: asked = '', WithDecryption: decrypt = false }, world) {
      // Name, or name and version (API reference, GetParameter).
      const [name = '', version] = asked.split(':');
      if (version !== undefined) {
        const parameter = existing(world, name);
        const former = parameter.history.get(Number(version));
        if (!former) throw new AwsError('ParameterVersionNotFound', 'UnknownError');
        return { Parameter: shown(world, { ...parameter, ...former, version: Number(version) }, decrypt) };
      }
      const image = world.ec2.imageOf(name);
      const published = { name, type: 'String' as const, value: image ?? '', version: 1, modifiedAt: 0 };
      const parameter = shown(world, image ? published : existing(world, name), decrypt);
      return { Parameter: image ? { ...parameter, ARN: arnOf(world, name, '') } : parameter };
    },
  },
  GetParametersByPath: {
    takes: ['Path', 'Recursive', 'WithDecryption', 'NextToken'],
    run({ Path: path = '', Recursive: deep = false, WithDecryption: decrypt = false, NextToken: token }, world) {
      const below = new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/\/$/, '')}/${deep ? '.' : '[^/]'}+$`);
      const parameters = [...world.ssm.parameters.values()].filter(
        ({ name, createdAt }) => below.test(name) && world.isVisible(createdAt),
      );
      const start = Number(token ?? 0);
      // Ten at most come at once.
      const next = start + 10 < parameters.length ? { NextToken: String(start + 10) } : {};
      return { Parameters: parameters.slice(start, start + 10).map(one => shown(world, one, decrypt)), ...next };
    },
  },
  DeleteParameter: {
    takes: ['Name'],
    run({ Name }, world) {
      world.ssm.parameters.delete(existing(world, Name).name);
      return {};
    },
  },
  AddTagsToResource: {
    takes: ['ResourceType', 'ResourceId', 'Tags'],
    run({ ResourceType: type, ResourceId: id = '', Tags }, world) {
      if (type !== 'Parameter' || !world.ssm.parameters.has(id))
        throw new AwsError('InvalidResourceId', 'UnknownError');
      const parameter = existing(world, id);
      addTags(world, parameter, tagsOf(Tags, 'ssm'));
      return {};
    },
  },
  RemoveTagsFromResource: {
    takes: ['ResourceType', 'ResourceId', 'TagKeys'],
    run({ ResourceType: type, ResourceId: id = '', TagKeys }, world) {
      if (type !== 'Parameter' || !world.ssm.parameters.has(id))
        throw new AwsError('InvalidResourceId', 'UnknownError');
      removeTags(world, existing(world, id), TagKeys, 'ssm');
      return {};
    },
  },
  ListTagsForResource: {
    takes: ['ResourceType', 'ResourceId'],
    run({ ResourceType: type, ResourceId: id = '' }, world) {
      if (type !== 'Parameter' || !world.ssm.parameters.has(id))
        throw new AwsError('InvalidResourceId', 'UnknownError');
      return { TagList: listOf(seenTags(world, existing(world, id))) };
    },
  },
};
