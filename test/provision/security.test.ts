import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it, test } from 'vitest';
import type { Rule } from '../../src/simulator/ec2/records.ts';
import { listed, parsePolicy, type Statement } from '../../src/simulator/iam/policy.ts';
import type { World } from '../../src/simulator/world.ts';
import { formsOf } from '../helpers/leaks.ts';
import { pipelineOn, secretPassword, silent, simulatedAws } from '../helpers/simulated-stack.ts';

const aws = simulatedAws();
const { world } = aws;

beforeAll(async () => {
  const pipeline = await pipelineOn(aws);
  await pipeline.provision(silent);
  await pipeline.subscribe('email', ['ann@example.com']);
});

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

/** Ports of Security Hub's EC2.19. */
const riskyPorts = [
  20, 21, 22, 23, 25, 110, 135, 143, 445, 1433, 1434, 3000, 3306, 3389, 4333, 5000, 5432, 5500, 5601, 8080, 8088, 8888, 9200,
  9300,
];

const inlinePolicies = ({ iam }: World): { role: string; statement: Statement }[] =>
  [...iam.roles.values()].flatMap(({ name, policies }) =>
    [...policies.values()].flatMap(({ document }) =>
      parsePolicy(document, 'identity').map(statement => ({ role: name, statement })),
    ),
  );

const allows =
  (patterns: RegExp): Check =>
  world =>
    inlinePolicies(world)
      .filter(({ statement }) => statement.Effect === 'Allow' && listed(statement.Action).some(action => patterns.test(action)))
      .map(({ role, statement }) => `${role}: ${listed(statement.Action)}`);

const bucketCheck =
  (breaks: (bucket: World['s3']['buckets'] extends Map<string, infer B> ? B : never) => boolean): Check =>
  ({ s3 }) =>
    named(s3.buckets.values(), breaks, nameOf);

const holdsSecret = (text: string): boolean => formsOf(secretPassword).some(form => text.includes(form));

