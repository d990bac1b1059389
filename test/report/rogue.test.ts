import { generateKeyPairSync, privateDecrypt } from 'node:crypto';
import { describe, expect, test, vi } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { Secret } from '../../src/report/secret.ts';
import { mysqlSource } from '../../src/report/sources/mysql.ts';
import { greeting, more, ok, packet, type Rogue, rogueServer, switchTo, text } from './rogue-server.ts';

const password = 'Hunter2-of-the-shop';

/** Reads a report from the server, and gives the sentence that it ends with. */
async function said(server: Rogue, more: object = {}): Promise<string> {
  const source = mysqlSource({
    host: '127.0.0.1',
    port: server.port,
    name: 'shop',
    user: 'reader',
    password: new Secret(password),
    tls: false,
    connectMs: 400,
    answerMs: 400,
    clock: systemClock,
    ...more,
  });
  const window = { from: '2026-11-23T16:00:00.000Z', to: '2026-11-24T16:00:00.000Z' };
  const error = await source.read([window], Date.now()).then(
    () => new Error('it was read'),
    problem => problem as Error,
  );
  await source.close();
  // A socket that stayed open would keep the process alive.
  await vi.waitFor(async () => expect(await server.open()).toBe(0), { timeout: 2_000 });
  expect(server.received().includes(password)).toBe(false);
  return error.message;
}

/** Greets, takes the login, and then answers each statement so. */
const wellUntil = (statement: (socket: import('node:net').Socket) => void) =>
  rogueServer((socket, turn) => {
    if (turn === 0) socket.write(greeting('mysql_native_password'));
    else if (turn === 1) socket.write(ok(2));
    else statement(socket);
  });

describe('without TLS', () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = publicKey.export({ type: 'spki', format: 'pem' });

  test.each(['caching_sha2_password', 'sha256_password', 'mysql_clear_password'])(
    '%s is refused before the password is asked for',
    async plugin => {
      for (const begins of [plugin, 'mysql_native_password']) {
        const server = await rogueServer((socket, turn, chunk) => {
          if (turn === 0) socket.write(greeting(begins));
          else if (turn === 1) socket.write(switchTo(2, plugin));
          else if (turn === 2)
            socket.write(plugin === 'caching_sha2_password' ? more(4, 4) : more(4, Buffer.from(pem)));
          else if (turn === 3) socket.write(more(6, Buffer.from(pem)));
          void chunk;
        });
        expect(await said(server)).toBe(
          `reader at 127.0.0.1 logs in by ${plugin}, which without TLS can give the password to whoever answers in the server's place: set database.tls: true (in a URL: ?tls=true), or let reader log in by ed25519 or mysql_native_password.`,
        );
        const sent = server.received();
        // What was sent can be no password under the rogue's own key.
        for (let at = 0; at + 256 <= sent.length; at++)
          expect(() => privateDecrypt({ key: privateKey, oaepHash: 'sha1' }, sent.subarray(at, at + 256))).toThrow();
      }
    },
  );

  test('a server that says its cache is warm is not let on', async () => {
    const server = await rogueServer((socket, turn) => {
      if (turn === 0) socket.write(greeting('caching_sha2_password'));
      else if (turn === 1) socket.write(switchTo(2, 'caching_sha2_password'));
      else socket.write(Buffer.concat([more(4, 3), ok(5)]));
    });
    expect(await said(server)).toContain('logs in by caching_sha2_password');
  });
});

test.each([
  [
    'parsec',
    'reader at 127.0.0.1 logs in by parsec, which the report cannot: let reader log in by ed25519, mysql_native_password or, with TLS, caching_sha2_password.',
  ],
  [
    'a\u001b[2J',
    expect.stringMatching(
      /^127\.0\.0\.1:\d+ does not answer as MariaDB and MySQL do: check the database's host and port\.$/,
    ),
  ],
])('the plug-in %j is one sentence', async (plugin, sentence) => {
  const server = await rogueServer((socket, turn) => {
    if (turn === 0) socket.write(greeting('mysql_native_password'));
    else if (turn === 1) socket.write(switchTo(2, plugin));
  });
  expect(await said(server)).toEqual(sentence);
});

