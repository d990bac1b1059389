import { beforeAll, describe, expect, it } from 'vitest';
import type { Artifacts } from '../../src/provision/artifacts.ts';
import { loadArtifacts } from '../../src/provision/artifacts.ts';
import type { Pipeline } from '../../src/provision/pipeline.ts';
import { sampleSource } from '../../src/report/sources/sample.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { VirtualClock } from '../../src/simulator/virtual-clock.ts';
import { leaksIn } from '../helpers/leaks.ts';
import { sampled } from '../helpers/sampled.ts';
import {
  everything,
  newProcess,
  pipelineOn,
  secretPassword,
  silent,
  simulatedAws,
} from '../helpers/simulated-stack.ts';

const Name = '/salesreport/salesreport/database/password';
const fresh = 'An0ther-secret-0f-the-shop';
const database = { host: 'db.example.com', name: 'shop', user: 'reader' };

/** The shop's own database, which takes this password and no other. */
const shop = { password: fresh };
let artifacts: Artifacts;
const bases = new Map<string, Simulator>();

async function stackWith(more: object = {}) {
  const settings = { database: { ...database, ...more } };
  const key = JSON.stringify(more);
  if (!bases.has(key)) {
    const aws = simulatedAws({
      functionSource: (_environment, password) => ({
        ...sampleSource,
        kind: 'database',
        probe: async () => [
          { hop: 'tcp', ok: true, ms: 1 },
          password?.reveal() === shop.password
            ? { hop: 'login', ok: true, ms: 1 }
            : {
                hop: 'login',
                ok: false,
                ms: 1,
                detail: 'The database refuses reader: check the user and the password.',
              },
        ],
      }),
    });
    await (await pipelineOn(aws, { settings, artifacts })).provision(silent);
    bases.set(key, aws);
  }
  const base = bases.get(key)!;
  const aws = base.fork(new VirtualClock({ start: base.world.now() }));
  const open = (self = newProcess('shop', () => false)): Promise<Pipeline> =>
    pipelineOn(aws, { settings, artifacts, self, every: [60_000, 120_000], endpoint: 'http://127.0.0.1:1' });
  return { aws, open };
}

const storedIn = ({ world }: Simulator) => world.ssm.parameters.get(Name)!;
const locksIn = ({ world }: Simulator) => [...world.ssm.parameters.keys()].filter(name => name.includes('/lock/'));

beforeAll(async () => {
  artifacts = await loadArtifacts();
}, 60_000);

