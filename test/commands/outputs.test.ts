import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import type { Dispatch } from '../../src/commands/cli.ts';
import { buildProgram } from '../../src/commands/program.ts';
import { fakePipeline, type } from './typed.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'outputs-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Options whose value names a file that is read. */
const read = ['--settings', '--query', '--plan'];

/** Each option that names a file to write, with a command line that uses it. */
const lines: Record<string, { line: string; ending: string }> = {
  'run --out': { line: 'run --dry-run --sample --window 2026-11-20 --out', ending: '.csv' },
  'history show --out': { line: 'history show 2026-11-20 --out', ending: '.html' },
  'provision --out': { line: 'provision --dry-run --out', ending: '.json' },
  'teardown --certificate': { line: 'teardown --yes --certificate', ending: '.txt' },
};

/** All options of all commands, as `run --out`. */
function optionsOf(
  command: Command,
  path: string[] = [],
): { name: string; long: string; takes: string; command: Command }[] {
  return [
    ...command.options.map(({ long, flags }) => ({
      name: [...path, long].join(' '),
      long: long!,
      takes: /<([^>]*)>/.exec(flags)?.[1] ?? '',
      command,
    })),
    ...command.commands.flatMap(child => optionsOf(child, [...path, child.name()])),
  ];
}

const act: Dispatch = () => async () => {};
const named = optionsOf(buildProgram(act, { out: () => {}, err: () => {} })).filter(
  ({ takes, long }) => /file|folder|dir|path/i.test(takes) && !read.includes(long),
);

it('each option that names a file to write is tried here, and has --force beside it', () => {
  expect(named.map(({ name }) => name).sort()).toEqual(Object.keys(lines).sort());
  for (const { name, command } of named)
    expect(command.options.find(({ long }) => long === '--force')?.description, name).toContain(
      'replace an existing file',
    );
});

describe.each(Object.entries(lines))('%s', (name, { line, ending }) => {
  const flag = name.split(' ').at(-1)!;
  const fresh = (stem: string) => join(folder, `${stem}-${name.replaceAll(' ', '')}${ending}`);
  const refuses = async (file: string, words: string) => {
    const { pipeline, asked } = fakePipeline();
    const before = (await readdir(folder)).sort();
    const { code, stdout, stderr, requests } = await type(`${line} ${file} --json`, { pipeline });
    expect({ code, requests: requests.length, asked }).toEqual({ code: 2, requests: 0, asked: [] });
    expect(stderr.replace(/\s+/g, ' ')).toContain(words);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, error: { message: expect.stringContaining(words) } });
    expect((await readdir(folder)).sort()).toEqual(before);
  };

  test('an existing file is refused before any work', async () => {
    const file = fresh('there');
    await writeFile(file, 'mine');
    await refuses(file, `The file ${file} exists: add --force to replace it, or name another file with ${flag}.`);
    expect(await readFile(file, 'utf8')).toBe('mine');
  });

  test('what cannot be written is refused before any work', async () => {
    await refuses(`${folder}/no-such/x${ending}`, `There is no folder ${folder}/no-such`);
    await refuses(`${folder}/no-such/`, `There is no folder ${folder}/no-such/`);
    const there = fresh('file');
    await writeFile(there, 'mine');
    await refuses(`${there}/x${ending}`, `There is no folder ${there}`);
    const link = fresh('link');
    await symlink(there, link);
    await refuses(link, `${link} is a symbolic link, and links are not followed`);
    const long = join(folder, `${'x'.repeat(300)}${ending}`);
    await refuses(long, `The file ${long} cannot be written (ENAMETOOLONG): name another file with ${flag}.`);
    // Nobody can make a file there, root neither.
    if (process.platform === 'linux')
      await refuses(`/proc/x${ending}`, `The file /proc/x${ending} cannot be written (`);
  });

  test('--force alone is refused', async () => {
    const { pipeline, asked } = fakePipeline();
    const bare = line.slice(0, line.lastIndexOf(' '));
    const { code, stderr } = await type(`${bare} --force`, { pipeline });
    expect({ code, asked }).toEqual({ code: 2, asked: [] });
    expect(stderr).toContain('--force');
  });
});

