import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { Problem } from '../../src/problem.ts';
import { problemOf, Terminal, type TerminalFlags } from '../../src/terminal/terminal.ts';
import { outcomes } from './samples.ts';

function open(flags: TerminalFlags, options: { isTTY?: boolean; env?: NodeJS.ProcessEnv; typed?: string } = {}) {
  const seen = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof seen) => ({
    isTTY: options.isTTY,
    columns: 80,
    write: (text: string) => {
      seen[name] += text;
    },
  });
  const stdin = Object.assign(Readable.from(options.typed === undefined ? [] : [`${options.typed}\n`]), {
    isTTY: false,
  });
  return {
    seen,
    terminal: new Terminal(
      { stdout: stream('stdout'), stderr: stream('stderr'), stdin, env: options.env ?? {} },
      flags,
    ),
  };
}

const escapeCode = String.fromCharCode(27);
const denied = new Problem('access-denied', 'You may not ec2:CreateVpc: have it allowed.', {
  next: 'Ask your administrator.',
  aws: {
    operation: 'ec2:CreateVpc',
    name: 'UnauthorizedOperation',
    message: 'You are not authorized.',
    requestId: 'r-1',
  },
});

describe('streams', () => {
  test('results go to stdout, everything else to stderr', () => {
    const { seen, terminal } = open({});
    terminal.note('looking');
    terminal.warn('A sentence.');
    terminal.result({ text: () => 'the result', document: {} });
    expect(seen).toEqual({ stdout: 'the result\n', stderr: 'looking\nNote: A sentence.\n' });
  });

  test('--json makes the result one document', () => {
    const { seen, terminal } = open({ json: true });
    terminal.note('looking');
    terminal.result({ text: () => 'the result', document: { version: 1, ok: true } });
    expect(JSON.parse(seen.stdout)).toEqual({ version: 1, ok: true });
  });

  test('--quiet leaves results and warnings', () => {
    const { seen, terminal } = open({ quiet: true });
    terminal.note('looking');
    const progress = terminal.progress('Working', systemClock);
    progress.begin(1);
    progress.finished(outcomes[0]!);
    progress.end();
    terminal.warn('A sentence.');
    terminal.result({ text: () => 'the result', document: {} });
    expect(seen).toEqual({ stdout: 'the result\n', stderr: 'Note: A sentence.\n' });
  });

  test('--verbose shows each call', () => {
    const { seen, terminal } = open({ verbose: true });
    terminal.call({ operation: 'ec2:CreateVpc', resource: 'vpc', ms: 512.4 });
    terminal.call({ operation: 'iam:GetRole', ms: 80, error: 'NoSuchEntityException' });
    expect(seen.stderr).toBe('  ec2:CreateVpc  512 ms  vpc\n  iam:GetRole  80 ms  NoSuchEntityException\n');
    const silent = open({});
    silent.terminal.call({ operation: 'ec2:CreateVpc', ms: 512 });
    expect(silent.seen.stderr).toBe('');
  });
});

describe('colours', () => {
  test.each([
    [{}, { isTTY: true }, true],
    [{}, {}, false],
    [{ color: false }, { isTTY: true }, false],
    [{}, { isTTY: true, env: { NO_COLOR: '1' } }, false],
    [{}, { isTTY: true, env: { TERM: 'dumb' } }, false],
  ])('flags %j on %j', (flags, options, colored) => {
    const { seen, terminal } = open(flags, options);
    terminal.warn('A sentence.');
    expect(seen.stderr.includes(escapeCode)).toBe(colored);
  });
});

describe('problems', () => {
  test("a sentence, what to do next, AWS's own words", () => {
    const { seen, terminal } = open({});
    terminal.problem(denied);
    expect(seen).toEqual({
      stdout: '',
      stderr:
        'Error: You may not ec2:CreateVpc: have it allowed.\nAsk your administrator.\n' +
        '  AWS to ec2:CreateVpc: UnauthorizedOperation: You are not authorized. (request\n  r-1)\n',
    });
  });

  test('a document with --json', () => {
    const { seen, terminal } = open({ json: true });
    terminal.problem(denied);
    expect(JSON.parse(seen.stdout)).toEqual({
      version: 1,
      ok: false,
      error: {
        code: 'access-denied',
        message: 'You may not ec2:CreateVpc: have it allowed.',
        next: 'Ask your administrator.',
        aws: {
          operation: 'ec2:CreateVpc',
          name: 'UnauthorizedOperation',
          message: 'You are not authorized.',
          requestId: 'r-1',
        },
      },
    });
  });

  test('a mistake of the program shows its stack only with --verbose', () => {
    const problem = problemOf(new TypeError('x is not a function'));
    expect(problem.message).toBe('Something unexpected happened: x is not a function.');
    const [quiet, verbose] = [open({}), open({ verbose: true })];
    quiet.terminal.problem(problem);
    verbose.terminal.problem(problem);
    expect(quiet.seen.stderr).not.toContain('terminal.test.ts');
    expect(verbose.seen.stderr).toContain('terminal.test.ts');
  });
});

