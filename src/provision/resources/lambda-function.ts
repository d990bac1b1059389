import { createHash } from 'node:crypto';
import type { FunctionEnvironment } from '../../function-contract.ts';
import { Problem } from '../../problem.ts';
import { version } from '../../version.ts';
import { ask } from '../aws/ask.ts';
import { unlessNotFound } from '../aws/errors.ts';
import type { Input, Output } from '../aws/operation.ts';
import { parametersIn } from '../aws/parameters.ts';
import { Snapshot } from '../aws/snapshot.ts';
import type { Difference } from '../engine/outcome.ts';
import { type Known, type Made, ready } from '../engine/resource.ts';
import { tagKeys } from '../names.ts';
import { type AwsResource, arn, awsResource, type Stack } from '../stack.ts';
import { environmentDifferences, functionEnvironment } from './function-environment.ts';
import { failureOf, leaveVpc, untilUpdated } from './function-updates.ts';
import type { LayerFound } from './layer.ts';
import type { LogGroupFound } from './log-group.ts';
import type { NetworkInterfaceFound } from './network-interfaces.ts';
import type { RoleFound } from './role.ts';
import type { SecurityGroupFound } from './security-group.ts';
import type { SubnetFound } from './subnet.ts';
import { type Tagged, tagged } from './tagged.ts';
import { inZones } from './zones.ts';

export interface FunctionFound extends Tagged {
  state: string;
  stateReason?: string;
  updating: boolean;
  /** Why the last update failed, after which the function is what it was. */
  failedUpdate?: string;
  /** IAM's id of the role that it was made with. */
  roleId?: string;
  /** Who may start it: the statements of its own policy. */
  statements: PolicyStatement[];
  codeSha256: string;
  /**
   * So many executions are kept for it, and no more are begun; 0 stops it. Absent where it shares those of the account.
   */
  reserved?: number;
  /** What AWS shows of it, in the names of `wantedConfiguration`. */
  configuration: Record<string, string>;
  environment: FunctionEnvironment;
  /** The database's password in AWS, where it belongs into the environment. Never shown. */
  password?: string;
  inVpc: boolean;
}

export interface PolicyStatement {
  Sid?: string;
  Effect?: string;
  Action?: string | string[];
  Principal?: string | { Service?: string; AWS?: string };
  Condition?: Record<string, Record<string, string>>;
}

interface FunctionNeeds {
  [name: string]: AwsResource;
  role: AwsResource<RoleFound>;
  layer: AwsResource<LayerFound>;
  logGroup: AwsResource<LogGroupFound>;
  topic: AwsResource;
  operators: AwsResource;
  archive: AwsResource;
  password: AwsResource;
  subnetA: AwsResource<SubnetFound>;
  subnetB: AwsResource<SubnetFound>;
  web: AwsResource<SecurityGroupFound>;
  database: AwsResource<SecurityGroupFound>;
  interfaces: AwsResource<NetworkInterfaceFound>;
}

/** The differences that UpdateFunctionCode mends. A failed update may have been either, so both are sent again. */
const ofCode = ['code', 'architecture', 'last update'];
const reservation = 'reserved concurrency';
const notOfConfiguration = ['code', 'architecture', reservation];

/** The difference by which a statement of the function's policy is named that nobody needs. */
const statement = 'permission ';

const list = (values: readonly (string | undefined)[]): string => values.filter(Boolean).sort().join(', ');

