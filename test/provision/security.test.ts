import { readFile } from 'node:fs/promises';
import { strToU8, zipSync } from 'fflate';
import { beforeAll, describe, expect, it, test } from 'vitest';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { VirtualClock } from '../../src/simulator/virtual-clock.ts';
import type { World } from '../../src/simulator/world.ts';
import { securityChecks } from '../helpers/security-checks.ts';
import { builtAws, pipelineOn, secretPassword } from '../helpers/simulated-stack.ts';

let aws: Simulator;

beforeAll(async () => {
  aws = await builtAws();
  await (await pipelineOn(aws)).subscribe('email', ['ann@example.com']);
});

const ids = Object.keys(securityChecks);

describe('what is made passes', () => {
  it.each(ids)('%s', id => {
    expect(securityChecks[id]!(aws.world)).toEqual([]);
  });
});

const zipWithSecret = zipSync({ 'index.js': strToU8(`password = "${secretPassword}"`) });
const everybody = { cidr: '0.0.0.0/0' };

function addPolicy({ iam }: World, ...actions: string[]): void {
  const document = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }],
  });
  iam.role('salesAnalysisReportRole')!.policies.set('wide', { document, since: 0 });
}

const ruleOf = ({ ec2 }: World, name: string) =>
  ec2.groups
    .existing()
    .find(group => group.name === name)!
    .rules.find(({ egress }) => !egress)!;
const functionOf = ({ lambda }: World) => [...lambda.functions.values()][0]!;
const bucketOf = ({ s3 }: World) => [...s3.buckets.values()][0]!;