describe('questions', () => {
  test.each([
    ['y', true],
    ['YES', true],
    ['n', false],
    ['', false],
    ['yesterday', false],
  ])('%j to y/N is %s', async (typed, answer) => {
    const { seen, terminal } = open({}, { typed });
    expect(await terminal.confirm('Build it?')).toBe(answer);
    expect(seen).toEqual({ stdout: '', stderr: 'Build it? [y/N] ' });
  });

  test('a long one is folded between words, with room for the answer', async () => {
    const { seen, terminal } = open({}, { typed: 'y' });
    const question =
      'salesreport teardown is at work since Tue 24 Nov 2026 09:00 UTC, by ann on the host till (process 4711). Remove its lock?';
    expect(await terminal.confirm(question)).toBe(true);
    expect(seen.stderr.replaceAll('\n', ' ')).toBe(`${question} [y/N] `);
    expect(seen.stderr.split('\n').map(line => line.length <= 77)).toEqual([true, true]);
  });

  test.each([
    ['shop', true],
    ['Shop', false],
    ['', false],
  ])('%j for the name shop is %s', async (typed, answer) => {
    expect(await open({}, { typed }).terminal.confirmByName('Remove it?', 'shop')).toBe(answer);
  });

  test('a secret is not shown', async () => {
    const { seen, terminal } = open({}, { typed: 'hunter2' });
    expect(await terminal.hidden('Password: ')).toBe('hunter2');
    expect(seen).toEqual({ stdout: '', stderr: 'Password: \n' });
  });

  test('the end of the input stops the command', async () => {
    await expect(open({}).terminal.confirm('Build it?')).rejects.toMatchObject({
      code: 'interrupted',
      exit: 'interrupted',
    });
  });

  test('only a terminal on both sides can be asked', () => {
    expect(open({}).terminal.isInteractive).toBe(false);
  });
});

describe("other people's words", () => {
  const code = String.fromCharCode;
  const escapes = [
    `${escapeCode}]0;title${code(7)}`,
    `${escapeCode}[31mred`,
    `${code(0x9b)}2J`,
    `a${code(0x7f)}${code(8)}b`,
  ];
  const steering = ['a\u202eb', 'a\u2066b', 'a\u2068b', 'a\u200bb', 'a\ufeffb', 'a\u{e0041}b', 'a\u2028b'];
  const hostile = [...escapes, ...steering].join(' ');
  const obeyed = /(?!\n)[\p{Cc}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;
  const refused = new Problem('access-denied', `No: ${hostile}.`, {
    next: `Ask ${hostile}.`,
    aws: { operation: 'ec2:CreateVpc', name: hostile, message: `${hostile}\nError: all is lost`, requestId: hostile },
  });

  test('do nothing to a terminal, whatever shows them', () => {
    const { seen, terminal } = open({ color: false, verbose: true }, { isTTY: true });
    terminal.result({ text: () => hostile, document: {} });
    terminal.tell(() => hostile);
    terminal.note(hostile);
    terminal.warn(hostile);
    terminal.call({ operation: hostile, ms: 1, error: hostile });
    terminal.problem(refused);
    expect(seen.stdout + seen.stderr).not.toMatch(obeyed);
    expect(seen.stderr).not.toMatch(/^Error: all/m);
    expect(seen.stdout).toContain('␛[31mred');
  });

  test('our own colours stay beside them', () => {
    const { seen, terminal } = open({}, { isTTY: true });
    terminal.result({ text: ({ style }) => style.dim(`${hostile} ${style.bold('bold')} dim`), document: {} });
    const own = [`${escapeCode}[2m`, `${escapeCode}[1m`, `${escapeCode}[22m`];
    const rest = own.reduce((text, paint) => text.replaceAll(paint, ''), seen.stdout);
    expect(seen.stdout.startsWith(own[0]!)).toBe(true);
    expect(rest).toContain('bold dim');
    expect(rest).not.toMatch(obeyed);
  });

  test('are written in JSON so that they read the same and do nothing', () => {
    const { seen, terminal } = open({ json: true });
    terminal.result({ text: () => '', document: { hostile } });
    expect(JSON.parse(seen.stdout)).toEqual({ hostile });
    expect(seen.stdout).not.toMatch(obeyed);
  });

  test('keep what belongs to their script', () => {
    const { seen, terminal } = open({});
    const words = '👩‍👩‍👧‍👦 ☕️ می‌خواهم \u2068שוקו\u2069 é 抹茶';
    terminal.result({ text: () => words, document: {} });
    expect(seen.stdout).toBe(`${words}\n`);
  });
});

test('with --json there is one document, whatever fails after it', () => {
  const { seen, terminal } = open({ json: true });
  terminal.result({ text: () => 'the result', document: { version: 1, ok: true } });
  terminal.problem(denied);
  expect(JSON.parse(seen.stdout)).toEqual({ version: 1, ok: true });
  expect(seen.stderr).toContain('You may not ec2:CreateVpc');
});
