import { createHash } from 'node:crypto';
import { unzipSync } from 'fflate';
import { AwsError } from '../aws-error.ts';
import { isAllowed, isAssumable } from '../iam/policy.ts';
import type { SimulatedService } from '../service.ts';
import { verifyTags } from '../tag-list.ts';
import type { World } from '../world.ts';
import type { SimulatedFunction } from './state.ts';

const invalid = (message: string) => new AwsError('InvalidParameterValueException', message);

/** Deprecated ones that AWS still takes are left out: the tool must not ask for them. */
const runtimes = ['nodejs22.x', 'nodejs24.x'];
const reservedVariables = /^(AWS_|_HANDLER$|_X_AMZN|LAMBDA_)/;

export function existingFunction(world: World, name: string | undefined): SimulatedFunction {
  const found = world.lambda.functions.get(name ?? '');
  if (found?.goneAt !== undefined && world.now() >= found.goneAt) world.lambda.functions.delete(found.name);
  if (!found || (found.goneAt !== undefined && world.now() >= found.goneAt) || !world.isVisible(found.createdAt))
    throw new AwsError(
      'ResourceNotFoundException',
      `Function not found: arn:aws:lambda:${world.region}:${world.account}:function:${name}`,
      404,
    );
  return found;
}

export const stateOf = (world: World, { goneAt, activeAt }: SimulatedFunction) =>
  goneAt !== undefined ? ('Deleting' as const) : world.now() < activeAt ? ('Pending' as const) : ('Active' as const);

const isUpdating = (world: World, { updatedAt }: SimulatedFunction): boolean => world.now() < updatedAt;

function verifyQuiet(world: World, one: SimulatedFunction): void {
  if (stateOf(world, one) === 'Pending')
    throw new AwsError(
      'ResourceConflictException',
      `The operation cannot be performed at this time. The function is currently in the following state: Pending`,
      409,
    );
  if (isUpdating(world, one))
    throw new AwsError(
      'ResourceConflictException',
      `The operation cannot be performed at this time. An update is in progress for resource: ${one.arn}`,
      409,
    );
}

const configurationOf = (world: World, one: SimulatedFunction) => ({
  FunctionName: one.name,
  FunctionArn: one.arn,
  Runtime: one.runtime as 'nodejs24.x',
  Role: one.role,
  Handler: one.handler,
  CodeSize: one.zip.length,
  Description: one.description,
  Timeout: one.timeout,
  MemorySize: one.memory,
  CodeSha256: one.codeSha256,
  Architectures: [one.architecture as 'arm64'],
  Environment: { Variables: { ...one.environment } },
  Layers: one.layers.map(Arn => ({ Arn })),
  VpcConfig: { SubnetIds: [...one.subnetIds], SecurityGroupIds: [...one.groupIds], VpcId: '' },
  State: stateOf(world, one),
  LastUpdateStatus: isUpdating(world, one) ? ('InProgress' as const) : ('Successful' as const),
  PackageType: 'Zip' as const,
});

interface Wanted {
  Role?: string;
  Handler?: string;
  Runtime?: string;
  MemorySize?: number;
  Timeout?: number;
  Layers?: string[];
  Environment?: { Variables?: Record<string, string> };
  VpcConfig?: { SubnetIds?: string[]; SecurityGroupIds?: string[] };
}

/** Throws what Lambda throws for a configuration that it would not take now. */
function verifyConfiguration(world: World, wanted: Wanted, zip: Uint8Array): void {
  const { Role, Handler = '', Runtime = '', MemorySize = 128, Timeout = 3, Layers = [], Environment, VpcConfig } = wanted;
  if (!runtimes.includes(Runtime)) throw invalid(`Value ${Runtime} at 'runtime' failed to satisfy constraint`);
  if (MemorySize < 128 || MemorySize > 10_240) throw invalid(`'MemorySize' value failed to satisfy constraint`);
  if (Timeout < 1 || Timeout > 900) throw invalid(`'Timeout' value failed to satisfy constraint`);
  const variables = Environment?.Variables ?? {};
  if (Buffer.byteLength(JSON.stringify(variables)) > 4096) throw invalid('Environment variables size exceeded the 4KB limit');
  const reserved = Object.keys(variables).filter(name => reservedVariables.test(name));
  if (reserved.length > 0)
    throw invalid(`Lambda was unable to configure your environment variables because they contain reserved keys: ${reserved}`);
  for (const arn of Layers)
    if (!world.lambda.layers.some(layer => layer.arn === arn)) throw invalid(`Layer version ${arn} does not exist.`);
  const file = `${Handler.split('.')[0]}.js`;
  if (!Object.keys(unzipSync(zip)).includes(file)) throw invalid(`The zip file holds no ${file} for the handler ${Handler}.`);
  const role = world.iam.roleByArn(Role ?? '');
  if (!role || !isAssumable(world, role, 'lambda.amazonaws.com'))
    throw invalid('The role defined for the function cannot be assumed by Lambda.');
  if ((VpcConfig?.SubnetIds?.length ?? 0) > 0 && !isAllowed(world, role, 'ec2:CreateNetworkInterface', '*', false))
    throw invalid('The provided execution role does not have permissions to call CreateNetworkInterface on EC2');
}