describe('a change of the stored password', () => {
  it('stores a new version, proves it by a login of the function, and provision leaves it alone', async () => {
    shop.password = fresh;
    const { aws, open } = await stackWith();
    const pipeline = await open();
    const wrong = await pipeline.provision(silent, { proves: true });
    expect(wrong.proof?.broken.map(({ hop }) => hop) ?? ['login']).toEqual(['login']);
    expect(await pipeline.setPassword(silent, fresh)).toMatchObject({ ok: true, version: 2 });
    expect(storedIn(aws)).toMatchObject({ value: fresh, type: 'SecureString', version: 2 });
    await (await open()).provision(silent);
    expect(storedIn(aws).version).toBe(2);
    expect(locksIn(aws)).toEqual([]);
  });

  it('that the database refuses is put back', async () => {
    shop.password = secretPassword;
    const { aws, open } = await stackWith();
    const done = await (await open()).setPassword(silent, fresh);
    expect(done).toMatchObject({ ok: false, why: expect.stringContaining('refuses reader') });
    expect(storedIn(aws)).toMatchObject({ value: secretPassword, version: 3 });
    expect(locksIn(aws)).toEqual([]);
    expect(leaksIn(done, secretPassword)).toEqual([]);
    expect(leaksIn(done, fresh)).toEqual([]);
  });

  it('goes into the environment of the function where the settings want it there, and back', async () => {
    const { aws, open } = await stackWith({ secret: 'env' });
    const given = () => aws.world.lambda.functions.get('salesAnalysisReportDataExtractor')!.environment.DB_PASSWORD;
    shop.password = fresh;
    expect(await (await open()).setPassword(silent, fresh)).toMatchObject({ ok: true });
    expect(given()).toBe(fresh);
    expect(await (await open()).setPassword(silent, 'Wr0ng-one-0f-the-shop')).toMatchObject({ ok: false });
    expect([given(), storedIn(aws).value]).toEqual([fresh, fresh]);
  });

  it('of a parameter of the user’s own is refused before any call that changes something', async () => {
    const { aws, open } = await stackWith({ passwordParameter: '/shop/pw' });
    const before = aws.calls.length;
    await expect((await open()).setPassword(silent, fresh)).rejects.toMatchObject({ code: 'foreign-parameter' });
    expect(aws.calls.slice(before).filter(({ mutating }) => mutating)).toEqual([]);
  });

  it.each([
    ['right', fresh, {}],
    ['wrong', secretPassword, {}],
    ['right, in the environment', fresh, { secret: 'env' }],
    ['wrong, in the environment', secretPassword, { secret: 'env' }],
  ])(
    'killed before and after each changing call is finished by provision: the new one is %s',
    async (_what, taken, more) => {
      shop.password = taken;
      const { aws, open } = await stackWith(more);
      const moments: { label: string; world: Simulator }[] = [];
      aws.onEffect = ({ mutating, operation }, side) => {
        if (!mutating) return;
        moments.push({ label: `${side} ${operation}`, world: aws.fork(new VirtualClock({ start: aws.world.now() })) });
      };
      await (await open()).setPassword(silent, fresh);
      aws.onEffect = () => {};
      expect(moments.length).toBeGreaterThan(8);
      const settings = { database: { ...database, ...more } };
      for (const { label, world } of sampled(moments, 3)) {
        const self = newProcess('shop', () => false);
        const pipeline = await pipelineOn(world, {
          settings,
          artifacts,
          self,
          every: [60_000, 120_000],
          endpoint: 'http://127.0.0.1:1',
        });
        const isWritten = [...storedIn(world).history.values()].some(({ value }) => value === fresh);
        const noted = locksIn(world).map(name => world.world.ssm.parameters.get(name)!.value);
        expect(noted.join(), label).not.toContain(fresh);
        await pipeline.provision(silent);
        expect({ label, value: storedIn(world).value }).toEqual({
          label,
          value: isWritten && taken === fresh ? fresh : secretPassword,
        });
        if ('secret' in more)
          expect(
            world.world.lambda.functions.get('salesAnalysisReportDataExtractor')!.environment.DB_PASSWORD,
            label,
          ).toBe(storedIn(world).value);
        expect(locksIn(world), label).toEqual([]);
      }
    },
    60_000,
  );

  it.each([
    ['right', fresh],
    ['wrong', secretPassword],
  ])(
    'that unlock finds unfinished is kept for the next run, which finishes it: the new one is %s',
    async (_what, taken) => {
      shop.password = taken;
      const { aws, open } = await stackWith();
      aws.fault = ({ operation, input }) =>
        operation === 'PutParameter' && (input as { Name: string }).Name === Name ? 'killed after' : undefined;
      const died = new Promise<void>(resolve => {
        aws.onKill = () => resolve();
      });
      await Promise.race([died, (await open()).setPassword(silent, fresh)]);
      aws.restart();
      aws.fault = () => undefined;
      const pipeline = await open();
      expect(await pipeline.lock()).toMatchObject({ verb: 'password set', rotation: { before: 1 } });
      await pipeline.unlock(silent);
      expect(await pipeline.lock()).toBeUndefined();
      expect((await pipeline.status()).notes.join()).toContain('A change of the database');
      await (await open()).provision(silent);
      expect(storedIn(aws)).toMatchObject({ value: taken });
      expect(locksIn(aws)).toEqual([]);
    },
  );

  it('that was interrupted is said by status, and the same command finishes it too', async () => {
    shop.password = secretPassword;
    const { aws, open } = await stackWith();
    aws.fault = ({ operation, input }) =>
      operation === 'PutParameter' && (input as { Name: string }).Name === Name ? 'killed after' : undefined;
    const died = new Promise<void>(resolve => {
      aws.onKill = () => resolve();
    });
    const running = await open();
    await Promise.race([died, running.setPassword(silent, fresh)]);
    aws.restart();
    aws.fault = () => undefined;
    expect((await (await open()).status()).notes.join()).toContain(
      "A change of the database's password was interrupted",
    );
    expect(await (await open()).setPassword(silent, secretPassword)).toMatchObject({ ok: true });
    expect(storedIn(aws).value).toBe(secretPassword);
  });

  it('that was interrupted keeps no lock behind when everything is taken down', async () => {
    shop.password = secretPassword;
    const { aws, open } = await stackWith();
    aws.fault = ({ operation, input }) =>
      operation === 'PutParameter' && (input as { Name: string }).Name === Name ? 'killed after' : undefined;
    const died = new Promise<void>(resolve => {
      aws.onKill = () => resolve();
    });
    await Promise.race([died, (await open()).setPassword(silent, fresh)]);
    aws.restart();
    aws.fault = () => undefined;
    expect((await (await open()).teardown(silent, everything)).left).toEqual([]);
    expect([...aws.world.ssm.parameters.keys()]).toEqual([]);
  });
});