/** The checks that what is made passes, by their ids: Security Hub's (AWS Foundational Security Best Practices) and Checkov's. */
const checks: Record<string, Check> = {
  'EC2.2': ({ ec2 }) =>
    named(
      ec2.groups.existing().filter(({ name }) => name === 'default'),
      ({ rules }) => rules.length > 0,
      idOf,
    ),
  'EC2.3': ({ ec2 }) => named(ec2.volumes.existing(), ({ encrypted }) => !encrypted, idOf),
  'EC2.8': ({ ec2 }) => named(ec2.instances.existing(), ({ metadata }) => metadata.HttpTokens !== 'required', idOf),
  'EC2.15': ({ ec2 }) => named(ec2.subnets.existing(), ({ mapsPublicIp }) => mapsPublicIp, idOf),
  'EC2.17': ({ ec2 }) =>
    named(
      ec2.instances.existing(),
      ({ id }) => ec2.interfaces.existing().filter(({ attachment }) => attachment?.instanceId === id).length !== 1,
      idOf,
    ),
  'EC2.18': world =>
    named(
      openRules(world),
      rule => !([80, 443].includes(rule.from ?? 0) && rule.from === rule.to && rule.protocol === 'tcp'),
      idOf,
    ),
  'EC2.19': world => named(openRules(world), rule => riskyPorts.some(port => lets(rule, port)), idOf),
  'EC2.180': ({ ec2 }) => named(ec2.interfaces.existing(), ({ ignoresDestination }) => ignoresDestination === true, idOf),
  'Lambda.1': ({ lambda }) =>
    [...lambda.functions.values()].flatMap(({ permissions }) =>
      named(
        permissions.values(),
        ({ principal, sourceArn }) => principal === '*' || (/\.amazonaws\.com$/.test(principal) && !sourceArn),
        ({ principal }) => principal,
      ),
    ),
  'Lambda.2': ({ lambda }) =>
    named(lambda.functions.values(), ({ runtime }) => !['nodejs22.x', 'nodejs24.x'].includes(runtime), nameOf),
  'Lambda.5': ({ lambda, ec2 }) =>
    named(lambda.functions.values(), ({ subnetIds }) => new Set(subnetIds.map(id => ec2.subnets.get(id).zone)).size < 2, nameOf),
  'SNS.4': ({ sns }) =>
    named(
      sns.topics.values(),
      ({ policy }) => /"Principal":("\*"|\{"AWS":"\*"\})/.test(policy ?? '') && !/AWS:Source(Owner|Account)/i.test(policy ?? ''),
      nameOf,
    ),
  'S3.1': bucketCheck(({ publicAccess }) => Object.values(publicAccess).filter(Boolean).length < 4),
  'S3.2': bucketCheck(
    ({ publicAccess, policy }) => !publicAccess.BlockPublicPolicy || JSON.stringify(policy).includes('\\"Allow\\"'),
  ),
  'S3.3': bucketCheck(
    ({ publicAccess, policy }) => !publicAccess.RestrictPublicBuckets || JSON.stringify(policy).includes('\\"Allow\\"'),
  ),
  'S3.5': bucketCheck(({ policy = '{"Statement":[]}' }) => {
    const { Statement: statements } = JSON.parse(policy) as { Statement: Statement[] };
    return !statements.some(
      ({ Effect, Principal, Action, Condition }) =>
        Effect === 'Deny' && Principal === '*' && Action === 's3:*' && Condition?.Bool?.['aws:SecureTransport'] === 'false',
    );
  }),
  'S3.8': bucketCheck(({ publicAccess }) => !publicAccess.BlockPublicAcls || !publicAccess.IgnorePublicAcls),
  'S3.12': bucketCheck(({ ownership }) => ownership !== 'BucketOwnerEnforced'),
  'S3.13': bucketCheck(({ lifecycle }) => !lifecycle.some(({ Status }) => Status === 'Enabled')),
  'S3.14': bucketCheck(({ versioning }) => versioning !== 'Enabled'),
  'IAM.1': allows(/^\*$/),
  'IAM.21': allows(/^[\w-]+:\*$/),
  'KMS.2': allows(/^kms:(\*|Decrypt|ReEncryptFrom)$/),
  CKV_AWS_8: ({ ec2 }) => named(ec2.volumes.existing(), ({ encrypted }) => !encrypted, idOf),
  CKV_AWS_19: bucketCheck(({ encryption }) => !['AES256', 'aws:kms'].includes(encryption)),
  CKV_AWS_23: ({ ec2 }) => [
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
  CKV_AWS_24: world => named(openRules(world), rule => lets(rule, 22), idOf),
  CKV_AWS_25: world => named(openRules(world), rule => lets(rule, 3389), idOf),
  CKV_AWS_45: ({ lambda }) =>
    named(lambda.functions.values(), ({ environment }) => holdsSecret(JSON.stringify(environment)), nameOf),
  CKV_AWS_46: ({ ec2 }) =>
    named(ec2.instances.existing(), ({ userData = '' }) => holdsSecret(Buffer.from(userData, 'base64').toString()), idOf),
  CKV_AWS_66: ({ logs }) => named(logs.groups.values(), ({ retentionDays }) => retentionDays === undefined, nameOf),
  CKV_AWS_79: ({ ec2 }) => named(ec2.instances.existing(), ({ metadata }) => metadata.HttpTokens !== 'required', idOf),
  CKV_AWS_117: ({ lambda }) => named(lambda.functions.values(), ({ subnetIds }) => subnetIds.length === 0, nameOf),
  CKV_AWS_130: ({ ec2 }) => named(ec2.subnets.existing(), ({ mapsPublicIp }) => mapsPublicIp, idOf),
  CKV_AWS_277: world => named(openRules(world), ({ protocol }) => protocol === '-1', idOf),
  CKV_AWS_301: ({ lambda }) =>
    [...lambda.functions.values()].flatMap(({ permissions }) =>
      named(
        permissions.values(),
        ({ principal }) => principal === '*',
        ({ principal }) => principal,
      ),
    ),
  CKV_AWS_363: ({ lambda }) =>
    named(lambda.functions.values(), ({ runtime }) => !['nodejs22.x', 'nodejs24.x'].includes(runtime), nameOf),
  CKV_AWS_364: ({ lambda }) =>
    [...lambda.functions.values()].flatMap(({ permissions }) =>
      named(
        permissions.values(),
        ({ sourceArn }) => !sourceArn,
        ({ principal }) => principal,
      ),
    ),
  CKV2_AWS_5: ({ ec2 }) =>
    named(
      ec2.groups.existing().filter(({ name }) => name !== 'default'),
      ({ id }) => !ec2.interfaces.existing().some(({ groupIds }) => groupIds.includes(id)),
      nameOf,
    ),
  CKV2_AWS_12: ({ ec2 }) =>
    named(
      ec2.groups.existing().filter(({ name }) => name === 'default'),
      ({ rules }) => rules.length > 0,
      idOf,
    ),
  CKV2_AWS_34: ({ ssm }) =>
    named(
      [...ssm.parameters.values()].filter(({ value }) => holdsSecret(value)),
      ({ type }) => type !== 'SecureString',
      nameOf,
    ),
  CKV2_AWS_41: ({ ec2 }) => named(ec2.instances.existing(), ({ profileArn }) => profileArn === undefined, idOf),
};

describe('what is made passes', () => {
  it.each(Object.keys(checks))('%s', id => {
    expect(checks[id]!(world)).toEqual([]);
  });
});

/** A check that cannot fail shows nothing: each of them sees one thing at least, and the worst that can be done to it. */
describe('the checks see', () => {
  const spoilt = () => {
    const copy = aws.fork(world.clock);
    return copy.world;
  };

  it('open ports', () => {
    const bad = spoilt();
    const group = bad.ec2.groups.existing().find(({ name }) => name === 'Database')!;
    group.rules.find(({ egress }) => !egress)!.peer = { cidr: '0.0.0.0/0' };
    expect(checks['EC2.18']!(bad)).toHaveLength(1);
    expect(checks['EC2.19']!(bad)).toHaveLength(1);
  });

  it('hosts', () => {
    const bad = spoilt();
    for (const host of bad.ec2.instances.existing()) {
      host.metadata = { ...host.metadata, HttpTokens: 'optional' };
      host.userData = Buffer.from(`password=${secretPassword}`).toString('base64');
      delete host.profileArn;
    }
    for (const volume of bad.ec2.volumes.existing()) volume.encrypted = false;
    for (const id of ['EC2.3', 'EC2.8', 'CKV_AWS_46', 'CKV2_AWS_41']) expect(checks[id]!(bad)).toHaveLength(2);
  });

  it('the function, its roles and the bucket', () => {
    const bad = spoilt();
    const [one] = bad.lambda.functions.values();
    one!.permissions.set('x', { action: 'lambda:InvokeFunction', principal: '*' });
    one!.environment.DB_PASSWORD = secretPassword;
    one!.subnetIds = one!.subnetIds.slice(0, 1);
    for (const id of ['Lambda.1', 'Lambda.5', 'CKV_AWS_45', 'CKV_AWS_301', 'CKV_AWS_364'])
      expect(checks[id]!(bad)).toHaveLength(1);
    const wide = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: ['sns:*', 'kms:Decrypt', '*'], Resource: '*' }],
    };
    bad.iam.role('salesAnalysisReportRole')!.policies.set('wide', { document: JSON.stringify(wide), since: 0 });
    for (const id of ['IAM.1', 'IAM.21', 'KMS.2']) expect(checks[id]!(bad)).toHaveLength(1);
    const [bucket] = bad.s3.buckets.values();
    bucket!.publicAccess = {};
    bucket!.ownership = 'ObjectWriter';
    delete bucket!.policy;
    bucket!.lifecycle = [];
    for (const id of ['S3.1', 'S3.2', 'S3.3', 'S3.5', 'S3.8', 'S3.12', 'S3.13']) expect(checks[id]!(bad)).toHaveLength(1);
  });
});

describe('docs/security.md', () => {
  /** The ids in the first column of the table below a heading. */
  const idsBelow = async (heading: string): Promise<string[]> => {
    const text = await readFile(new URL('../../docs/security.md', import.meta.url), 'utf8');
    const section = text.split(/^## /m).find(part => part.startsWith(heading)) ?? '';
    return [...section.matchAll(/^\| ([^|]+) \|/gm)].flatMap(
      ([, cell = '']) => cell.match(/[A-Za-z0-9]+\.\d+|CKV2?_AWS_\d+/g) ?? [],
    );
  };

  test('names every check that is passed, and no other', async () => {
    expect((await idsBelow('Checks that are passed')).sort()).toEqual(Object.keys(checks).sort());
  });

  test('a check is passed or failed on purpose, not both', async () => {
    const failed = await idsBelow('Checks that are failed on purpose');
    expect(failed).toEqual(expect.arrayContaining(['EC2.6', 'EC2.9', 'S3.9']));
    expect(failed.filter(id => id in checks)).toEqual([]);
  });
});