export const functions: Pick<
  SimulatedService<'lambda'>,
  'CreateFunction' | 'GetFunction' | 'UpdateFunctionCode' | 'UpdateFunctionConfiguration' | 'DeleteFunction'
> = {
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
      const { FunctionName: name = '', Code, Tags = {}, VpcConfig = {}, Architectures = ['x86_64'] } = input;
      if (world.lambda.functions.has(name))
        throw new AwsError('ResourceConflictException', `Function already exist: ${name}`, 409);
      const zip = Code?.ZipFile ?? new Uint8Array();
      verifyTags(Tags, 'InvalidParameterValueException');
      verifyConfiguration(world, input, zip);
      const { SubnetIds: subnetIds = [], SecurityGroupIds: groupIds = [] } = VpcConfig;
      if (subnetIds.length > 0) world.ec2.attachLambdaInterfaces(name, subnetIds, groupIds, world.now());
      const one: SimulatedFunction = {
        name,
        arn: `arn:aws:lambda:${world.region}:${world.account}:function:${name}`,
        createdAt: world.now(),
        tags: { ...Tags },
        zip,
        codeSha256: createHash('sha256').update(zip).digest('base64'),
        runtime: input.Runtime!,
        handler: input.Handler!,
        role: input.Role!,
        memory: input.MemorySize ?? 128,
        timeout: input.Timeout ?? 3,
        architecture: Architectures[0]!,
        description: input.Description ?? '',
        environment: { ...input.Environment?.Variables },
        layers: [...(input.Layers ?? [])],
        subnetIds: [...subnetIds],
        groupIds: [...groupIds],
        activeAt: world.now() + (subnetIds.length > 0 ? world.takes('function.active', name) : 2_000),
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
      return { Configuration: configurationOf(world, one), Code: { RepositoryType: 'S3' }, Tags: { ...one.tags } };
    },
  },
  UpdateFunctionCode: {
    takes: ['FunctionName', 'ZipFile'],
    run({ FunctionName, ZipFile = new Uint8Array() }, world) {
      const one = existingFunction(world, FunctionName);
      verifyQuiet(world, one);
      one.zip = ZipFile;
      one.codeSha256 = createHash('sha256').update(ZipFile).digest('base64');
      beginUpdate(world, one);
      return configurationOf(world, one);
    },
  },
  UpdateFunctionConfiguration: {
    takes: ['FunctionName', 'Runtime', 'Role', 'Handler', 'Timeout', 'MemorySize', 'VpcConfig', 'Environment', 'Layers'],
    run(input, world) {
      const one = existingFunction(world, input.FunctionName);
      verifyQuiet(world, one);
      const merged: Wanted = {
        Role: one.role,
        Handler: one.handler,
        Runtime: one.runtime,
        MemorySize: one.memory,
        Timeout: one.timeout,
        Layers: one.layers,
        Environment: { Variables: one.environment },
        VpcConfig: { SubnetIds: one.subnetIds, SecurityGroupIds: one.groupIds },
        ...Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)),
      };
      verifyConfiguration(world, merged, one.zip);
      const { SubnetIds: subnetIds = [], SecurityGroupIds: groupIds = [] } = merged.VpcConfig ?? {};
      if (input.VpcConfig) moveNetwork(world, one, subnetIds, groupIds);
      Object.assign(one, {
        role: merged.Role,
        handler: merged.Handler,
        runtime: merged.Runtime,
        memory: merged.MemorySize,
        timeout: merged.Timeout,
        layers: [...(merged.Layers ?? [])],
        environment: { ...merged.Environment?.Variables },
      });
      beginUpdate(world, one);
      return configurationOf(world, one);
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

function beginUpdate(world: World, one: SimulatedFunction): void {
  one.updates++;
  one.updatedAt = world.now() + world.takes('function.updated', one.name, String(one.updates));
}

/** Interfaces that the function leaves stay in use for minutes, and for ever where its role is gone by then: Lambda frees them with that role. */
function moveNetwork(world: World, one: SimulatedFunction, subnetIds: string[], groupIds: string[]): void {
  const now = world.now();
  if (one.subnetIds.length > 0) {
    const freedAt = world.iam.roleByArn(one.role)
      ? now + world.takes('interfaces.released', one.name, String(one.updates))
      : Number.POSITIVE_INFINITY;
    world.ec2.releaseLambdaInterfaces(one.name, now, freedAt);
  }
  if (subnetIds.length > 0) world.ec2.attachLambdaInterfaces(one.name, subnetIds, groupIds, now);
  one.subnetIds = [...subnetIds];
  one.groupIds = [...groupIds];
}
