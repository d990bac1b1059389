import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { openerOf } from '../../src/commands/open-page.ts';
import { endings, type Form } from '../../src/report/render/forms.ts';
import { type } from './typed.ts';

let folder: string;
let browser: string;

/** A browser that notes what it is asked to show. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'browser-'));
  browser = join(folder, 'browser');
  await writeFile(
    browser,
    `#!/bin/sh\nprintf '%s\\n' "$@" > "${folder}/asked.part" && mv "${folder}/asked.part" "${folder}/asked"\n`,
  );
  await chmod(browser, 0o755);
});

afterAll(() => rm(folder, { recursive: true }));

describe('what opens a page', () => {
  const file = '/tmp/a b/page.html';
  test.each<[NodeJS.ProcessEnv, NodeJS.Platform, string[] | undefined]>([
    [{ DISPLAY: ':0' }, 'linux', ['xdg-open', file]],
    [{ WAYLAND_DISPLAY: 'wayland-0' }, 'linux', ['xdg-open', file]],
    [{}, 'linux', undefined],
    [{}, 'darwin', ['open', file]],
    [{}, 'win32', ['rundll32', 'url.dll,FileProtocolHandler', file]],
    [{ BROWSER: 'firefox', DISPLAY: ':0' }, 'linux', ['firefox', file]],
    [{ BROWSER: 'firefox --new-window:lynx' }, 'linux', ['firefox', '--new-window', file]],
    [{ BROWSER: 'w3m --url=%s -q' }, 'darwin', ['w3m', `--url=${file}`, '-q']],
  ])('%j on %s', (env, platform, opener) => {
    expect(openerOf(file, { env, platform })).toEqual(opener);
  });
});

test('run --open writes the page, shows it, and says where it is', async () => {
  const { code, stdout, stderr } = await type('run --dry-run --sample --open', {
    env: { BROWSER: `${browser} --new` },
  });
  const file = stdout.trim();
  const asked = await vi.waitFor(() => readFile(join(folder, 'asked'), 'utf8'), { timeout: 10_000, interval: 20 });
  expect({ code, asked }).toEqual({ code: 0, asked: `--new\n${file}\n` });
  expect(stderr).toContain(`Opened ${file}.`);
  expect(basename(file)).toMatch(/^salesreport-\d{4}-\d\d-\d\d\.html$/);
  expect(await readFile(file, 'utf8')).toMatch(/^<!doctype html>[\s\S]*SAMPLE DATA/);
  await rm(dirname(file), { recursive: true });
});

test('the browser gets its own environment and no secret', async () => {
  const path = join(folder, 'tells');
  await writeFile(path, `#!/bin/sh\nenv > "${folder}/env.part" && mv "${folder}/env.part" "${folder}/env"\n`);
  await chmod(path, 0o755);
  const env = {
    BROWSER: path,
    PATH: process.env.PATH,
    HOME: folder,
    DISPLAY: ':7',
    XDG_RUNTIME_DIR: folder,
    DBUS_SESSION_BUS_ADDRESS: 'unix:path=/bus',
    LC_TIME: 'de_DE.UTF-8',
    SALESREPORT_DATABASE_PASSWORD: 'hunter2',
    SALESREPORT_DATABASE_URL: 'mysql://u:hunter2@h/d',
    AWS_SECRET_ACCESS_KEY: 'hunter2',
    AWS_SESSION_TOKEN: 'hunter2',
    HTTPS_PROXY: 'http://u:hunter2@proxy',
    GITHUB_TOKEN: 'hunter2',
    NODE_OPTIONS: '--no-warnings',
  };
  const secrets = Object.entries(env).filter(([, value]) => value?.includes('hunter2'));
  // A process that is started takes its own environment where none is named.
  for (const [name, value] of secrets) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  const { stdout } = await type('run --dry-run --sample --open', { env });
  const given = await vi.waitFor(() => readFile(join(folder, 'env'), 'utf8'), { timeout: 10_000, interval: 20 });
  expect(given).not.toContain('hunter2');
  for (const line of ['DISPLAY=:7', `HOME=${folder}`, 'LC_TIME=de_DE.UTF-8', `XDG_RUNTIME_DIR=${folder}`])
    expect(given.split('\n')).toContain(line);
  expect(given).toContain('DBUS_SESSION_BUS_ADDRESS=');
  expect(given).not.toContain('NODE_OPTIONS');
  await rm(dirname(stdout.trim()), { recursive: true });
});

test.each([{}, { BROWSER: '/no/such/browser' }])(
  'where none can be started (%j) the page is there all the same',
  async env => {
    const { code, stdout, stderr } = await type('run --dry-run --sample --open --json', { env });
    const { ok, file } = JSON.parse(stdout);
    expect({ code, ok }).toEqual({ code: 0, ok: true });
    expect(stderr).toContain(`The page is ${file}: open it in a browser, or name one in $BROWSER`);
    await rm(dirname(file), { recursive: true });
  },
);

test('a CSV with a byte order mark', async () => {
  expect((await type('run --dry-run --sample --format csv --bom')).stdout).toMatch(/^\ufeffpart,name,/);
  expect((await type('run --dry-run --sample --format csv')).stdout).toMatch(/^part,name,/);
});

test.each([
  ['run --dry-run --bom', 'The flag --bom is for a CSV: add --format csv.'],
  ['run --dry-run --bom --out report.html', 'The flag --bom is for a CSV: add --format csv.'],
  [
    'run --dry-run --out report.xlsx',
    'No form of a report ends in .xlsx: let --out end in .html, .csv, .md, .json or .txt, or add --format.',
  ],
  [
    'run --out /no/such/folder/report.csv',
    'There is no folder /no/such/folder: make it, or name another file with --out.',
  ],
  [
    'history show 2026-11-20 --out report.pdf',
    'No form of a report ends in .pdf: let --out end in .html, .csv, .md, .json or .txt, or add --format.',
  ],
  ...['run --dry-run --sample', 'history show 2026-11-20'].flatMap(verb =>
    [
      ['csv', 'x.html'],
      ['csv', 'x.HTML'],
      ['html', 'x.csv'],
      ['json', 'x.md'],
      ['text', 'x.json'],
      ['subject', 'x.sms.txt'],
      ['markdown', 'x.txt'],
    ].map(([form, file]): [string, string] => [
      `${verb} --format ${form} --out /tmp/${file}`,
      `--format ${form} and the ending of --out /tmp/${file} name two forms: leave --format out, or let --out end in .${endings[form as Form]}.`,
    ]),
  ),
  ['run --dry-run --open --format csv', 'The flags --open and --format exclude each other.'],
])('%s is refused', async (line, sentence) => {
  expect(await type(line)).toMatchObject({ code: 2, stderr: `Error: ${sentence}\n` });
});

test.each([
  ['sms', 'x.txt'],
  ['text', 'x.txt'],
  ['csv', 'x.csv'],
  ['csv', 'x.pdf'],
  ['csv', 'x'],
])('--format %s --out %s says one thing', async (form, name) => {
  const file = join(folder, name);
  expect(await type(`run --dry-run --sample --format ${form} --out ${file} --force`)).toMatchObject({ code: 0 });
});

test('an ending counts in capitals too', async () => {
  const file = join(folder, 'DAY.CSV');
  expect(await type(`run --dry-run --sample --bom --out ${file}`)).toMatchObject({ code: 0 });
  expect(await readFile(file, 'utf8')).toMatch(/^\ufeffpart,name,/);
});