/** The worst that can be done to what is made, and the checks that see it. */
const spoilings: [what: string, spoil: (world: World) => void, seenBy: string][] = [
  [
    'a default group with rules',
    ({ ec2 }) => {
      const groups = ec2.groups.existing();
      groups.find(({ name }) => name === 'default')!.rules = groups.find(({ name }) => name === 'Web')!.rules;
    },
    'EC2.2 CKV2_AWS_12 ec2_securitygroup_default_restrict_traffic',
  ],
  [
    'a database that everybody reaches',
    world => {
      ruleOf(world, 'Database').peer = everybody;
    },
    'EC2.18 EC2.19 ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_mysql_3306 ec2_instance_port_mysql_exposed_to_internet',
  ],
  [
    'a group that lets everybody do everything, and does not say why',
    world =>
      Object.assign(ruleOf(world, 'Web'), {
        peer: everybody,
        protocol: '-1',
        from: undefined,
        to: undefined,
        description: '',
      }),
    'CKV_AWS_23 CKV_AWS_24 CKV_AWS_25 CKV_AWS_277 ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_22 ec2_instance_port_ssh_exposed_to_internet',
  ],
  [
    'hosts that are stopped, open and talkative',
    ({ ec2 }) => {
      for (const host of ec2.instances.existing()) {
        host.isStopped = true;
        host.metadata = { ...host.metadata, HttpTokens: 'optional' };
        host.userData = Buffer.from(`password=${secretPassword}`).toString('base64');
        delete host.profileArn;
        ec2.interfaces.get(host.interfaceId).ignoresDestination = true;
        ec2.volumes.get(host.volumeId).encrypted = false;
      }
    },
    'EC2.3 CKV_AWS_8 ec2_ebs_volume_encryption EC2.4 EC2.8 CKV_AWS_79 ec2_instance_imdsv2_enabled CKV_AWS_46 ec2_instance_secrets_user_data CKV2_AWS_41 ec2_instance_profile_attached EC2.180',
  ],
  [
    'interfaces that are not those of the hosts',
    ({ ec2 }) => {
      for (const eni of ec2.interfaces.existing()) {
        eni.groupIds = [];
        delete eni.elastic;
        if (eni.attachment) eni.attachment.instanceId = 'i-0';
      }
    },
    'EC2.17 CKV2_AWS_5 ec2_securitygroup_not_used CKV2_AWS_19 ec2_elastic_ip_unassigned',
  ],
  [
    'subnets that are all public',
    ({ ec2 }) => {
      for (const subnet of ec2.subnets.existing()) subnet.mapsPublicIp = true;
      const open = ec2.routeTables
        .existing()
        .find(({ routes }) => routes.some(({ target }) => target.startsWith('igw-')))!;
      for (const table of ec2.routeTables.existing()) table.routes = open.routes;
    },
    'EC2.15 CKV_AWS_130 vpc_subnet_no_public_ip_by_default CKV2_AWS_35 vpc_subnet_separate_private_public',
  ],
  [
    'hosts without Session Manager',
    ({ iam }) => {
      for (const role of iam.roles.values()) role.policies.clear();
    },
    'SSM.1 ec2_instance_managed_by_ssm',
  ],
  [
    'a function that everybody may start',
    world => functionOf(world).permissions.set('x', { action: 'lambda:InvokeFunction', principal: '*' }),
    'Lambda.1 CKV_AWS_301 CKV_AWS_364 awslambda_function_not_publicly_accessible',
  ],
  [
    'an old function in one zone, with the secret in all of it',
    world => {
      const one = functionOf(world);
      Object.assign(one, {
        runtime: 'nodejs18.x',
        subnetIds: one.subnetIds.slice(0, 1),
        tags: {},
        environment: { DB_PASSWORD: secretPassword },
        zip: zipWithSecret,
        layers: ['arn:aws:lambda:eu-west-1:999999999999:layer:x:1'],
      });
      for (const layer of world.lambda.layers) layer.zip = zipWithSecret;
    },
    'Lambda.2 CKV_AWS_363 awslambda_function_using_supported_runtimes Lambda.5 awslambda_function_vpc_multi_az Lambda.6 CKV_AWS_45 awslambda_function_no_secrets_in_variables awslambda_function_no_secrets_in_code awslambda_layer_no_secrets_in_content awslambda_function_using_cross_account_layers',
  ],
  [
    'a function outside the VPC',
    world => {
      functionOf(world).subnetIds = [];
    },
    'Lambda.3 CKV_AWS_117 awslambda_function_inside_vpc',
  ],
  [
    'a topic of everybody, of nobody',
    ({ sns }) => {
      for (const topic of sns.topics.values())
        Object.assign(topic, {
          tags: {},
          policy: '{"Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sns:Publish"}]}',
        });
    },
    'SNS.3 SNS.4 CKV_AWS_169 sns_topics_not_publicly_accessible',
  ],
  [
    'an open bucket that keeps nothing safe',
    world =>
      Object.assign(bucketOf(world), {
        publicAccess: {},
        ownership: 'ObjectWriter',
        encryption: 'none',
        lifecycle: [],
        versioning: undefined,
        policy: '{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*"}]}',
      }),
    'S3.1 S3.2 S3.3 S3.5 S3.6 S3.8 S3.12 S3.13 S3.14 CKV_AWS_19 CKV_AWS_21 CKV_AWS_53 CKV_AWS_54 CKV_AWS_55 CKV_AWS_56 CKV_AWS_70 CKV_AWS_300 CKV_AWS_379 CKV2_AWS_6 CKV2_AWS_61 CKV2_AWS_65 s3_bucket_secure_transport_policy s3_bucket_level_public_access_block',
  ],
  [
    'a role that may do everything',
    world => addPolicy(world, '*'),
    'IAM.1 CKV_AWS_62 CKV_AWS_63 iam_inline_policy_no_administrative_privileges CKV_AWS_107 CKV_AWS_287 CKV_AWS_108 CKV_AWS_288 CKV_AWS_109 CKV_AWS_289 CKV_AWS_110 CKV_AWS_286',
  ],
  [
    'a role that may do all of a service, and decrypt',
    world => addPolicy(world, 'sns:*', 'kms:Decrypt'),
    'IAM.21 KMS.2',
  ],
  [
    'a role that anybody takes',
    ({ iam }) => {
      for (const role of iam.roles.values())
        role.trust = '{"Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}]}';
    },
    'CKV_AWS_60 CKV_AWS_61',
  ],
  [
    'a secret in the clear, and a log for ever',
    ({ ssm, logs }) => {
      for (const parameter of ssm.parameters.values()) parameter.type = 'String';
      for (const group of logs.groups.values()) delete group.retentionDays;
    },
    'CKV2_AWS_34 CKV_AWS_384 CKV_AWS_66',
  ],
];

/** A check that cannot fail shows nothing. */
describe('the checks see', () => {
  it.each(spoilings)('%s', (_what, spoil, seenBy) => {
    const { world } = aws.fork(new VirtualClock({ start: aws.world.now() }));
    spoil(world);
    const blind = seenBy.split(' ').filter(id => securityChecks[id]!(world).length === 0);
    expect(blind).toEqual([]);
  });

  test('each of them something', () => {
    expect(spoilings.flatMap(([, , seenBy]) => seenBy.split(' ')).sort()).toEqual([...ids].sort());
  });
});

