import { describe, expect, it } from 'vitest';
import { Problem } from '../../../src/problem.ts';
import { policyFor } from '../../../src/provision/policy/policy-for.ts';
import type { Policy } from '../../../src/provision/policy/policy-of.ts';
import type { Simulator } from '../../../src/simulator/simulator.ts';
import { formerFilters, makeFormer } from '../../helpers/former-readers.ts';
import { sampled } from '../../helpers/sampled.ts';
import { pipelineOn, settingsWith, silent, simulatedAws, smallArtifacts } from '../../helpers/simulated-stack.ts';

const zoned = { timezone: 'Europe/Berlin' };

const printed = ({ world }: Simulator, settings: object = zoned): Policy =>
  policyFor({
    verb: 'provision',
    settings: settingsWith(settings),
    account: world.account,
    region: world.region,
    artifacts: smallArtifacts,
  });

const without = ({ Version, Statement }: Policy, index: number): Policy => ({
  Version,
  Statement: Statement.filter((_, at) => at !== index),
});

const actionsOf = ({ Statement }: Policy, index: number): string[] => [Statement[index]!.Action].flat();

/** Provisions with these policies; gives what stopped it, and how many changes it had made. */
async function provisionWith(
  aws: Simulator,
  policies: Policy[] | undefined,
  settings: object = zoned,
  replace: string[] = [],
) {
  aws.world.operator.policies = policies;
  const before = aws.calls.filter(({ mutating }) => mutating).length;
  const consent = { replace };
  const work = async () => {
    const pipeline = await pipelineOn(aws, { settings });
    return pipeline.provision(silent, { shown: await pipeline.plan(consent), consent });
  };
  const result = await work().catch((error: unknown) => error as Problem);
  const after = aws.calls.filter(({ mutating }) => mutating).length;
  return { result, changes: after - before };
}

const messageOf = (result: unknown) => (result instanceof Problem ? result.message : 'it went through');

describe('with any one statement removed', () => {
  const whole = printed(simulatedAws());
  const asking = whole.Statement.findIndex(({ Action }) => Action === 'iam:SimulatePrincipalPolicy');
  const forReplacing = whole.Statement.findIndex(({ Action }) => Action === 'ec2:DeleteNetworkInterface');
  // What AWS itself made and somebody changed by hand is mended only.
  const forMending = whole.Statement.flatMap(({ Action }, index) =>
    [Action].flat().some(action => ['ec2:CreateNetworkAclEntry', 'ec2:ReplaceRouteTableAssociation'].includes(action))
      ? [index]
      : [],
  );
  // Only readers of a former version are subscribed by it.
  const forReaders = whole.Statement.findIndex(({ Action }) => [Action].flat().includes('sns:Subscribe'));
  const others = whole.Statement.map((_, index) => index).filter(
    index => ![asking, forReplacing, forReaders, ...forMending].includes(index),
  );

  it.each(
    sampled(
      others.map(index => [actionsOf(whole, index)[0]!, index] as const),
      4,
    ),
  )('a first provision stops before its first change and names what is missing: %s …', async (_action, index) => {
    const { result, changes } = await provisionWith(simulatedAws(), [without(whole, index)]);
    expect({ changes, names: actionsOf(whole, index).some(action => messageOf(result).includes(action)) }).toEqual({
      changes: 0,
      names: true,
    });
  });

  it('a replacement stops before its first change and names what is missing: what Lambda may leave', async () => {
    const aws = simulatedAws();
    await provisionWith(aws, undefined);
    const { result, changes } = await provisionWith(aws, [without(whole, forReplacing)], zoned, ['subnet.private-a']);
    expect({ changes, message: messageOf(result) }).toEqual({
      changes: 0,
      message: expect.stringContaining('ec2:DeleteNetworkInterface'),
    });
  });

  it('a move of readers stops before its first change and names what is missing: sns:Subscribe', async () => {
    const aws = simulatedAws();
    await provisionWith(aws, undefined);
    await (await pipelineOn(aws, { settings: zoned })).subscribe('email', ['ops@example.com']);
    aws.world.sns.confirm('ops@example.com');
    makeFormer(aws, () => formerFilters.notices);
    const { result, changes } = await provisionWith(aws, [without(whole, forReaders)]);
    expect({ changes, message: messageOf(result) }).toEqual({
      changes: 0,
      message: expect.stringContaining('sns:Subscribe'),
    });
  });

  it.each(
    sampled(
      forMending.map(index => [actionsOf(whole, index)[0]!, index] as const),
      4,
    ),
  )('a repair stops before its first change and names what is missing: %s …', async (_action, index) => {
    const aws = simulatedAws();
    await provisionWith(aws, undefined);
    const { networkAcls, routeTables } = aws.world.ec2;
    networkAcls.existing()[0]!.entries = [];
    const main = routeTables.existing().find(one => one.main)!;
    const ours = routeTables.existing().find(({ routes }) => routes.some(({ target }) => target.startsWith('igw-')))!;
    const AssociationId = main.associations[0]!.id;
    await aws.answer('ec2', 'ReplaceRouteTableAssociation', { AssociationId, RouteTableId: ours.id });
    const { result, changes } = await provisionWith(aws, [without(whole, index)]);
    expect({ changes, names: actionsOf(whole, index).some(action => messageOf(result).includes(action)) }).toEqual({
      changes: 0,
      names: true,
    });
  });

  it('without the one for the asking it is done, and says that it was not asked', async () => {
    const { result } = await provisionWith(simulatedAws(), [without(whole, asking)]);
    expect(result).toMatchObject({
      unchecked: ['Whether you may do all of it was not asked: you may not iam:SimulatePrincipalPolicy.'],
    });
  });
});

