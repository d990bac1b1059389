import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Operation } from '../../../src/provision/aws/operation.ts';
import { operationOf } from './operation-of.ts';
import { passOn, readRequest } from './pass-on.ts';

/**
 * What becomes of one answer: a proxy's page in its place, nothing in it, a part of it and then the end, or no answer
 * ever.
 */
export type WireFault = 'page' | 'empty' | 'cut 25' | 'cut 50' | 'cut 90' | 'hangs';

export interface Passed {
  operation: Operation;
  /** How many of the operation came before it, and itself. */
  nth: number;
  /** The same for the same question. */
  question: string;
  fault?: WireFault;
  /** Of AWS's own answer, where it was asked. */
  bytes?: number;
}

const page =
  '<?xml version="1.0" encoding="UTF-8"?>\n<html xmlns="http://www.w3.org/1999/xhtml"><head><title>Sign in</title></head><body><p>Sign in to go on.</p></body></html>';

/**
 * Stands between the program and an emulator, and does to each answer what `faultOf` says. `log` has each request, in
 * the order in which they came.
 */
export async function startFaultyProxy(
  emulator: string,
  faultOf: (call: Passed, log: readonly Passed[]) => WireFault | undefined,
) {
  const log: Passed[] = [];
  const counts = new Map<Operation, number>();
  let hangingSince: number | undefined;

  const server = createServer(async (incoming, outgoing) => {
    try {
      const request = await readRequest(incoming);
      const operation = await operationOf(request);
      const nth = (counts.get(operation) ?? 0) + 1;
      counts.set(operation, nth);
      const call: Passed = {
        operation,
        nth,
        question: `${request.method} ${request.url} ${request.body.toString('latin1')}`,
      };
      const fault = faultOf(call, log);
      if (fault) call.fault = fault;
      log.push(call);
      if (fault === 'hangs') {
        hangingSince ??= performance.now();
        return;
      }
      if (fault === 'page') {
        outgoing.writeHead(200, { 'content-type': 'application/xhtml+xml' });
        return void outgoing.end(page);
      }
      const answer = await passOn(emulator, request);
      call.bytes = answer.body.length;
      if (fault === 'empty') {
        outgoing.writeHead(200, { 'content-type': 'text/plain', 'content-length': 0 });
        return void outgoing.end();
      }
      if (!fault) {
        outgoing.writeHead(answer.status, answer.headers);
        return void outgoing.end(answer.body);
      }
      const share = Number(fault.split(' ')[1]) / 100;
      const kept = answer.headers.flatMap((name, index) => {
        const isName = index % 2 === 0 && !/^(content-length|transfer-encoding|connection)$/i.test(name);
        return isName ? [`${name}: ${answer.headers[index + 1]}`] : [];
      });
      const head = [`HTTP/1.1 ${answer.status} OK`, ...kept, 'connection: close'].join('\r\n');
      incoming.socket.write(`${head}\r\n\r\n`);
      incoming.socket.end(answer.body.subarray(0, Math.floor(answer.body.length * share)));
    } catch {
      incoming.socket.destroy();
    }
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    log,
    /** When the first request was left without an answer, ms on `performance.now`. */
    get hangingSince() {
      return hangingSince;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}
