import { describe, expect, it } from 'vitest';
import { inventory, isEnded } from '../../src/simulator/inventory.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { sampled } from '../helpers/sampled.ts';
import { everything, pipelineOn, silent, simulatedAws, smallArtifacts } from '../helpers/simulated-stack.ts';

const living = ({ world }: Simulator) => inventory(world).filter(row => !isEnded(row));
const mutations = (aws: Simulator) => aws.calls.filter(({ mutating }) => mutating).length;
const trust = (service: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
  });

type Tags = { Key: string; Value: string }[];
const other: Tags = [
  { Key: 'salesreport:stack', Value: 'salesreport' },
  { Key: 'salesreport:region', Value: 'us-east-1' },
];
const record = (tags: Tags) => Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));

/** What somebody made by hand with our names, as in a walk-through, with these tags. */
const strangers: [id: string, title: string, make: (aws: Simulator, tags: Tags) => Promise<unknown>][] = [
  [
    'role.function',
    'Role salesAnalysisReportRole',
    (aws, Tags) =>
      aws.answer('iam', 'CreateRole', {
        RoleName: 'salesAnalysisReportRole',
        AssumeRolePolicyDocument: trust('ec2.amazonaws.com'),
        Tags,
      }),
  ],
  [
    'profile.cli-host',
    'Instance profile salesAnalysisReportCliHostRole',
    (aws, Tags) =>
      aws.answer('iam', 'CreateInstanceProfile', { InstanceProfileName: 'salesAnalysisReportCliHostRole', Tags }),
  ],
  [
    'topic',
    'Topic salesAnalysisReportTopic',
    (aws, Tags) => aws.answer('sns', 'CreateTopic', { Name: 'salesAnalysisReportTopic', Tags }),
  ],
  [
    'log-group',
    'Log group /aws/lambda/salesAnalysisReportDataExtractor',
    (aws, tags) =>
      aws.answer('logs', 'CreateLogGroup', {
        logGroupName: '/aws/lambda/salesAnalysisReportDataExtractor',
        tags: record(tags),
      }),
  ],
  [
    'parameter.password',
    'Database password',
    (aws, Tags) =>
      aws.answer('ssm', 'PutParameter', {
        Name: '/salesreport/salesreport/database/password',
        Type: 'SecureString',
        Value: 'mine',
        Tags,
      }),
  ],
  [
    'archive',
    'Archive salesreport-salesreport-123456789012-eu-west-1',
    (aws, Tags) =>
      aws.answer('s3', 'CreateBucket', {
        Bucket: 'salesreport-salesreport-123456789012-eu-west-1',
        CreateBucketConfiguration: { LocationConstraint: 'eu-west-1', Tags },
      }),
  ],
  [
    'schedule.rule',
    'Schedule salesAnalysisReportSchedule',
    (aws, Tags) =>
      aws.answer('events', 'PutRule', {
        Name: 'salesAnalysisReportSchedule',
        ScheduleExpression: 'rate(1 day)',
        Tags,
      }),
  ],
  [
    'function',
    'Function salesAnalysisReportDataExtractor',
    async (aws, tags) => {
      await aws.answer('iam', 'CreateRole', {
        RoleName: 'mine',
        AssumeRolePolicyDocument: trust('lambda.amazonaws.com'),
      });
      await aws.world.clock.sleep(60_000);
      await aws.answer('lambda', 'CreateFunction', {
        FunctionName: 'salesAnalysisReportDataExtractor',
        Runtime: 'nodejs22.x',
        Handler: 'mine.handler',
        Role: 'arn:aws:iam::123456789012:role/mine',
        Code: { ZipFile: smallArtifacts.functionZip },
        Tags: record(tags),
      });
      await aws.world.clock.sleep(60_000);
    },
  ],
];

