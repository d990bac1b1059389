import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A packet of the MySQL protocol. */
export const packet = (sequence: number, ...parts: (Uint8Array | number)[]): Buffer => {
  const body = Buffer.concat(parts.map(part => (typeof part === 'number' ? Buffer.from([part]) : part)));
  const head = Buffer.alloc(4);
  head.writeUIntLE(body.length, 0, 3);
  head[3] = sequence;
  return Buffer.concat([head, body]);
};

export const text = (words: string): Buffer => Buffer.from(`${words}\0`, 'latin1');

/**
 * The first packet of a server without TLS whose default login is `plugin` (MySQL documentation,
 * "Protocol::HandshakeV10").
 */
export const greeting = (plugin: string): Buffer =>
  packet(
    0,
    10,
    text('8.4.3'),
    Buffer.from([1, 0, 0, 0]),
    Buffer.alloc(8, 65),
    0,
    Buffer.from([0xff, 0xf7]),
    45,
    Buffer.from([2, 0]),
    Buffer.from([0xff, 0xc1]),
    21,
    Buffer.alloc(10),
    Buffer.alloc(12, 66),
    0,
    text(plugin),
  );

export const ok = (sequence: number): Buffer => packet(sequence, Buffer.from([0, 0, 0, 2, 0, 0, 0]));

/** Asks the client to log in by another plug-in ("Protocol::AuthSwitchRequest"). */
export const switchTo = (sequence: number, plugin: string, nonce: Uint8Array = Buffer.alloc(20, 67)): Buffer =>
  packet(sequence, 0xfe, text(plugin), nonce, 0);

export const more = (sequence: number, ...parts: (Uint8Array | number)[]): Buffer => packet(sequence, 1, ...parts);

export interface Rogue {
  port: number;
  /** All that clients have sent. */
  received(): Buffer;
  /** How many connections are open. */
  open(): Promise<number>;
}

/**
 * A server on a free port of loopback that answers each chunk that comes in as told; `turn` counts from 0, which is the
 * greeting's.
 */
export async function rogueServer(answer: (socket: Socket, turn: number, chunk: Buffer) => void): Promise<Rogue> {
  const chunks: Buffer[] = [];
  const sockets = new Set<Socket>();
  const server: Server = createServer(socket => {
    let turn = 0;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    socket.on('data', chunk => {
      chunks.push(chunk);
      answer(socket, ++turn, chunk);
    });
    answer(socket, 0, Buffer.alloc(0));
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    received: () => Buffer.concat(chunks),
    open: () => new Promise(done => server.getConnections((_error, count) => done(count))),
  };
}
