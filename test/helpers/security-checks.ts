import { strFromU8, unzipSync } from 'fflate';
import type { Rule } from '../../src/simulator/ec2/records.ts';
import { listed, matches, parsePolicy, type Statement } from '../../src/simulator/iam/policy.ts';
import type { World } from '../../src/simulator/world.ts';
import { formsOf } from './leaks.ts';
import { secretPassword } from './simulated-stack.ts';

/** Gives whatever breaks a check, in words. */
type Check = (world: World) => string[];

const named = <T>(things: Iterable<T>, breaks: (thing: T) => boolean, words: (thing: T) => string): string[] =>
  [...things].filter(breaks).map(words);

const idOf = ({ id }: { id: string }) => id;
const nameOf = ({ name }: { name: string }) => name;

/** Rules that let in who comes from anywhere. */
const openRules = ({ ec2 }: World): Rule[] =>
  ec2.groups
    .existing()
    .flatMap(({ rules }) => rules)
    .filter(
      ({ egress, peer }) =>
        !egress && (('cidr' in peer && peer.cidr === '0.0.0.0/0') || ('cidr6' in peer && peer.cidr6 === '::/0')),
    );

const lets = ({ protocol, from = 0, to = 65_535 }: Rule, port: number): boolean =>
  protocol === '-1' || (protocol === 'tcp' && from <= port && port <= to);

const openTo =
  (...ports: number[]): Check =>
  world =>
    named(openRules(world), rule => ports.some(port => lets(rule, port)), idOf);

/** Ports of Security Hub's EC2.19. */
const riskyPorts = [
  20, 21, 22, 23, 25, 110, 135, 143, 445, 1433, 1434, 3000, 3306, 3389, 4333, 5000, 5432, 5500, 5601, 8080, 8088, 8888,
  9200, 9300,
];

interface RoleStatement {
  role: string;
  statement: Statement;
}

const statementsOf = ({ iam }: World): RoleStatement[] =>
  [...iam.roles.values()].flatMap(({ name, policies }) =>
    [...policies.values()].flatMap(({ document }) =>
      parsePolicy(document, 'identity').map(statement => ({ role: name, statement })),
    ),
  );

const trustsOf = ({ iam }: World): RoleStatement[] =>
  [...iam.roles.values()].flatMap(({ name, trust }) =>
    parsePolicy(trust, 'trust').map(statement => ({ role: name, statement })),
  );

const words = ({ role, statement }: RoleStatement): string => `${role}: ${listed(statement.Action)}`;

const allows =
  (patterns: RegExp, where: (statement: Statement) => boolean = () => true): Check =>
  world =>
    statementsOf(world)
      .filter(({ statement }) => statement.Effect === 'Allow' && where(statement))
      .filter(({ statement }) => listed(statement.Action).some(action => patterns.test(action)))
      .map(words);

const isUnconstrained = ({ Resource }: Statement): boolean => listed(Resource).includes('*');

/** What an allowed pattern on every resource must not reach. */
const allowsOnAll =
  (...actions: string[]): Check =>
  world =>
    statementsOf(world)
      .filter(({ statement }) => statement.Effect === 'Allow' && isUnconstrained(statement))
      .filter(({ statement }) =>
        listed(statement.Action).some(pattern => actions.some(action => matches(pattern, action))),
      )
      .map(words);

type Bucket = World['s3']['buckets'] extends Map<string, infer B> ? B : never;

const bucket =
  (breaks: (bucket: Bucket) => boolean): Check =>
  ({ s3 }) =>
    named(s3.buckets.values(), breaks, nameOf);

const policyOf = ({ policy = '{"Statement":[]}' }: { policy?: string }): Statement[] =>
  [(JSON.parse(policy) as { Statement: Statement | Statement[] }).Statement].flat();

const allowsSomebody = (one: Bucket): boolean => policyOf(one).some(({ Effect }) => Effect === 'Allow');

const holdsSecret = (text: string): boolean => formsOf(secretPassword).some(form => text.includes(form));
const zipHoldsSecret = (zip: Uint8Array): boolean =>
  Object.values(unzipSync(zip)).some(file => holdsSecret(strFromU8(file, true)));

const permissionsOf = ({ lambda }: World) =>
  [...lambda.functions.values()].flatMap(({ permissions }) => [...permissions.values()]);