/** The function that reads the sales and publishes the report. */
export function lambdaFunction<N extends FunctionNeeds>(stack: Stack, needs: N): AwsResource<FunctionFound, N> {
  const { aws, artifacts, names, owner, settings } = stack;
  const id = 'function';
  const FunctionName = names.functionName;
  const functionArn = arn(stack, 'lambda', `function:${FunctionName}`);
  const description = `Sales report of stack ${settings.stack}`;
  // Each rule keeps the statement that is called as itself.
  const strangersIn = (statements: readonly PolicyStatement[]) =>
    statements.filter(({ Sid }) => Sid !== names.rule && Sid !== names.watchRule);
  const codeSha256 = createHash('sha256').update(artifacts.functionZip).digest('base64');

  /** What can be compared as text, and under which name people know it. Undefined where a need is not made yet. */
  const wantedConfiguration = ({
    role,
    layer,
    subnetA,
    subnetB,
    web,
    database,
  }: Known<FunctionNeeds>): Record<string, string | undefined> => ({
    runtime: 'nodejs24.x',
    architecture: settings.function.architecture,
    handler: 'index.handler',
    memory: `${settings.function.memory} MB`,
    timeout: `${settings.function.timeout} s`,
    role: role?.arn,
    layer: layer?.awsId,
    subnets: subnetA && subnetB && list([subnetA.awsId, subnetB.awsId]),
    'security groups': web && database && list([web.awsId, database.awsId]),
    description,
    tracing: 'PassThrough',
    'log group': names.logGroup,
  });

  const configurationInput = (made: Made<FunctionNeeds>, found?: FunctionFound) => ({
    FunctionName,
    Description: description,
    Runtime: 'nodejs24.x' as const,
    Handler: 'index.handler',
    MemorySize: settings.function.memory,
    Timeout: settings.function.timeout,
    Role: made.role.arn,
    Layers: [made.layer.awsId],
    VpcConfig: {
      SubnetIds: [made.subnetA.awsId, made.subnetB.awsId],
      SecurityGroupIds: [made.web.awsId, made.database.awsId],
    },
    Environment: { Variables: functionEnvironment(stack, found?.password) as Record<string, string> },
  });

  /** The password where it belongs into the environment: read from its parameter, which by then is there. */
  const readPassword = async (snapshot: Snapshot): Promise<string | undefined> => {
    const { secret, passwordParameter } = settings.database;
    if (secret !== 'env') return undefined;
    if (passwordParameter === undefined)
      return (await parametersIn(snapshot, stack)).find(({ Name }) => Name === names.password)?.Value;
    return (await snapshot.find('ssm:GetParameter', { Name: passwordParameter, WithDecryption: true }))?.Parameter
      ?.Value;
  };

  const resource = awsResource<FunctionFound, N>({
    id,
    title: `Function ${FunctionName}`,
    wanted: true,
    needs,
    operations: {
      create: ['lambda:CreateFunction'],
      update: [
        'lambda:UpdateFunctionCode',
        'lambda:UpdateFunctionConfiguration',
        'lambda:DeleteFunctionConcurrency',
        'lambda:RemovePermission',
      ],
      remove: ['lambda:UpdateFunctionConfiguration', 'lambda:DeleteFunction'],
    },
    durations: {
      create: ['function.active'],
      update: ['function.updated'],
      remove: ['function.updated', 'function.deleted'],
    },

    async find(snapshot) {
      const [answer, policy] = await Promise.all([
        snapshot.find('lambda:GetFunction', { FunctionName }),
        snapshot.find('lambda:GetPolicy', { FunctionName }),
      ]);
      if (!answer?.Configuration) return [];
      const { Configuration: now } = answer;
      const { Environment, Layers = [], VpcConfig, TracingConfig, LoggingConfig } = now;
      const tags = tagsOf(answer);
      const ownership = owner.of(tags);
      return [
        {
          awsId: FunctionName,
          ...ownership,
          tags,
          reserved: answer.Concurrency?.ReservedConcurrentExecutions,
          state: now.State ?? 'Active',
          stateReason: now.StateReason,
          updating: now.LastUpdateStatus === 'InProgress',
          ...(now.LastUpdateStatus === 'Failed' ? { failedUpdate: failureOf(now) } : {}),
          roleId: tags[tagKeys.role],
          statements: (JSON.parse(policy?.Policy ?? '{}') as { Statement?: PolicyStatement[] }).Statement ?? [],
          codeSha256: now.CodeSha256 ?? '',
          configuration: {
            runtime: now.Runtime ?? '',
            architecture: now.Architectures?.[0] ?? 'x86_64',
            handler: now.Handler ?? '',
            memory: `${now.MemorySize} MB`,
            timeout: `${now.Timeout} s`,
            role: now.Role ?? '',
            layer: list(Layers.map(({ Arn }) => Arn)),
            subnets: list(VpcConfig?.SubnetIds ?? []),
            'security groups': list(VpcConfig?.SecurityGroupIds ?? []),
            description: now.Description ?? '',
            tracing: TracingConfig?.Mode ?? 'PassThrough',
            'log group': LoggingConfig?.LogGroup ?? names.logGroup,
          },
          environment: Environment?.Variables ?? {},
          password: ownership.ours ? await readPassword(snapshot) : undefined,
          inVpc: (VpcConfig?.SubnetIds?.length ?? 0) > 0,
        },
      ];
    },

    async create(made) {
      const password = await readPassword(new Snapshot(aws));
      const configuration = configurationInput(made as unknown as Made<FunctionNeeds>, { password } as FunctionFound);
      const { subnetA, subnetB } = made as unknown as Made<FunctionNeeds>;
      const answer = await inZones([subnetA.zone, subnetB.zone], ['subnet.private-a', 'subnet.private-b'], () =>
        aws.call('lambda:CreateFunction', {
          ...configuration,
          Code: { ZipFile: artifacts.functionZip },
          Architectures: [settings.function.architecture],
          PackageType: 'Zip',
          Tags: { ...owner.tags(id), [tagKeys.role]: made.role.roleId },
        }),
      );
      return {
        awsId: FunctionName,
        ours: true,
        state: answer.State ?? 'Pending',
        updating: false,
        roleId: made.role.roleId,
        statements: [],
        codeSha256,
        configuration: wantedConfiguration(made as unknown as Made<FunctionNeeds>) as Record<string, string>,
        environment: configuration.Environment.Variables,
        password,
        inVpc: true,
      };
    },

    readiness({ state, stateReason, updating }) {
      if (state === 'Failed') return { state: 'failed', why: stateReason ?? 'Lambda gives no reason' };
      if (state === 'Pending') return { state: 'waiting', why: 'Lambda is making network interfaces for the function' };
      return updating ? { state: 'waiting', why: 'Lambda is finishing an update' } : ready;
    },

    differences(found, known) {
      const differences: Difference[] = [];
      const { role } = known as unknown as Known<FunctionNeeds>;
      // Lambda's grant on the key of the environment is to the role that was, by its id (re:Post,
      // "KMSAccessDeniedException" of Lambda).
      if (role && found.roleId && role.roleId !== found.roleId)
        differences.push({
          what: 'role',
          is: 'a former one of the same name',
          wanted: 'this one',
          words: 'it was made with a role that is gone',
          how: 'ended',
        });
      if (found.failedUpdate)
        differences.push({
          what: 'last update',
          is: `failed: ${found.failedUpdate}`,
          wanted: 'successful',
          how: 'update',
        });
      if (found.codeSha256 !== codeSha256)
        differences.push({
          what: 'code',
          is: 'other code',
          wanted: `that of salesreport ${version}`,
          how: 'update',
          operations: ['lambda:UpdateFunctionCode'],
        });
      for (const [what, wanted] of Object.entries(wantedConfiguration(known as unknown as Known<FunctionNeeds>)))
        if (wanted !== undefined && found.configuration[what] !== wanted)
          differences.push({
            what,
            is: found.configuration[what] || 'none',
            wanted,
            how: 'update',
            operations: [
              notOfConfiguration.includes(what) ? 'lambda:UpdateFunctionCode' : 'lambda:UpdateFunctionConfiguration',
            ],
          });
      if (found.reserved !== undefined)
        differences.push({
          what: reservation,
          is: String(found.reserved),
          wanted: 'none',
          words: found.reserved === 0 ? 'it may not run: its reserved concurrency is 0' : undefined,
          how: 'update',
          operations: ['lambda:DeleteFunctionConcurrency'],
        });
      for (const one of strangersIn(found.statements))
        differences.push({
          what: `${statement}${one.Sid}`,
          is: whomOf(one),
          wanted: 'none',
          words: `${whomOf(one)} may start it too (statement ${one.Sid})`,
          how: 'update',
          operations: ['lambda:RemovePermission'],
        });
      return [...differences, ...environmentDifferences(found.environment, functionEnvironment(stack, found.password))];
    },

    async update(found, made, differences) {
      const { architecture } = settings.function;
      for (const { Sid: StatementId = '' } of strangersIn(found.statements))
        await unlessNotFound(aws.call('lambda:RemovePermission', { FunctionName, StatementId }));
      if (found.reserved !== undefined) await aws.call('lambda:DeleteFunctionConcurrency', { FunctionName });
      if (differences.some(({ what }) => ofCode.includes(what))) {
        await aws.call('lambda:UpdateFunctionCode', {
          FunctionName,
          ZipFile: artifacts.functionZip,
          Architectures: [architecture],
        });
        await untilUpdated(stack);
      }
      if (differences.some(({ what }) => !notOfConfiguration.includes(what) && !what.startsWith(statement))) {
        const differs = (what: string) => differences.some(difference => difference.what === what);
        const input: Input<'lambda:UpdateFunctionConfiguration'> = {
          ...configurationInput(made as unknown as Made<FunctionNeeds>, found),
          // As Lambda makes a function, so that they are told only where somebody has changed them.
          ...(differs('tracing') ? { TracingConfig: { Mode: 'PassThrough' } } : {}),
          ...(differs('log group') ? { LoggingConfig: { LogGroup: names.logGroup } } : {}),
        };
        await aws.call('lambda:UpdateFunctionConfiguration', input);
        await untilUpdated(stack);
      }
    },

    async remove({ inVpc, state }) {
      // One that failed takes no update (Lambda developer guide, "Lambda function states").
      if (inVpc && state !== 'Failed') await leaveVpc(stack);
      await unlessNotFound(aws.call('lambda:DeleteFunction', { FunctionName }));
    },

    ask: () =>
      ask(aws, 'lambda:GetFunction', { FunctionName }, FunctionName, ({ Configuration }) => Configuration?.State),
  });
  return tagged(
    stack,
    {
      operation: 'lambda:TagResource',
      put: (_found, tags) => aws.call('lambda:TagResource', { Resource: functionArn, Tags: tags }),
      untag: {
        operation: 'lambda:UntagResource',
        take: (_found, keys) => aws.call('lambda:UntagResource', { Resource: functionArn, TagKeys: keys }),
      },
    },
    resource,
  );
}

/** Whom a statement of the function's policy lets start it. */
function whomOf({ Principal }: PolicyStatement): string {
  if (typeof Principal !== 'object') return Principal === '*' ? 'everybody' : (Principal ?? 'somebody');
  return Principal.Service ?? Principal.AWS ?? 'somebody';
}

/**
 * The function's tags. Throws Problem `access-denied` where they are withheld: without them it would pass for somebody
 * else's.
 */
function tagsOf({ Tags = {}, TagsError }: Output<'lambda:GetFunction'>): Record<string, string> {
  if (!TagsError) return Tags;
  throw new Problem(
    'access-denied',
    `You may not lambda:ListTags (${TagsError.Message}): have it allowed for your user or role, then run the same command again.`,
  );
}