describe('what is done', () => {
  test.each(['run --out', 'provision --out', 'teardown --certificate'])(
    '%s writes, and replaces with --force',
    async name => {
      const { line, ending } = lines[name]!;
      // A name that leaves no room for another beside it.
      const file = join(folder, `${'é'.repeat(120)}${name.length}${ending}`);
      expect(await type(`${line} ${file}`)).toMatchObject({ code: 0 });
      const first = await readFile(file, 'utf8');
      await writeFile(file, 'older');
      expect(await type(`${line} ${file}`)).toMatchObject({ code: 2 });
      expect(await readFile(file, 'utf8')).toBe('older');
      expect(await type(`${line} ${file} --force`)).toMatchObject({ code: 0 });
      expect((await readFile(file, 'utf8')).length).toBe(first.length);
      expect((await stat(file)).mode & 0o777).toBe(0o600);
    },
  );

  test.each(['run --out', 'provision --out', 'teardown --certificate'])('%s - is stdout', async name => {
    const before = await readdir(process.cwd());
    const { code, stdout } = await type(`${lines[name]!.line} -`);
    expect(code).toBe(0);
    if (name === 'provision --out')
      expect(JSON.parse(stdout)).toMatchObject({ version: 1, changes: expect.any(Array) });
    else expect(stdout.length).toBeGreaterThan(100);
    const json = await type(`${lines[name]!.line} - --json`);
    expect(JSON.parse(json.stdout)).toMatchObject({ ok: true });
    expect(await readdir(process.cwd())).toEqual(before);
  });

  test('a file that is in the folder already is refused before the report is asked for', async () => {
    const inside = await mkdtemp(join(folder, 'in-'));
    const file = join(inside, 'salesreport-2026-11-20.csv');
    await writeFile(file, 'mine');
    const { pipeline, asked } = fakePipeline();
    const line = `run --window 2026-11-20 --format csv --out ${inside}`;
    expect(await type(line, { pipeline })).toMatchObject({ code: 2, stderr: expect.stringContaining('--force') });
    expect(asked).toEqual([]);
    expect(await type(`run --dry-run --sample${line.slice(3)}`)).toMatchObject({ code: 2 });
    expect(await readFile(file, 'utf8')).toBe('mine');
    expect(await type(`run --dry-run --sample${line.slice(3)} --force`)).toMatchObject({ code: 0 });
    expect(await readFile(file, 'utf8')).toMatch(/^part,/);
  });

  test('--force is for the file alone: what sends a blocked report is --send-anyway', async () => {
    const file = join(folder, 'resent.txt');
    const events: unknown[] = [];
    const { pipeline } = fakePipeline({
      invoke: async event => {
        events.push(event);
        return { outcome: 'already sent', window: { from: '', to: '' }, subject: 's', messageId: 'm' };
      },
    });
    await type(`run --window 2026-11-20 --resend --reason late --force --out ${file}`, { pipeline });
    await type(`run --window 2026-11-20 --force --out ${file}`, { pipeline });
    await type(`run --window 2026-11-20 --send-anyway --reason known --out ${file}`, { pipeline });
    expect(events).toEqual([
      { run: expect.objectContaining({ resend: 'late' }) },
      { run: expect.not.objectContaining({ force: expect.anything() }) },
      { run: expect.objectContaining({ force: 'known' }) },
    ]);
    expect(events[0]).toEqual({ run: expect.not.objectContaining({ force: expect.anything() }) });
  });

  test('a file that cannot be written any more loses neither the outcome nor the document', async () => {
    const inside = await mkdtemp(join(folder, 'gone-'));
    const { pipeline } = fakePipeline({
      plan: async () => {
        await rm(inside, { recursive: true });
        return (await fakePipeline().pipeline.plan()) as never;
      },
    });
    const { code, stdout, stderr } = await type(`provision --dry-run --json --out ${join(inside, 'plan.json')}`, {
      pipeline,
    });
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, error: { code: 'out' }, changes: expect.any(Array) });
    expect(stderr).toContain('cannot be written (ENOENT)');
  });
});