describe('the words', () => {
  it('name each missing action once, and say what to attach', async () => {
    const aws = simulatedAws();
    const read: Policy = {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: [
            'ec2:Describe*',
            'iam:Get*',
            'iam:List*',
            'iam:Simulate*',
            'lambda:Get*',
            'lambda:List*',
            's3:*',
            'sns:*',
            'ssm:*',
            'logs:*',
            'events:*',
            'scheduler:*',
            'servicequotas:*',
          ],
          Resource: '*',
        },
      ],
    };
    const { result, changes } = await provisionWith(aws, [read]);
    expect(changes).toBe(0);
    expect(result).toMatchObject({ code: 'not-permitted', exit: 'failed' });
    expect(messageOf(result)).toMatch(
      /^You may not (ec2:\w+, ){7}ec2:\w+ and \d+ more: attach what salesreport policy provision prints to your user or role\. Then run the same command again; --skip-permission-check runs it without this check\. Nothing was changed\.$/,
    );
  });
});

describe('whose policies are asked', () => {
  const session = 'arn:aws:sts::123456789012:assumed-role/deployer/ann';

  it('those of the role of a session', async () => {
    const aws = simulatedAws({ operator: { arn: session } });
    const whole = printed(aws);
    const passing = whole.Statement.findIndex(({ Action }) => Action === 'iam:PassRole');
    expect((await provisionWith(aws, [without(whole, passing)])).result).toMatchObject({ code: 'not-permitted' });
    expect((await provisionWith(aws, [whole])).result).not.toHaveProperty('unchecked');
  });

  it("nobody's for the root user, who has none", async () => {
    const { result } = await provisionWith(
      simulatedAws({ operator: { arn: 'arn:aws:iam::123456789012:root' } }),
      undefined,
    );
    expect(result).toMatchObject({
      unchecked: [
        'Whether you may do all of it was not asked: IAM knows no policies of arn:aws:iam::123456789012:root.',
      ],
    });
  });
});

describe('a permission that is missing although everything could be asked', () => {
  it('stops what is not begun yet, and names the action', async () => {
    const aws = simulatedAws();
    let refusedAt = 0;
    const pipeline = await pipelineOn(aws);
    const plan = await pipeline.plan();
    // The dry run is allowed.
    aws.fault = ({ operation, mutating, at }) => {
      if (operation !== 'CreateInternetGateway' || !mutating) return undefined;
      refusedAt = at;
      return 'denied';
    };
    const { outcomes } = await pipeline.provision(silent, { shown: plan });
    const of = (id: string) => outcomes.find(one => one.id === id);
    expect(of('internet-gateway')).toMatchObject({
      outcome: 'failed',
      why: expect.stringContaining('ec2:CreateInternetGateway'),
    });
    expect(of('function')).toMatchObject({ outcome: 'skipped' });
    expect(of('vpc')).toMatchObject({ outcome: 'created' });
    const begun = aws.calls.filter(({ operation, at }) => at > refusedAt && /^(Create|Run|Allocate)/.test(operation));
    expect(begun.map(({ operation }) => operation)).toEqual([]);
  });
});