describe('what has our name', () => {
  it.each(sampled(strangers, 3))(
    'T16: %s of somebody else stops provision before any change, also with --adopt',
    async (_id, title, make) => {
      const aws = simulatedAws();
      await make(aws, other);
      const pipeline = await pipelineOn(aws);
      const before = mutations(aws);
      for (const consent of [{}, { adopt: true }]) {
        const refusal = await pipeline.plan(consent).catch(error => error);
        expect(refusal).toMatchObject({ code: 'name-taken' });
        expect(refusal.message).toContain(title);
        expect(refusal.message).toContain('it belongs to stack salesreport in us-east-1');
        expect(refusal.message).not.toContain('--adopt');
        await expect(pipeline.provision(silent, { consent })).rejects.toMatchObject({ code: 'name-taken' });
      }
      expect(mutations(aws)).toBe(before);
    },
  );

  it.each(sampled(strangers, 3))(
    'T16: %s of nobody is offered for adoption, taken over, mended, and taken down',
    async (id, title, make) => {
      const aws = simulatedAws();
      await make(aws, []);
      const pipeline = await pipelineOn(aws);
      const before = mutations(aws);
      const refusal = await pipeline.plan().catch(error => error);
      expect(refusal.message).toContain(`${title} `);
      expect(refusal.message).toContain('it has no owner tags): take it over with --adopt');
      expect(mutations(aws)).toBe(before);

      const consent = { adopt: true };
      const plan = await pipeline.plan(consent);
      expect(plan.changes.filter(({ action }) => action === 'adopt').map(one => one.id)).toEqual([id]);
      const { outcomes } = await pipeline.provision(silent, { shown: plan, consent });
      expect(outcomes.flatMap(({ why }) => why ?? [])).toEqual([]);
      expect(outcomes.filter(({ outcome }) => outcome === 'adopted').map(one => one.id)).toEqual([id]);
      expect((await pipeline.plan()).changes).toEqual([]);
      const { left } = await pipeline.teardown(silent, everything);
      expect(left).toEqual([]);
      expect(living(aws).filter(({ name, id: own }) => ![name, own].includes('mine'))).toEqual([]);
    },
  );

  it('T16: a group and a subnet that somebody made in our VPC are taken over too', async () => {
    const aws = simulatedAws();
    aws.fault = ({ operation }) =>
      operation === 'CreateSubnet' || operation === 'CreateSecurityGroup' ? 'denied' : undefined;
    await (await pipelineOn(aws)).provision(silent);
    aws.fault = () => undefined;
    const [vpc] = aws.world.ec2.vpcs.existing();
    await aws.answer('ec2', 'CreateSecurityGroup', { VpcId: vpc!.id, GroupName: 'Web', Description: 'mine' });
    await aws.answer('ec2', 'CreateSubnet', { VpcId: vpc!.id, CidrBlock: '10.0.0.0/20' });
    const pipeline = await pipelineOn(aws);
    await expect(pipeline.plan()).rejects.toMatchObject({ code: 'name-taken' });
    const plan = await pipeline.plan({ adopt: true });
    expect(plan.changes.filter(({ action }) => action === 'adopt').length).toBe(2);
    const { outcomes } = await pipeline.provision(silent, { shown: plan, consent: { adopt: true } });
    expect(outcomes.flatMap(({ why }) => why ?? [])).toEqual([]);
    expect((await pipeline.teardown(silent, everything)).left).toEqual([]);
    expect(living(aws)).toEqual([]);
  });

  it('a layer carries no tags: it is said that it cannot be adopted', async () => {
    const aws = simulatedAws();
    await aws.answer('lambda', 'PublishLayerVersion', {
      LayerName: 'mysql2Library',
      Content: { ZipFile: smallArtifacts.layerZip },
    });
    await expect((await pipelineOn(aws)).plan({ adopt: true })).rejects.toMatchObject({ code: 'name-taken' });
  });

  it('a run that dies after the adoption is finished by the next one, without --adopt', async () => {
    const aws = simulatedAws();
    await strangers[0]![2](aws, []);
    let tagged = false;
    aws.fault = ({ operation, mutating }) => {
      if (operation === 'TagRole') tagged = true;
      return mutating && tagged && operation !== 'TagRole' ? 'credentials expired' : undefined;
    };
    await (await pipelineOn(aws)).provision(silent, { consent: { adopt: true } }).catch(() => undefined);
    aws.fault = () => undefined;
    aws.restart();
    await aws.world.clock.sleep(120_000);
    const pipeline = await pipelineOn(aws);
    const { outcomes } = await pipeline.provision(silent);
    expect(outcomes.flatMap(({ why }) => why ?? [])).toEqual([]);
    expect((await pipeline.plan()).changes).toEqual([]);
  });
});
