import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import type { Change } from '../../src/report/change.ts';
import { csvOf } from '../../src/report/render/csv.ts';
import { type Form, formNames, renderedAs } from '../../src/report/render/forms.ts';
import { septetsOf } from '../../src/report/render/gsm7.ts';
import type { Report } from '../../src/report/report.ts';
import { reportView } from '../../src/terminal/views/report.ts';
import { plain } from '../terminal/samples.ts';
import { doubt } from './checked.ts';
import { elementsOf } from './elements.ts';
import { hostileNames } from './hostile.ts';
import { reported } from './reported.ts';
import { lastHour, oddShop } from './rows.ts';

const odd = reported(oddShop, lastHour, { currency: 'EUR' });

/** The report in a form, or as a terminal of 80 columns shows it. */
const shownAs = async (form: Form | 'terminal', report: Report): Promise<string> =>
  form === 'terminal' ? reportView(report, plain(80)) : renderedAs(form, report);

const withChange = (change: Change): Report => ({
  ...odd,
  weekEarlier: { sales: change, orders: change, averageOrder: change, units: change },
  groups: odd.groups.map(line => ({ ...line, weekEarlier: change })),
});

test('items that are less than a cent apart from the orders, as FLOAT makes them, are not told to be 0.00 apart', async () => {
  for (const form of ['text', 'markdown', 'html', 'terminal'] as const) {
    expect(await shownAs(form, { ...odd, difference: '0.0049' })).not.toContain('Items add up');
    expect(await shownAs(form, { ...odd, difference: '0.005' })).toMatch(
      /Items add up to €12.80, which is €0.01\s+more/,
    );
  }
});

describe('a value, no change, nothing to divide by and no data are four texts', () => {
  const four: [string, Change][] = [
    ['+€2.00 (+37.7%)', { kind: 'value', by: '2.00', percent: '37.7' }],
    ['unchanged (0.0%)', { kind: 'value', by: '0', percent: '0.0' }],
    ['n/a (was 0)', { kind: 'was zero' }],
    ['no data', { kind: 'no data' }],
  ];
  /** Where the comparison with a week earlier stands in a form, as plain text. */
  const compared: Record<'text' | 'markdown' | 'html' | 'terminal', RegExp> = {
    text: /^Sales \(order totals\): €7\.30, against a week earlier: (.*)$/m,
    markdown: /^(?:\| Sales \\?\(order totals\\?\) \| €7\.30 \| ([^|]*) \||Against a week earlier: (.*))/m,
    html: /<dt>against a week earlier<\/dt><dd>(.*?)<\/dd>|Against a week earlier: (.*?)<\/p>/,
    terminal: /^ {2}(?:Sales \(order totals\) +€7\.30 {2}(.*?)(?: {2}.*)?|Against a week earlier: (.*))$/m,
  };

  test.each(Object.keys(compared) as (keyof typeof compared)[])('%s', async form => {
    for (const [words, change] of four) {
      // Without the report before, which has a column of its own.
      const report = { ...withChange(change), previous: withChange({ kind: 'no data' }).weekEarlier };
      const found = compared[form]
        .exec(await shownAs(form, report))!
        .slice(1)
        .find(Boolean)!;
      expect(found.replace(/<[^>]*>/g, '').trim()).toBe(words);
    }
  });

  test('subject and SMS tell a value only; JSON tells them apart by kind', async () => {
    for (const [, change] of four) {
      const sms = await renderedAs('sms', withChange(change));
      expect(sms.includes('a week earlier')).toBe(change.kind === 'value');
      expect(JSON.parse(await renderedAs('json', withChange(change))).weekEarlier.sales).toEqual(change);
    }
  });
});

