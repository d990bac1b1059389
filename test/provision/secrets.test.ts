import { describe, expect, it } from 'vitest';
import type { CallRecord } from '../../src/provision/aws/aws.ts';
import type { Progress } from '../../src/provision/engine/outcome.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { formsOf, leaksIn } from '../helpers/leaks.ts';
import { everything, pipelineOn, secretPassword, silent, simulatedAws } from '../helpers/simulated-stack.ts';
import { openShop, password } from '../stories/shop.ts';

const inEnvironment = { database: { secret: 'env' } };
const parameter = '/salesreport/salesreport/database/password';

/** What AWS was asked and what it holds: each place at which the password stands. */
const placesIn = ({ calls, world }: Simulator, secret: string) => {
  const asked = calls.flatMap(({ service, operation, input }) =>
    leaksIn(input, secret).map(path => `${service}:${operation} ${path.slice(1)}`),
  );
  const { ec2, events, iam, lambda, logs, scheduler, sns, ssm } = world;
  // SSM keeps the earlier values of a parameter as its history, which the parameter takes along.
  const held = leaksIn({ events, iam, lambda, logs, scheduler, sns, ssm, ec2 }, secret).filter(
    place => !place.startsWith(`.ssm.parameters.${parameter}.history.`),
  );
  return { asked: [...new Set(asked)], held };
};

/** A pipeline of which everything that it says is kept. */
async function listenTo(aws: Simulator, settings: object = {}) {
  const calls: CallRecord[] = [];
  const events: unknown[] = [];
  const note = (...event: unknown[]) => events.push(event);
  const progress: Progress = { begin: note, started: note, waiting: note, finished: note };
  return {
    pipeline: await pipelineOn(aws, { settings, onCall: call => calls.push(call) }),
    progress,
    said: { calls, events },
  };
}

describe('the search itself', () => {
  it.each([
    ['as it is', secretPassword],
    ['in a URL', encodeURIComponent(password)],
    ['in JSON', JSON.stringify({ password })],
    ...[0, 1, 2].map(shift => [
      `in base64, shifted by ${shift}`,
      Buffer.from(`${'#'.repeat(shift)}${secretPassword}, and more`).toString('base64'),
    ]),
  ])('finds a password %s', (_how, text) => {
    const secret = text.includes(encodeURIComponent(password)) || text.includes('{') ? password : secretPassword;
    expect(leaksIn({ deep: [new Map([['key', text]])] }, secret)).toEqual(['.deep.0.key']);
  });

  it('finds no password in other text', () => {
    expect(leaksIn(['Secret', Buffer.from('of the shop').toString('base64')], secretPassword)).toEqual([]);
    expect(formsOf(secretPassword).every(form => form.length > 15)).toBe(true);
  });
});

