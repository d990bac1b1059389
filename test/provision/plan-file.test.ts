import { strToU8, unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import type { Pipeline } from '../../src/provision/pipeline.ts';
import { type PlanDocument, parsePlan, planDocument, verifyNotMoved } from '../../src/provision/plan/plan-file.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { leaksIn } from '../helpers/leaks.ts';
import {
  pipelineOn,
  type StackOptions,
  secretPassword,
  silent,
  simulatedAws,
  smallArtifacts,
} from '../helpers/simulated-stack.ts';

/** As it comes back from its file. */
const written = async (pipeline: Pipeline): Promise<PlanDocument> =>
  parsePlan(JSON.stringify(planDocument(await pipeline.plan(), pipeline)), 'plan.json');

const mutations = ({ calls }: Simulator) => calls.filter(({ mutating }) => mutating).length;

const webGroup = ({ world }: Simulator) => world.ec2.groups.existing().find(({ name }) => name === 'Web')!;

const openPort = (aws: Simulator) =>
  aws.answer('ec2', 'AuthorizeSecurityGroupIngress', {
    GroupId: webGroup(aws).id,
    IpPermissions: [{ IpProtocol: 'tcp', FromPort: 8080, ToPort: 8080, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
  });

describe('a written plan', () => {
  it('is built exactly', async () => {
    const aws = simulatedAws();
    const plan = await written(await pipelineOn(aws));
    const pipeline = await pipelineOn(aws);
    const shown = await pipeline.plan();
    const { outcomes } = await pipeline.provision(silent, { shown, exactly: plan });
    expect(outcomes.map(({ id, outcome }) => [id, outcome])).toEqual(plan.changes.map(({ id }) => [id, 'created']));
  });

  it('holds no secret', async () => {
    const aws = simulatedAws();
    const settings = { database: { secret: 'env' } };
    await (await pipelineOn(aws, { settings })).provision(silent);
    const changed = 'An0ther-secret-0f-the-shop';
    const Name = [...aws.world.ssm.parameters.keys()].find(name => name.endsWith('password'))!;
    await aws.answer('ssm', 'PutParameter', { Name, Type: 'SecureString', Value: changed, Overwrite: true });
    const plan = await written(await pipelineOn(aws, { settings }));
    expect(plan.changes.map(({ id }) => id)).toEqual(['function']);
    for (const secret of [secretPassword, changed]) expect(leaksIn(plan, secret)).toEqual([]);
  });

  it('is built with the consent that it was made with', async () => {
    const aws = simulatedAws();
    const pipeline = await pipelineOn(aws);
    await pipeline.provision(silent);
    const consent = { replace: ['host.cli'] };
    const plan = parsePlan(JSON.stringify(planDocument(await pipeline.plan(consent), pipeline)), 'plan.json');
    expect(plan.basis.consent).toEqual(consent);
    const request = { shown: await pipeline.plan(consent), exactly: plan, consent: plan.basis.consent };
    const { outcomes } = await pipeline.provision(silent, request);
    expect(outcomes.find(({ id }) => id === 'host.cli')?.outcome).toBe('replaced');
  });

  it('with any part of another kind is no plan, and ends in one sentence', async () => {
    const pipeline = await pipelineOn(simulatedAws());
    const now = planDocument(await pipeline.plan(), pipeline);
    const whole = JSON.parse(JSON.stringify(now));
    const wrong = [null, 5, 'x', [], {}, [null], { length: 3 }, true];
    const used = ['stack', 'account', 'region', 'changes', 'basis'];
    const tries = [
      ...used.flatMap(key => wrong.map(value => ({ ...whole, [key]: value }))),
      ...['tool', 'settings', 'code', 'unchanged', 'consent'].flatMap(key =>
        wrong.map(value => ({ ...whole, basis: { ...whole.basis, [key]: value } })),
      ),
      ...Object.keys(whole.changes[0]).flatMap(key =>
        wrong.map(value => ({ ...whole, changes: [{ ...whole.changes[0], [key]: value }, ...whole.changes.slice(1)] })),
      ),
      { ...whole, basis: { ...whole.basis, settings: JSON.parse('{"__proto__":{"a":1},"constructor":null}') } },
    ].map(one => JSON.stringify(one));
    const deep = JSON.stringify(whole).replace(
      '"settings":{',
      `"settings":{"deep":${'['.repeat(50_000)}${']'.repeat(50_000)},`,
    );
    for (const text of [...tries, deep])
      try {
        verifyNotMoved(parsePlan(text, 'x.json'), now);
      } catch (error) {
        expect(error, text.slice(0, 200)).toMatchObject({
          name: 'Problem',
          code: expect.stringMatching(/^(plan-file|moved)$/),
        });
      }
  });

  it('is refused by what is no plan', () => {
    for (const text of ['', '[]', '{"version":1,"ok":true,"changes":[]}'])
      expect(() => parsePlan(text, 'x.json')).toThrow(
        'x.json is no plan: name a file that salesreport provision --dry-run --out FILE wrote.',
      );
  });
});

describe('a written plan is refused, and says what has moved,', () => {
  const newer = {
    ...smallArtifacts,
    functionZip: zipSync({ ...unzipSync(smallArtifacts.functionZip), 'a.txt': strToU8('') }),
  };

  it.each<[string, string, StackOptions, (aws: Simulator) => unknown]>([
    [
      'by another setting',
      'the setting function.memory was 256 and is 512',
      { settings: { function: { memory: 512 } } },
      () => {},
    ],
    [
      'by a setting that is new',
      'the setting currency was not set and is "EUR"',
      { settings: { currency: 'EUR' } },
      () => {},
    ],
    [
      'by another stack',
      'it is for stack salesreport, and this is stack other',
      { settings: { stack: 'other' } },
      () => {},
    ],
    ['by other code', 'the code of the function or its layer is another', { artifacts: newer }, () => {}],
    [
      'by an edit by hand',
      'Security group Web: it says "stays as it is (ID)", and now it would be "update ID (8080 is open to 0.0.0.0/0 on Web)"',
      {},
      openPort,
    ],
    [
      'by a thing that has gone',
      'Watch salesAnalysisReportWatch: it says "stays as it is (salesAnalysisReportWatch)", and now it would be "create"',
      {},
      async aws => {
        const Rule = 'salesAnalysisReportWatch';
        const { Targets } = (await aws.answer('events', 'ListTargetsByRule', { Rule })) as {
          Targets: { Id: string }[];
        };
        await aws.answer('events', 'RemoveTargets', { Rule, Ids: Targets.map(({ Id }) => Id) });
        await aws.answer('events', 'DeleteRule', { Name: Rule });
      },
    ],
  ])('%s', async (_name, what, then, edit) => {
    const aws = simulatedAws();
    const first = await pipelineOn(aws);
    await first.provision(silent);
    await aws.answer('logs', 'PutRetentionPolicy', {
      logGroupName: '/aws/lambda/salesAnalysisReportDataExtractor',
      retentionInDays: 1,
    });
    const plan = await written(first);
    await edit(aws);
    const before = mutations(aws);
    const later = await pipelineOn(aws, then);
    const message = `The plan does not hold any more: ${what.replaceAll('ID', webGroup(aws).id)}. Nothing was changed; write a new one with salesreport provision --dry-run --out FILE.`;
    const now = planDocument(await later.plan(), later);
    expect(() => verifyNotMoved(plan, now)).toThrow(expect.objectContaining({ code: 'moved', message }));
    expect(mutations(aws)).toBe(before);
  });

  it.each<[string, string, Partial<PlanDocument>]>([
    [
      'by another account',
      'it is for account 123456789012, and this is account 210987654321',
      { account: '210987654321' },
    ],
    ['by another region', 'it is for region eu-west-1, and this is region us-east-1', { region: 'us-east-1' }],
  ])('%s', async (_name, what, other) => {
    const plan = await written(await pipelineOn(simulatedAws()));
    expect(() => verifyNotMoved(plan, { ...plan, ...other })).toThrow(what);
  });

  it('by another version', async () => {
    const plan = await written(await pipelineOn(simulatedAws()));
    const older = { ...plan, basis: { ...plan.basis, tool: '0.0.1' } };
    expect(() => verifyNotMoved(older, plan)).toThrow('salesreport 0.0.1 made it, and this is');
  });

  it('by what somebody did after it was shown again: looked at under the lock', async () => {
    const aws = simulatedAws();
    const pipeline = await pipelineOn(aws);
    await pipeline.provision(silent);
    await aws.answer('logs', 'PutRetentionPolicy', {
      logGroupName: '/aws/lambda/salesAnalysisReportDataExtractor',
      retentionInDays: 1,
    });
    const plan = await written(pipeline);
    const shown = await pipeline.plan();
    await openPort(aws);
    await expect(pipeline.provision(silent, { shown, exactly: plan })).rejects.toMatchObject({ code: 'moved' });
    expect(webGroup(aws).rules.some(({ from }) => from === 8080)).toBe(true);
    expect((await pipeline.plan()).changes.map(({ id }) => id)).toEqual(['log-group', 'group.web']);
  });
});