describe('docs/guide/security.md', () => {
  /** The ids in the first column of the table below a heading. */
  const idsBelow = async (heading: string): Promise<string[]> => {
    const text = await readFile(new URL('../../docs/guide/security.md', import.meta.url), 'utf8');
    const section = text.split(/^## /m).find(part => part.startsWith(heading)) ?? '';
    return [...section.matchAll(/^\| ([^|]+) \|/gm)].flatMap(
      ([, cell = '']) => cell.match(/[A-Z][A-Za-z0-9]+\.\d+|CKV2?_AWS_\d+|[a-z0-9]+(_[a-z0-9]+)+/g) ?? [],
    );
  };

  test('names every check that is passed, and no other', async () => {
    expect((await idsBelow('Checks that are passed')).sort()).toEqual([...ids].sort());
  });

  test('names every check of the three once: passed, failed on purpose, or with nothing to look at', async () => {
    const named = [
      ...(await idsBelow('Checks that are passed')),
      ...(await idsBelow('Checks that are failed on purpose')),
      ...(await idsBelow('Checks that have nothing to look at')),
    ];
    expect([...new Set(named)].sort()).toEqual(named.sort());
    expect(named).toEqual(expect.arrayContaining(known));
  });
});

const numbered = (prefix: string, numbers: number[]) => numbers.map(number => `${prefix}${number}`);

/**
 * The checks that could concern a stack of this kind, as their makers list them: Security Hub's controls reference,
 * Checkov's policy index, Prowler's services.
 */
const known = [
  ...numbered('EC2.', [2, 3, 4, 6, 7, 8, 9, 10, 15, 16, 17, 18, 19, 57, 172, 180, 182]),
  ...numbered('Lambda.', [1, 2, 3, 5, 6, 7]),
  ...numbered('SNS.', [1, 3, 4]),
  ...numbered('SQS.', [1, 3]),
  ...numbered('S3.', [1, 2, 3, 5, 6, 7, 8, 9, 12, 13, 14]),
  ...numbered('IAM.', [1, 21]),
  ...numbered('KMS.', [1, 2]),
  ...numbered('SSM.', [1, 2, 3]),
  ...numbered(
    'CKV_AWS_',
    [8, 18, 19, 21, 23, 24, 25, 26, 27, 45, 46, 50, 53, 54, 55, 56, 60, 61, 62, 63, 66, 70, 72, 79, 88],
  ),
  ...numbered(
    'CKV_AWS_',
    [107, 108, 109, 110, 111, 115, 116, 117, 126, 130, 135, 145, 158, 168, 169, 173, 260, 272, 277],
  ),
  ...numbered('CKV_AWS_', [286, 287, 288, 289, 290, 300, 301, 319, 337, 338, 355, 363, 364, 379, 382, 384]),
  ...numbered('CKV2_AWS_', [5, 6, 11, 12, 19, 34, 35, 41, 61, 62, 65]),
  ...['inside_vpc', 'vpc_multi_az', 'no_dead_letter_queue', 'no_secrets_in_code', 'no_secrets_in_variables'].map(
    name => `awslambda_function_${name}`,
  ),
  ...[
    'not_publicly_accessible',
    'using_supported_runtimes',
    'env_vars_not_encrypted_with_cmk',
    'using_cross_account_layers',
  ].map(name => `awslambda_function_${name}`),
  'awslambda_layer_no_secrets_in_content',
  ...[
    'imdsv2_enabled',
    'public_ip',
    'profile_attached',
    'secrets_user_data',
    'managed_by_ssm',
    'detailed_monitoring_enabled',
  ].map(name => `ec2_instance_${name}`),
  ...['internet_facing_with_instance_profile', 'port_ssh_exposed_to_internet', 'port_mysql_exposed_to_internet'].map(
    name => `ec2_instance_${name}`,
  ),
  'ec2_ebs_volume_encryption',
  'ec2_ebs_default_encryption',
  'ec2_elastic_ip_unassigned',
  'ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_22',
  'ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_mysql_3306',
  'ec2_securitygroup_default_restrict_traffic',
  'ec2_securitygroup_not_used',
  'vpc_flow_logs_enabled',
  'vpc_subnet_no_public_ip_by_default',
  'vpc_subnet_separate_private_public',
  'sns_topics_kms_encryption_at_rest_enabled',
  'sns_topics_not_publicly_accessible',
  'sqs_queues_server_side_encryption_enabled',
  'iam_role_cross_service_confused_deputy_prevention',
  'iam_inline_policy_no_administrative_privileges',
  'cloudwatch_log_group_retention_policy_specific_days_enabled',
  'cloudwatch_log_group_kms_encryption_enabled',
  's3_bucket_secure_transport_policy',
  's3_bucket_level_public_access_block',
];
