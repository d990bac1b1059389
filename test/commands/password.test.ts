import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { databasePassword, type Session } from '../../src/commands/session.ts';
import { plan } from '../terminal/samples.ts';
import { fakePipeline, type } from './typed.ts';

const question = 'Password of reader at db.example.com: ';
const passwordChange = { ...plan.changes[0]!, id: 'parameter.password', title: 'Database password' };

async function ownDatabase(more = ''): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'own-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'salesreport.yaml');
  await writeFile(file, `database: { host: db.example.com, name: shop, user: reader${more} }\n`);
  return file;
}

/** A pipeline whose plan stores the password, or has it stored. */
const storing = (changes = [passwordChange]) => fakePipeline({ plan: async () => ({ ...plan, changes }) });

describe('the password of a database of the user’s own', () => {
  test('is asked for before the work begins', async () => {
    const { pipeline, asked } = storing();
    const settings = await ownDatabase();
    const { code, stderr } = await type(`provision --yes --settings ${settings}`, { pipeline, typed: 'hunter2' });
    expect({ code, asked }).toEqual({ code: 0, asked: ['plan', 'provision'] });
    expect(stderr).toContain(question);
    expect(stderr).not.toContain('hunter2');
  });

  test.each([
    [
      'no variable and no terminal',
      {},
      'Set SALESREPORT_DATABASE_PASSWORD to the password of reader at db.example.com',
    ],
    ['an empty variable', { SALESREPORT_DATABASE_PASSWORD: '' }, 'SALESREPORT_DATABASE_PASSWORD is empty: set it'],
  ])('with %s nothing is begun', async (_what, env, words) => {
    const { pipeline, asked } = storing();
    const settings = await ownDatabase();
    const { code, stderr } = await type(`provision --yes --settings ${settings}`, { pipeline, env });
    expect({ code, asked }).toEqual({ code: 2, asked: ['plan'] });
    expect(stderr.replace(/\s+/g, ' ')).toContain(words);
  });

  test('that is empty is asked for again', async () => {
    const answers = ['', '', 'hunter2'];
    const asked: string[] = [];
    const warned: string[] = [];
    const terminal = {
      isInteractive: true,
      hidden: async (words: string) => {
        asked.push(words);
        return answers.shift();
      },
      warn: (words: string) => warned.push(words),
    };
    const session = { streams: { env: {} }, terminal } as unknown as Session;
    expect(await databasePassword(session, { user: 'reader', host: 'db.example.com' })).toBe('hunter2');
    expect(asked).toEqual([question, question, question]);
    expect(warned).toHaveLength(2);
  });

  test.each([
    ['', 'SALESREPORT_DATABASE_PASSWORD is ignored: a password is stored.'],
    [', passwordParameter: /shop/pw', 'SALESREPORT_DATABASE_PASSWORD is ignored: the password is in /shop/pw'],
  ])('in a variable is said to be ignored where one is stored%s', async (more, words) => {
    const { pipeline } = storing([plan.changes[0]!]);
    const settings = await ownDatabase(more);
    const env = { SALESREPORT_DATABASE_PASSWORD: 'hunter2' };
    const { code, stderr } = await type(`provision --yes --settings ${settings}`, { pipeline, env });
    expect(code).toBe(0);
    expect(stderr.replace(/\s+/g, ' ')).toContain(words);
    expect(stderr).not.toContain('hunter2');
  });
});
