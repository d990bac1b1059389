import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AxeResults, RunOptions } from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { htmlOf } from '../../src/report/render/html.ts';
import { pages } from './helpers/pages.ts';

/** Kept for whoever wants to see what the test saw. */
const screenshots = resolve(import.meta.dirname, '../../.work/screenshots');

/** What a reader may hold in hand. Widths and heights in px. */
const readers: Record<string, BrowserContextOptions> = {
  light: { colorScheme: 'light', viewport: { width: 1280, height: 900 } },
  dark: { colorScheme: 'dark', viewport: { width: 1280, height: 900 } },
  phone: {
    colorScheme: 'light',
    viewport: { width: 390, height: 844 },
    deviceScaleFactor: 2,
    isMobile: true,
    hasTouch: true,
  },
  'phone-dark': {
    colorScheme: 'dark',
    viewport: { width: 390, height: 844 },
    deviceScaleFactor: 2,
    isMobile: true,
    hasTouch: true,
  },
};

let browser: Browser;
let folder: string;
let axe: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pages-'));
  await mkdir(screenshots, { recursive: true });
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  // As root there is no sandbox to put a page into; these pages are our own.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args });
});

afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true });
});

/** Opens a page as a file, and notes what it says to the console and what it asks for beside itself. */
async function opened(
  name: string,
  options: BrowserContextOptions,
  work: (page: Page) => Promise<void>,
): Promise<string[]> {
  const file = join(folder, `${name}.html`);
  await writeFile(file, htmlOf(pages[name]!));
  // axe is put into the page from outside, which the page itself forbids.
  const context = await browser.newContext({ ...options, bypassCSP: true });
  try {
    const page = await context.newPage();
    const noticed: string[] = [];
    const address = pathToFileURL(file).href;
    page.on('console', message => noticed.push(`console: ${message.text()}`));
    page.on('pageerror', error => noticed.push(`error: ${error.message}`));
    page.on('request', request => request.url() !== address && noticed.push(`request: ${request.url()}`));
    page.on('dialog', dialog => {
      noticed.push(`dialog: ${dialog.message()}`);
      return dialog.dismiss();
    });
    await page.goto(address);
    await work(page);
    return noticed;
  } finally {
    await context.close();
  }
}

/** What axe finds wrong, each with the first place. */
async function faultsOf(page: Page): Promise<string[]> {
  await page.addScriptTag({ content: axe });
  const { violations } = await page.evaluate(
    // The page's own axe, which this side does not know.
    options => (globalThis as unknown as { axe: { run(options: RunOptions): Promise<AxeResults> } }).axe.run(options),
    { resultTypes: ['violations'] } satisfies RunOptions,
  );
  return violations.map(({ impact, id, nodes }) => `${impact} ${id}: ${nodes[0]?.html}`);
}

/** How far the page is wider than its window, px: nobody scrolls sideways to read a sentence. */
const tooWide = (page: Page): Promise<number> =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');

describe.each(Object.keys(pages))('the page of %s', name => {
  it.each(Object.keys(readers))('%s', async reader => {
    const noticed = await opened(name, readers[reader]!, async page => {
      await page.screenshot({ path: join(screenshots, `${name}-${reader}.png`), fullPage: true });
      expect(await tooWide(page)).toBeLessThanOrEqual(0);
      expect(await faultsOf(page)).toEqual([]);
    });
    expect(noticed).toEqual([]);
  });

  it('in print', async () => {
    const noticed = await opened(name, { colorScheme: 'dark' }, async page => {
      await page.emulateMedia({ media: 'print' });
      await page.setViewportSize({ width: 794, height: 1123 });
      await page.screenshot({ path: join(screenshots, `${name}-print.png`), fullPage: true });
      expect(await page.evaluate('getComputedStyle(document.body).color')).toBe('rgb(32, 31, 28)');
      const pdf = await page.pdf({ path: join(screenshots, `${name}.pdf`), format: 'A4', preferCSSPageSize: true });
      expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
      expect(await faultsOf(page)).toEqual([]);
    });
    expect(noticed).toEqual([]);
  });
});

it('a page that did say or ask something would be noticed', async () => {
  const noticed = await opened('hostile', readers.light!, async page => {
    await page.evaluate(`console.log('here'); fetch('http://127.0.0.1:9/').catch(() => {})`);
  });
  expect(noticed).toContain('console: here');
  expect(noticed).toContain('request: http://127.0.0.1:9/');
});