const isInTable = ({ ec2 }: World, subnetId: string, target: string): boolean =>
  ec2.routeTables
    .existing()
    .some(
      ({ associations, routes }) =>
        associations.some(one => one.subnetId === subnetId) &&
        routes.some(route => route.destination === '0.0.0.0/0' && route.target.startsWith(target)),
    );

/**
 * The checks that what is made passes, by their ids: Security Hub's (AWS Foundational Security Best Practices),
 * Checkov's and Prowler's.
 */
const table: [ids: string, check: Check][] = [
  [
    'EC2.2 CKV2_AWS_12 ec2_securitygroup_default_restrict_traffic',
    ({ ec2 }) =>
      named(
        ec2.groups.existing().filter(({ name }) => name === 'default'),
        ({ rules }) => rules.length > 0,
        idOf,
      ),
  ],
  [
    'EC2.3 CKV_AWS_8 ec2_ebs_volume_encryption',
    ({ ec2 }) => named(ec2.volumes.existing(), ({ encrypted }) => !encrypted, idOf),
  ],
  ['EC2.4', ({ ec2 }) => named(ec2.instances.existing(), ({ isStopped }) => isStopped === true, idOf)],
  [
    'EC2.8 CKV_AWS_79 ec2_instance_imdsv2_enabled',
    ({ ec2 }) => named(ec2.instances.existing(), ({ metadata }) => metadata.HttpTokens !== 'required', idOf),
  ],
  [
    'EC2.15 CKV_AWS_130 vpc_subnet_no_public_ip_by_default',
    ({ ec2 }) => named(ec2.subnets.existing(), ({ mapsPublicIp }) => mapsPublicIp, idOf),
  ],
  [
    'EC2.17',
    ({ ec2 }) =>
      named(
        ec2.instances.existing(),
        ({ id }) => ec2.interfaces.existing().filter(({ attachment }) => attachment?.instanceId === id).length !== 1,
        idOf,
      ),
  ],
  [
    'EC2.18',
    world =>
      named(
        openRules(world),
        rule => !([80, 443].includes(rule.from ?? 0) && rule.from === rule.to && rule.protocol === 'tcp'),
        idOf,
      ),
  ],
  ['EC2.19', openTo(...riskyPorts)],
  [
    'CKV_AWS_24 ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_22 ec2_instance_port_ssh_exposed_to_internet',
    openTo(22),
  ],
  [
    'ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_mysql_3306 ec2_instance_port_mysql_exposed_to_internet',
    openTo(3306),
  ],
  ['CKV_AWS_25', openTo(3389)],
  ['CKV_AWS_277', world => named(openRules(world), ({ protocol }) => protocol === '-1', idOf)],
  [
    'EC2.180',
    ({ ec2 }) => named(ec2.interfaces.existing(), ({ ignoresDestination }) => ignoresDestination === true, idOf),
  ],
  [
    'CKV_AWS_23',
    ({ ec2 }) => [
      ...named(ec2.groups.existing(), ({ description }) => description === '', nameOf),
      ...ec2.groups
        .existing()
        .filter(({ name }) => name !== 'default')
        .flatMap(({ name, rules }) =>
          named(
            rules,
            ({ egress, description }) => !egress && !description,
            ({ id }) => `${name} ${id}`,
          ),
        ),
    ],
  ],
  [
    'CKV2_AWS_5 ec2_securitygroup_not_used',
    ({ ec2 }) =>
      named(
        ec2.groups.existing().filter(({ name }) => name !== 'default'),
        ({ id }) => !ec2.interfaces.existing().some(({ groupIds }) => groupIds.includes(id)),
        nameOf,
      ),
  ],
  [
    'CKV2_AWS_19 ec2_elastic_ip_unassigned',
    ({ ec2 }) =>
      named(
        ec2.addresses.existing(),
        ({ id }) => !ec2.interfaces.existing().some(({ elastic }) => elastic?.allocationId === id),
        idOf,
      ),
  ],
  [
    'CKV2_AWS_35 vpc_subnet_separate_private_public',
    world => {
      const [open, closed] = ['igw-', 'nat-'].map(target =>
        world.ec2.subnets.existing().filter(({ id }) => isInTable(world, id, target)),
      );
      return open!.length === 2 && closed!.length === 2 ? [] : [`${open!.length} public, ${closed!.length} private`];
    },
  ],
  [
    'CKV2_AWS_41 ec2_instance_profile_attached',
    ({ ec2 }) => named(ec2.instances.existing(), ({ profileArn }) => profileArn === undefined, idOf),
  ],
  [
    'SSM.1 ec2_instance_managed_by_ssm',
    world =>
      named(
        trustsOf(world).filter(({ statement }) => JSON.stringify(statement.Principal).includes('ec2.')),
        ({ role }) =>
          !statementsOf(world).some(
            one => one.role === role && listed(one.statement.Action).includes('ssm:UpdateInstanceInformation'),
          ),
        ({ role }) => role,
      ),
  ],
  [
    'CKV_AWS_46 ec2_instance_secrets_user_data',
    ({ ec2 }) =>
      named(
        ec2.instances.existing(),
        ({ userData = '' }) => holdsSecret(Buffer.from(userData, 'base64').toString()),
        idOf,
      ),
  ],

  [
    'Lambda.1',
    world =>
      named(
        permissionsOf(world),
        ({ principal, sourceArn }) => principal === '*' || !sourceArn,
        ({ principal }) => principal,
      ),
  ],
  [
    'CKV_AWS_301 awslambda_function_not_publicly_accessible',
    world =>
      named(
        permissionsOf(world),
        ({ principal }) => principal === '*',
        ({ principal }) => principal,
      ),
  ],
  [
    'CKV_AWS_364',
    world =>
      named(
        permissionsOf(world),
        ({ sourceArn }) => !sourceArn,
        ({ principal }) => principal,
      ),
  ],
  [
    'Lambda.2 CKV_AWS_363 awslambda_function_using_supported_runtimes',
    ({ lambda }) =>
      named(lambda.functions.values(), ({ runtime }) => !['nodejs22.x', 'nodejs24.x'].includes(runtime), nameOf),
  ],
  [
    'Lambda.3 CKV_AWS_117 awslambda_function_inside_vpc',
    ({ lambda }) => named(lambda.functions.values(), ({ subnetIds }) => subnetIds.length === 0, nameOf),
  ],
  [
    'Lambda.5 awslambda_function_vpc_multi_az',
    ({ lambda, ec2 }) =>
      named(
        lambda.functions.values(),
        ({ subnetIds }) => new Set(subnetIds.map(id => ec2.subnets.get(id).zone)).size < 2,
        nameOf,
      ),
  ],
  ['Lambda.6', ({ lambda }) => named(lambda.functions.values(), ({ tags }) => Object.keys(tags).length === 0, nameOf)],
  [
    'CKV_AWS_45 awslambda_function_no_secrets_in_variables',
    ({ lambda }) =>
      named(lambda.functions.values(), ({ environment }) => holdsSecret(JSON.stringify(environment)), nameOf),
  ],
  [
    'awslambda_function_no_secrets_in_code',
    ({ lambda }) => named(lambda.functions.values(), ({ zip }) => zipHoldsSecret(zip), nameOf),
  ],
  [
    'awslambda_layer_no_secrets_in_content',
    ({ lambda }) =>
      named(
        lambda.layers,
        ({ zip }) => zipHoldsSecret(zip),
        ({ arn }) => arn,
      ),
  ],
  [
    'awslambda_function_using_cross_account_layers',
    ({ lambda, account }) =>
      named(lambda.functions.values(), ({ layers }) => layers.some(arn => !arn.includes(`:${account}:`)), nameOf),
  ],

  [
    'SNS.4 CKV_AWS_169 sns_topics_not_publicly_accessible',
    ({ sns }) =>
      named(
        sns.topics.values(),
        ({ policy }) =>
          /"Principal":("\*"|\{"AWS":"\*"\})/.test(policy ?? '') && !/AWS:Source(Owner|Account)/i.test(policy ?? ''),
        nameOf,
      ),
  ],
  ['SNS.3', ({ sns }) => named(sns.topics.values(), ({ tags }) => Object.keys(tags).length === 0, nameOf)],

  [
    'S3.1 CKV2_AWS_6 s3_bucket_level_public_access_block',
    bucket(({ publicAccess }) => Object.values(publicAccess).filter(Boolean).length < 4),
  ],
  ['S3.2', bucket(one => !one.publicAccess.BlockPublicPolicy || allowsSomebody(one))],
  ['S3.3', bucket(one => !one.publicAccess.RestrictPublicBuckets || allowsSomebody(one))],
  ['S3.6 CKV_AWS_70', bucket(allowsSomebody)],
  ['S3.8', bucket(({ publicAccess }) => !publicAccess.BlockPublicAcls || !publicAccess.IgnorePublicAcls)],
  ['CKV_AWS_53', bucket(({ publicAccess }) => !publicAccess.BlockPublicAcls)],
  ['CKV_AWS_54', bucket(({ publicAccess }) => !publicAccess.BlockPublicPolicy)],
  ['CKV_AWS_55', bucket(({ publicAccess }) => !publicAccess.IgnorePublicAcls)],
  ['CKV_AWS_56', bucket(({ publicAccess }) => !publicAccess.RestrictPublicBuckets)],
  [
    'S3.5 CKV_AWS_379 s3_bucket_secure_transport_policy',
    bucket(
      one =>
        !policyOf(one).some(
          ({ Effect, Principal, Action, Condition }) =>
            Effect === 'Deny' &&
            Principal === '*' &&
            Action === 's3:*' &&
            Condition?.Bool?.['aws:SecureTransport'] === 'false',
        ),
    ),
  ],
  ['S3.12 CKV2_AWS_65', bucket(({ ownership }) => ownership !== 'BucketOwnerEnforced')],
  ['S3.13 CKV2_AWS_61', bucket(({ lifecycle }) => !lifecycle.some(({ Status }) => Status === 'Enabled'))],
  [
    'CKV_AWS_300',
    bucket(({ lifecycle }) => !lifecycle.some(one => one.AbortIncompleteMultipartUpload?.DaysAfterInitiation)),
  ],
  ['S3.14 CKV_AWS_21', bucket(({ versioning }) => versioning !== 'Enabled')],
  ['CKV_AWS_19', bucket(({ encryption }) => !['AES256', 'aws:kms'].includes(encryption))],

  ['IAM.1 CKV_AWS_62 CKV_AWS_63 iam_inline_policy_no_administrative_privileges', allows(/^\*$/)],
  ['IAM.21', allows(/^[\w-]+:\*$/)],
  ['KMS.2', allows(/^kms:(\*|Decrypt|ReEncryptFrom)$/, isUnconstrained)],
  [
    'CKV_AWS_60 CKV_AWS_61',
    world =>
      trustsOf(world)
        .filter(({ statement }) => statement.Principal === '*' || Boolean(statement.Principal?.AWS))
        .map(words),
  ],
  [
    'CKV_AWS_107 CKV_AWS_287',
    allowsOnAll('iam:CreateAccessKey', 'sts:AssumeRole', 'ecr:GetAuthorizationToken', 'ec2:GetPasswordData'),
  ],
  [
    'CKV_AWS_108 CKV_AWS_288',
    allowsOnAll('s3:GetObject', 'ssm:GetParameter', 'ssm:GetParameters', 'secretsmanager:GetSecretValue'),
  ],
  [
    'CKV_AWS_109 CKV_AWS_289',
    allowsOnAll('iam:PutRolePolicy', 'kms:PutKeyPolicy', 'lambda:AddPermission', 's3:PutBucketPolicy'),
  ],
  [
    'CKV_AWS_110 CKV_AWS_286',
    allowsOnAll('iam:PassRole', 'iam:AttachRolePolicy', 'iam:PutRolePolicy', 'lambda:UpdateFunctionCode'),
  ],

  [
    'CKV2_AWS_34 CKV_AWS_384',
    ({ ssm }) =>
      named(
        [...ssm.parameters.values()].filter(({ value }) => holdsSecret(value)),
        ({ type }) => type !== 'SecureString',
        nameOf,
      ),
  ],
  ['CKV_AWS_66', ({ logs }) => named(logs.groups.values(), ({ retentionDays }) => retentionDays === undefined, nameOf)],
];

export const securityChecks: Record<string, Check> = Object.fromEntries(
  table.flatMap(([ids, check]) => ids.split(' ').map(id => [id, check])),
);
