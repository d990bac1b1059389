import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openerOf } from '../../src/commands/open-page.ts';
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
  const { code, stdout, stderr } = await type('run --dry-run --sample --open', { env: { BROWSER: `${browser} --new` } });
  const file = stdout.trim();
  const asked = await vi.waitFor(() => readFile(join(folder, 'asked'), 'utf8'), { timeout: 10_000, interval: 20 });
  expect({ code, asked }).toEqual({ code: 0, asked: `--new\n${file}\n` });
  expect(stderr).toContain(`Opened ${file}.`);
  expect(basename(file)).toMatch(/^salesreport-\d{4}-\d\d-\d\d\.html$/);
  expect(await readFile(file, 'utf8')).toMatch(/^<!doctype html>[\s\S]*SAMPLE DATA/);
  await rm(dirname(file), { recursive: true });
});

test.each([{}, { BROWSER: '/no/such/browser' }])('where none can be started (%j) the page is there all the same', async env => {
  const { code, stdout, stderr } = await type('run --dry-run --sample --open --json', { env });
  const { ok, file } = JSON.parse(stdout);
  expect({ code, ok }).toEqual({ code: 0, ok: true });
  expect(stderr).toContain(`The page is ${file}: open it in a browser, or name one in $BROWSER`);
  await rm(dirname(file), { recursive: true });
});

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
  ['run --out /no/such/folder/report.csv', 'There is no folder /no/such/folder: make it, or name another file with --out.'],
  [
    'history show 2026-11-20 --out report.pdf',
    'No form of a report ends in .pdf: let --out end in .html, .csv, .md, .json or .txt, or add --format.',
  ],
  ['run --dry-run --open --format csv', 'The flags --open and --format exclude each other.'],
])('%s is refused', async (line, sentence) => {
  expect(await type(line)).toMatchObject({ code: 2, stderr: `Error: ${sentence}\n` });
});