describe('strings from the shop do no harm', () => {
  const hostile = (name: string): Report => ({
    ...odd,
    groups: [{ name, sales: '12.50', units: '3', share: '41.5', weekEarlier: { kind: 'no data' } }],
    products: [{ name, sales: '12.50', units: '3', ids: [name], group: name }],
    movers: [{ name, by: '-3.00' }],
    missing: [name],
    checks: [{ ...doubt, words: name, ids: [name] }],
    reason: name,
    forced: true,
  });
  const lines = (text: string) => text.split('\n').length;
  /** The fewest lines that a form has for such a report: a name adds none. */
  const usual = hostile('Tea');

  const forms = [...formNames, 'terminal'] as const;
  test.each(forms)('%s', async form => {
    for (const name of hostileNames) {
      const text = await shownAs(form, hostile(name));
      const allowed = form === 'csv' ? /(?![\t\r\n])\p{Cc}|\p{Cs}/u : /(?!\n)\p{Cc}|\p{Cs}/u;
      expect(text.replace(/\r\n/g, '\n')).not.toMatch(allowed);
      // Overrides and embeddings do not reach a line of ours; an isolate ends where it began.
      if (form !== 'csv') expect(text).not.toMatch(/[\u202a-\u202e\u2066\u2067]/);
      expect(text.match(/\u2068/g)?.length ?? 0).toBe(text.match(/\u2069/g)?.length ?? 0);
      expect(text).not.toMatch(/undefined|NaN|\[object/);
      if (form === 'text' || form === 'markdown') expect(lines(text)).toBe(lines(await shownAs(form, usual)));
      if (form === 'text') expect(text).toContain(': €12.50, 41.5%, 3 units\n');
    }
  });

  test('no markup of theirs is one of the page, or of Markdown', async () => {
    const elements = elementsOf(await renderedAs('html', usual)).length;
    for (const name of hostileNames) {
      const page = elementsOf(await renderedAs('html', hostile(name)));
      expect(page.map(({ name }) => name)).not.toContain('script');
      // What has no letters has no id to isolate either.
      expect(page.length).toBe(name.trim() === '' ? elements - 1 : elements);
      const rows = (await renderedAs('markdown', hostile(name))).split('\n').filter(line => line.startsWith('|'));
      for (const row of rows) expect(row.replaceAll('\\\\', '').match(/(?<!\\)[<[`*]/g) ?? []).toEqual([]);
    }
  });

  test.each([
    '',
    '   ',
    '\u00a0',
    '\u200b\u200d\u2060',
    '\u00ad',
    '\u3164',
    '\u115f\u1160\uffa0',
    '\u2800',
    '\ufe0f\u034f',
    '\u{e0041}\u{e0042}',
    '\u{1d159}',
    '\u202e\u202c',
    '\u180e\ufeff',
  ])('a name of which nobody would see anything (%j) is seen in each form', async name => {
    for (const form of ['text', 'markdown', 'html', 'csv', 'terminal'] as const) {
      const text = await shownAs(form, hostile(name));
      expect(text.replaceAll('\\', ''), form).toContain('(no name)');
    }
    expect((parse(csvOf(hostile(name))) as string[][]).filter(([part]) => part === 'group')).toEqual([
      ['group', '(no name)', '', '12.50', '3', ''],
    ]);
    const json = await renderedAs('json', hostile(name));
    if (name !== '' && name.trim() !== '') expect(json, 'its own characters').not.toContain(name.slice(0, 1));
    expect(JSON.parse(json).missing).toEqual([name]);
  });

  test('a CSV holds no cell that Excel would cut without a word, and no half of a character', () => {
    for (const name of [
      'x'.repeat(32_767),
      'x'.repeat(32_768),
      `x${'😀'.repeat(20_000)}`,
      `=${'1'.repeat(32_767)}`,
      'é'.repeat(70_000),
    ]) {
      const [, shown = ''] = (parse(csvOf(hostile(name))) as string[][]).find(([part]) => part === 'product')!;
      expect(shown.length).toBeLessThanOrEqual(32_767);
      expect(shown).not.toMatch(/\p{Cs}/u);
      expect(shown.endsWith('…')).toBe(name.length > 32_767 || name.startsWith('='));
      expect(shown.length).toBeGreaterThan(32_760);
    }
  });

  /** What GitHub and Slack make a link or a mention of, in what was rendered: there an escape is gone. */
  const linked = /https?:\/\/|ftp:\/\/|\bwww\.|@[a-z0-9]|#\d|\bGH-\d|mailto:|xmpp:|:tada:/gi;

  test('Markdown makes no link, mention, issue or emoji of a name, and keeps its letters', async () => {
    for (const name of [...hostileNames, 'ftp://x.example', '(www.x.example)', '@org/team', 'xmpp:a@b.example']) {
      const rendered = (await renderedAs('markdown', hostile(name))).replace(/\\(?=[!-/:-@[-`{-~])/g, '');
      expect(rendered.match(linked) ?? [], name).toEqual([]);
    }
    expect((await renderedAs('markdown', hostile('@anna & www.x.example'))).replaceAll('\u2060', '')).toContain(
      '@anna \\& www.x.example',
    );
  });

  test('no cell of a CSV is a formula, and its numbers are untouched', () => {
    for (const name of hostileNames) {
      const report = { ...hostile(name), sales: '-7.30' };
      const rows = parse(csvOf(report)) as string[][];
      expect(rows[1]![3]).toBe('-7.30');
      for (const [, shown, group] of rows.slice(1))
        for (const cell of [shown!, group!]) {
          expect(cell).not.toMatch(/^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/);
          expect(cell.replace(/[\p{Cf}\p{Cc}\s]/gu, '')).not.toMatch(/^[=+\-@\uff1d\uff0b\uff0d\uff20]/);
        }
    }
  });

  test('JSON gives each back as it is', async () => {
    for (const name of hostileNames)
      expect(JSON.parse(await renderedAs('json', hostile(name))).missing).toEqual([name]);
  });

  test('an SMS and a subject hold none of them', async () => {
    for (const name of hostileNames) {
      expect(septetsOf((await renderedAs('sms', hostile(name))).trimEnd())).toBeLessThanOrEqual(160);
      expect(await renderedAs('subject', hostile(name))).toMatch(/^[\x20-\x7e]{1,99}\n$/);
    }
  });

  test('what is written from right to left leaves the amounts where they are', async () => {
    expect(await renderedAs('text', hostile('שוקו חם'))).toContain('\n\u2068שוקו חם\u2069: €12.50, 41.5%, 3 units\n');
    expect(await renderedAs('text', hostile('\u202etxt.exe'))).toContain('\ntxt.exe: €12.50, 41.5%, 3 units\n');
  });
});