describe('T17: the password', () => {
  it('stands in its parameter and nowhere else, over the whole life of a stack', async () => {
    const aws = simulatedAws();
    const { pipeline, progress, said } = await listenTo(aws);
    const values: unknown[] = [await pipeline.plan()];
    values.push(await pipeline.provision(progress), await pipeline.probe(progress));
    values.push(await pipeline.subscribe('email', ['ann@example.com']), await pipeline.status());
    const standing = placesIn(aws, secretPassword);
    values.push(await pipeline.teardown(progress));

    expect(standing.held).toEqual([`.ssm.parameters.${parameter}.value`]);
    expect(placesIn(aws, secretPassword)).toEqual({ asked: ['ssm:PutParameter Value'], held: [] });
    expect(leaksIn({ values, said }, secretPassword)).toEqual([]);
  });

  it('stands in the environment of the function too when the settings want it there, and is said nowhere', async () => {
    const aws = simulatedAws();
    const { pipeline, progress, said } = await listenTo(aws, inEnvironment);
    const values: unknown[] = [await pipeline.plan(), await pipeline.provision(progress), await pipeline.status()];
    const standing = placesIn(aws, secretPassword);
    values.push(await pipeline.teardown(progress));

    expect(standing.held.sort()).toEqual([
      '.lambda.functions.salesAnalysisReportDataExtractor.environment.DB_PASSWORD',
      `.ssm.parameters.${parameter}.value`,
    ]);
    expect(placesIn(aws, secretPassword)).toEqual({
      asked: ['ssm:PutParameter Value', 'lambda:CreateFunction Environment.Variables.DB_PASSWORD'],
      held: [],
    });
    expect(leaksIn({ values, said }, secretPassword)).toEqual([]);
  });

  it('is masked in the plan when it was changed, on either side', async () => {
    const aws = simulatedAws();
    const { pipeline, progress, said } = await listenTo(aws, inEnvironment);
    await pipeline.provision(progress);
    const changed = 'An0ther-secret-0f-the-shop';
    const parameterOf = { Name: parameter, Type: 'SecureString', Value: changed, Overwrite: true };
    await aws.answer('ssm', 'PutParameter', parameterOf);
    const plan = await pipeline.plan();
    expect(plan.changes.map(({ id, differences }) => ({ id, differences }))).toEqual([
      {
        id: 'function',
        differences: [
          {
            what: 'environment variable DB_PASSWORD',
            is: '***',
            wanted: '***',
            words: 'environment variable DB_PASSWORD holds another secret',
            how: 'update',
            operations: ['lambda:UpdateFunctionConfiguration'],
          },
        ],
      },
    ]);
    const status = await pipeline.status();
    const outcome = await pipeline.provision(progress);
    for (const secret of [secretPassword, changed])
      expect(leaksIn({ plan, status, outcome, said }, secret)).toEqual([]);
    expect(placesIn(aws, changed).held).toHaveLength(2);
    expect(placesIn(aws, secretPassword).held).toEqual([]);
  });

  it.each([
    ['the parameter', 'PutParameter'],
    ['the function', 'CreateFunction'],
  ])('is not in what is said when AWS refuses %s', async (_what, operation) => {
    const aws = simulatedAws();
    aws.fault = call =>
      call.operation === operation && !JSON.stringify(call.input).includes('/lock/') ? 'denied' : undefined;
    const { pipeline, progress, said } = await listenTo(aws, inEnvironment);
    const { outcomes } = await pipeline.provision(progress);
    expect(outcomes.some(({ outcome }) => outcome === 'failed')).toBe(true);
    expect(leaksIn({ outcomes, said }, secretPassword)).toEqual([]);
    await pipeline.teardown(silent, everything);
  });
});

describe('T17: at the terminal the password is in no output', () => {
  it.each([
    ['text', '--verbose'],
    ['JSON', '--json --verbose'],
  ])(
    'as %s',
    async (_how, flags) => {
      const { type, settings, aws, output } = await openShop();
      for (const given of [`--settings ${await settings('database: { secret: env }')}`, '']) {
        const line = `${flags} ${given}`.trim();
        for (const command of [
          'provision --dry-run',
          ...(given === '' ? ['provision --yes --defaults'] : ['provision --yes']),
          'status',
          'subscribe email ann@example.com',
          'run --remote --dry-run',
        ])
          expect({ command, ...(await type(`${command} ${line}`)) }).toMatchObject({ code: 0 });
      }
      expect(placesIn(aws(), password).held).toHaveLength(1);
      expect((await type(`teardown --yes ${flags}`)).code).toBe(0);
      expect(output().length).toBeGreaterThan(10_000);
      expect(leaksIn(output(), password)).toEqual([]);
    },
    60_000,
  );

  it.each([
    ['of a database that refuses', (secret: string) => `mysql://reporter:${secret}@127.0.0.1:1/shop`],
    ['in a URL that is none', (secret: string) => `mysql://reporter:${secret}@`],
    ['in a URL of something else', (secret: string) => `postgres://reporter:${secret}@127.0.0.1/shop`],
  ])('%s', async (_what, url) => {
    const { type, output } = await openShop();
    for (const flags of ['--verbose', '--json --verbose']) {
      const { code } = await type(`run --dry-run --database-url ${url(encodeURIComponent(password))} ${flags}`);
      expect(code).not.toBe(0);
    }
    expect(leaksIn(output(), password)).toEqual([]);
  });
});
