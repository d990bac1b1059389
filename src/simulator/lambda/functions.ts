import { createHash } from 'node:crypto';
import { AwsError, NotSimulated } from '../aws-error.ts';
import { verifyMembers } from '../ec2/refusals.ts';
import { pageOf } from '../page.ts';
import type { SimulatedService } from '../service.ts';
import { addTags, removeTags, seenTags, verifyTags } from '../tag-list.ts';
import type { World } from '../world.ts';
import { verifyConfiguration, type Wanted } from './configuration.ts';
import { configurationOf, existingFunction, functionThere, verifyQuiet } from './existing.ts';
import type { SimulatedFunction } from './state.ts';
import { filesOf, invalid } from './zips.ts';

const pageSize = 50;

const sha256Of = (zip: Uint8Array): string => createHash('sha256').update(zip).digest('base64');

export const functions: Pick<
  SimulatedService<'lambda'>,
  | 'CreateFunction'
  | 'GetFunction'
  | 'UpdateFunctionCode'
  | 'UpdateFunctionConfiguration'
  | 'DeleteFunctionConcurrency'
  | 'TagResource'
  | 'UntagResource'
  | 'DeleteFunction'
  | 'ListFunctions'
> = {
  ListFunctions: {
    // Nobody publishes a version here: all are the ones that are listed without it.
    takes: ['FunctionVersion', 'Marker'],
    run({ Marker }, world) {
      const visible = [...world.lambda.functions.keys()]
        .flatMap(name => functionThere(world, name) ?? [])
        .filter(({ createdAt }) => world.isVisible(createdAt));
      const { items, next } = pageOf(visible, pageSize, Marker);
      return { Functions: items.map(one => configurationOf(world, one)), ...(next ? { NextMarker: next } : {}) };
    },
  },
  CreateFunction: {
    takes: [
      'FunctionName',
      'Runtime',
      'Role',
      'Handler',
      'Code',
      'Description',
      'Timeout',
      'MemorySize',
      'VpcConfig',
      'PackageType',
      'Environment',
      'Tags',
      'Layers',
      'Architectures',
    ],
    run(input, world) {
      const {
        FunctionName: name = '',
        Code,
        Tags = {},
        VpcConfig = {},
        Architectures = ['x86_64'],
        PackageType = 'Zip',
      } = input;
      verifyMembers(Code, ['ZipFile'], 'Code');
      if (PackageType !== 'Zip') throw new NotSimulated(`a function as ${PackageType}`);
      if (Architectures.length !== 1) throw new NotSimulated('a function of several architectures');
      if (!/^[\w-]{1,64}$/.test(name))
        throw new AwsError('ValidationException', `The function name ${name} is not valid.`);
      if ((input.Description ?? '').length > 256) throw invalid('Description is longer than 256 characters.');
      const zip = Code?.ZipFile ?? new Uint8Array();
      filesOf(zip);
      verifyTags(Tags, 'lambda');
      if (functionThere(world, name))
        throw new AwsError('ResourceConflictException', `Function already exist: ${name}`, 409);
      verifyConfiguration(world, input, zip);
      const { SubnetIds: subnetIds = [], SecurityGroupIds: groupIds = [] } = VpcConfig;
      if (subnetIds.length > 0) world.ec2.attachLambdaInterfaces(name, subnetIds, groupIds, world.now());
      const one: SimulatedFunction = {
        name,
        arn: `arn:${world.partition}:lambda:${world.region}:${world.account}:function:${name}`,
        createdAt: world.now(),
        tags: { ...Tags },
        zip,
        codeSha256: sha256Of(zip),
        runtime: input.Runtime!,
        handler: input.Handler!,
        role: input.Role!,
        grantee: world.iam.roleByArn(input.Role!)?.id,
        memory: input.MemorySize ?? 128,
        timeout: input.Timeout ?? 3,
        architecture: Architectures[0]!,
        description: input.Description ?? '',
        tracing: 'PassThrough',
        logGroup: `/aws/lambda/${name}`,
        environment: { ...input.Environment?.Variables },
        layers: [...(input.Layers ?? [])],
        subnetIds: [...subnetIds],
        groupIds: [...groupIds],
        modifiedAt: world.now(),
        activeAt: world.now() + world.takes(subnetIds.length > 0 ? 'function.active' : 'function.updated', name),
        updatedAt: 0,
        updates: 0,
        permissions: new Map(),
      };
      world.lambda.functions.set(name, one);
      return configurationOf(world, one);
    },
  },
  GetFunction: {
    takes: ['FunctionName'],
    run({ FunctionName }, world) {
      const one = existingFunction(world, FunctionName);
      return {
        Configuration: configurationOf(world, one),
        Code: { RepositoryType: 'S3' },
        Tags: { ...seenTags(world, one) },
        ...(one.reserved === undefined ? {} : { Concurrency: { ReservedConcurrentExecutions: one.reserved } }),
      };
    },
  },
  UpdateFunctionCode: {
    takes: ['FunctionName', 'ZipFile', 'Architectures'],
    run({ FunctionName, ZipFile: zip = new Uint8Array(), Architectures: [architecture] = [] }, world) {
      const one = existingFunction(world, FunctionName);
      verifyQuiet(world, one);
      verifyConfiguration(world, wantedOf(one), zip, one.layers);
      // The default of the API reference, UpdateFunctionCode, as for a new function.
      beginUpdate(world, one, { zip, codeSha256: sha256Of(zip), architecture: architecture ?? 'x86_64' });
      return configurationOf(world, one);
    },
  },
  UpdateFunctionConfiguration: {
    takes: [
      'FunctionName',
      'Description',
      'Runtime',
      'Role',
      'Handler',
      'Timeout',
      'MemorySize',
      'VpcConfig',
      'Environment',
      'Layers',
      'TracingConfig',
      'LoggingConfig',
    ],
    run(input, world) {
      const one = existingFunction(world, input.FunctionName);
      verifyQuiet(world, one);
      const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
      const wanted: Wanted = { ...wantedOf(one), ...given };
      verifyMembers(input.TracingConfig, ['Mode'], 'TracingConfig');
      verifyMembers(input.LoggingConfig, ['LogGroup'], 'LoggingConfig');
      verifyConfiguration(world, wanted, one.zip, input.Layers ? [] : one.layers);
      beginUpdate(world, one, {
        role: wanted.Role!,
        ...(wanted.Role === one.role ? {} : { grantee: world.iam.roleByArn(wanted.Role!)?.id }),
        handler: wanted.Handler!,
        runtime: wanted.Runtime!,
        memory: wanted.MemorySize!,
        timeout: wanted.Timeout!,
        layers: [...wanted.Layers!],
        environment: { ...wanted.Environment?.Variables },
        description: input.Description ?? one.description,
        tracing: input.TracingConfig?.Mode ?? one.tracing,
        logGroup: input.LoggingConfig?.LogGroup ?? one.logGroup,
      });
      if (input.VpcConfig)
        moveNetwork(world, one, wanted.VpcConfig?.SubnetIds ?? [], wanted.VpcConfig?.SecurityGroupIds ?? []);
      return configurationOf(world, one);
    },
  },
  DeleteFunctionConcurrency: {
    takes: ['FunctionName'],
    run({ FunctionName }, world) {
      delete existingFunction(world, FunctionName).reserved;
      return {};
    },
  },
  TagResource: {
    takes: ['Resource', 'Tags'],
    run({ Resource = '', Tags = {} }, world) {
      const one = existingFunction(world, Resource.split(':')[6]);
      verifyQuiet(world, one);
      verifyTags(Tags, 'lambda');
      addTags(world, one, Tags);
      return {};
    },
  },
  UntagResource: {
    takes: ['Resource', 'TagKeys'],
    run({ Resource = '', TagKeys }, world) {
      const one = existingFunction(world, Resource.split(':')[6]);
      verifyQuiet(world, one);
      removeTags(world, one, TagKeys, 'lambda');
      return {};
    },
  },
  DeleteFunction: {
    takes: ['FunctionName'],
    run({ FunctionName }, world) {
      const one = existingFunction(world, FunctionName);
      if (one.goneAt === undefined) {
        one.goneAt = world.now() + world.takes('function.deleted', one.name);
        if (one.subnetIds.length > 0) moveNetwork(world, one, [], []);
      }
      return {};
    },
  },
};

