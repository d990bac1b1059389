import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { Terminal } from '../../src/terminal/terminal.ts';

/** A terminal of real streams: what is drawn on it is kept, piece by piece. */
function openTerminal() {
  const drawn: string[] = [];
  const stream = {
    isTTY: true,
    columns: 80,
    write: (text: string) => drawn.push(text) > 0,
    cursorTo() {},
    moveCursor() {},
  };
  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode() {} });
  const out = { ...stream, clearLine: () => drawn.push('<cleared>') > 0 };
  const terminal = new Terminal({ stdout: out, stderr: out, stdin, env: { TERM: 'xterm' } }, {});
  return { terminal, stdin, drawn, text: () => drawn.join('') };
}

const frames = (ms: number) => new Promise(done => setTimeout(done, ms));

test.each([
  ['a secret', 'Password: ', (terminal: Terminal) => terminal.hidden('Password: '), 'hunter2'],
  ['yes or no', 'Go on? [y/N] ', (terminal: Terminal) => terminal.confirm('Go on?'), true],
  ['a name', 'to go on: ', (terminal: Terminal) => terminal.confirmByName('Remove it?', 'shop'), false],
] as const)(
  'nothing is drawn over a question while it waits for its answer: %s',
  async (_what, question, ask, expected) => {
    const { terminal, stdin, drawn, text } = openTerminal();
    const progress = terminal.progress('Provisioning', systemClock);
    const answer = ask(terminal);
    await frames(300);
    const asked = drawn.findIndex(piece => piece.includes(question.trim()));
    expect(asked).toBeGreaterThanOrEqual(0);
    const since = drawn.slice(asked + 1).join('');
    expect(since).not.toContain('Provisioning');
    expect(since).not.toContain('<cleared>');
    stdin.write(expected === true ? 'y\n' : 'hunter2\n');
    expect(await answer).toBe(expected);
    const before = text().length;
    await frames(300);
    expect(text().slice(before)).toContain('Provisioning');
    progress.end();
    const over = text().length;
    await frames(200);
    expect(text().length).toBe(over);
  },
);

test('two questions are asked one after the other', async () => {
  const { terminal, stdin, text } = openTerminal();
  const progress = terminal.progress('Provisioning', systemClock);
  const answers = [terminal.hidden('First: '), terminal.hidden('Second: ')];
  await frames(50);
  expect(text()).not.toContain('Second: ');
  stdin.write('one\n');
  await answers[0];
  await frames(50);
  expect(text()).toContain('Second: ');
  stdin.write('two\n');
  expect(await Promise.all(answers)).toEqual(['one', 'two']);
  progress.end();
});