describe('what is no answer', () => {
  const garbled =
    /^127\.0\.0\.1:\d+ (does not answer as MariaDB and MySQL do: check the database's host and port|closed the connection: check that it is MariaDB or MySQL, and its log)\.$/;

  test.each([
    ['HTTP', Buffer.from('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n')],
    ['an empty packet', packet(0)],
    ['a greeting that ends early', packet(0, 10, text('8'))],
    ['a greeting of another number', Buffer.concat([Buffer.from([1, 0, 0, 7]), Buffer.from([10])])],
    ['zeros', Buffer.alloc(4_096)],
    ['a greeting twice', Buffer.concat([greeting('mysql_native_password'), greeting('mysql_native_password')])],
  ])('in place of a greeting: %s', async (_what, bytes) => {
    const printed = vi.spyOn(console, 'error').mockImplementation(() => {});
    const server = await rogueServer((socket, turn) => void (turn === 0 && socket.write(bytes)));
    expect(await said(server)).toMatch(/(does not answer|closed the connection|No answer from)/);
    expect(printed).not.toHaveBeenCalled();
    printed.mockRestore();
  });

  test('an early close', async () => {
    const server = await rogueServer(socket => socket.destroy());
    expect(await said(server)).toMatch(garbled);
  });

  test('an early close after the greeting', async () => {
    const server = await rogueServer((socket, turn) =>
      turn === 0 ? void socket.write(greeting('mysql_native_password')) : socket.destroy(),
    );
    expect(await said(server)).toMatch(garbled);
  });

  test.each([
    ['a packet out of order', ok(9)],
    ['a field that ends early', Buffer.concat([packet(1, 1), packet(2, 3, 100)])],
    ['more columns than there can be', packet(1, 0xfd, Buffer.from([255, 255, 255]))],
    [
      'a row that ends early',
      Buffer.concat([
        packet(1, 1),
        packet(2, 3, Buffer.from('def'), 0, 0, 0, 1, 97, 0, 12, Buffer.from([45, 0, 1, 0, 0, 0, 253, 0, 0, 0, 0, 0])),
        packet(3, 0xfe, Buffer.from([0, 0, 2, 0])),
        packet(4, 250),
      ]),
    ],
  ])('in place of rows: %s', async (_what, bytes) => {
    const printed = vi.spyOn(console, 'error').mockImplementation(() => {});
    const sentence = await said(await wellUntil(socket => void socket.write(bytes)));
    expect(sentence).toMatch(/^[^\n]{20,300}$/);
    expect(sentence).toMatch(
      /(does not answer as|more than any report reads|did not answer within|closed the connection)/,
    );
    expect(printed).not.toHaveBeenCalled();
    printed.mockRestore();
  });

  test('words of the server are one line', async () => {
    const message = packet(1, 0xff, Buffer.from([0xe8, 3]), Buffer.from(`#HY000a\u001b[2J\nb${'x'.repeat(5_000)}`));
    const sentence = await said(await wellUntil(socket => void socket.write(message)));
    expect(sentence).toMatch(/^The database shop at 127\.0\.0\.1 refuses \([^\p{C}]{0,400}\): check its settings\.$/u);
  });
});

describe('a server that never stops', () => {
  const column = packet(
    2,
    3,
    Buffer.from('def'),
    0,
    0,
    0,
    1,
    97,
    0,
    12,
    Buffer.from([45, 0, 1, 0, 0, 0, 253, 0, 0, 0, 0, 0]),
  );
  const head = Buffer.concat([packet(1, 1), column, packet(3, 0xfe, Buffer.from([0, 0, 2, 0]))]);
  /** Sends for ever what `next` makes. */
  const flood = (socket: import('node:net').Socket, next: (sequence: number) => Buffer, from: number) => {
    let sequence = from;
    const go = () => {
      while (!socket.destroyed) {
        const parts = [next(sequence++ & 255)];
        while (parts[0]!.length < 1_000 && parts.length < 1_024) parts.push(next(sequence++ & 255));
        if (!socket.write(Buffer.concat(parts))) return;
      }
    };
    socket.on('drain', go);
    go();
  };

  test.each([
    [
      'rows',
      (socket: import('node:net').Socket) => {
        socket.write(head);
        flood(socket, at => packet(at, 1, 97), 4);
      },
    ],
    [
      'long rows',
      (socket: import('node:net').Socket) => {
        socket.write(head);
        flood(socket, at => packet(at, 0xfd, Buffer.from([0, 0, 1]), Buffer.alloc(65_536, 97)), 4);
      },
    ],
    [
      'columns',
      (socket: import('node:net').Socket) => {
        socket.write(packet(1, 0xfd, Buffer.from([255, 255, 255])));
        flood(socket, at => packet(at, column.subarray(4)), 2);
      },
    ],
    [
      'one packet',
      (socket: import('node:net').Socket) => {
        flood(socket, at => packet(at, Buffer.alloc(0xffffff, 97)), 1);
      },
    ],
  ])('with %s is left, and the memory holds', async (_what, answer) => {
    const before = process.memoryUsage().rss;
    let peak = before;
    const meter = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().rss);
    }, 10);
    const sentence = await said(await wellUntil(answer), { answerMs: 20_000 });
    clearInterval(meter);
    expect(sentence).toMatch(
      /sent more than any report reads \(.*\), and was left: check that it is the shop's database\.$/,
    );
    expect((peak - before) / 2 ** 20).toBeLessThan(400);
  });

  test('before the login ends with it', async () => {
    const server = await rogueServer((socket, turn) => {
      if (turn === 0) flood(socket, () => Buffer.alloc(65_536, 97), 0);
    });
    expect(await said(server, { connectMs: 5_000 })).toMatch(/sent more than any report reads|does not answer as/);
  });

  test('with one byte after the other is given up in time', async () => {
    const start = Date.now();
    const server = await wellUntil(socket => {
      socket.write(head);
      const drip = setInterval(() => socket.write(packet(4, 1, 97).subarray(0, 1)), 50);
      socket.on('close', () => clearInterval(drip));
    });
    expect(await said(server)).toContain('did not answer within 0.4 s');
    expect(Date.now() - start).toBeLessThan(5_000);
  });

  test('that greets and then says nothing is given up in time', async () => {
    const server = await rogueServer(
      (socket, turn) => void (turn === 0 && socket.write(greeting('mysql_native_password'))),
    );
    expect(await said(server)).toMatch(/^No answer from 127\.0\.0\.1:\d+/);
  });
});