const wantedOf = (one: SimulatedFunction): Wanted => ({
  Role: one.role,
  Handler: one.handler,
  Runtime: one.runtime,
  MemorySize: one.memory,
  Timeout: one.timeout,
  Layers: one.layers,
  Environment: { Variables: one.environment },
  VpcConfig: { SubnetIds: one.subnetIds, SecurityGroupIds: one.groupIds },
});

/** Until the update is done, and after one that failed, who starts the function starts what it was. */
function beginUpdate(world: World, one: SimulatedFunction, change: Partial<SimulatedFunction>): void {
  const before = one.before ?? { ...one };
  const failedUpdate = one.nextUpdateFails;
  Object.assign(one, change, { before, failedUpdate, updates: one.updates + 1, modifiedAt: world.now() });
  delete one.nextUpdateFails;
  one.updatedAt = world.now() + world.takes('function.updated', one.name, String(one.updates));
}

/**
 * Interfaces that the function leaves stay in use for minutes: Lambda frees them with the function's role, and cannot
 * where that went.
 */
function moveNetwork(world: World, one: SimulatedFunction, subnetIds: string[], groupIds: string[]): void {
  const now = world.now();
  if (one.subnetIds.length > 0) {
    const freedAt = now + world.takes('interfaces.released', one.name, String(one.updates));
    world.ec2.releaseLambdaInterfaces(one.name, now, freedAt, { role: one.role });
  }
  if (subnetIds.length > 0) world.ec2.attachLambdaInterfaces(one.name, subnetIds, groupIds, now);
  one.subnetIds = [...subnetIds];
  one.groupIds = [...groupIds];
}
