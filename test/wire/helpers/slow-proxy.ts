import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Operation } from '../../../src/provision/aws/operation.ts';
import { isMutating } from '../../../src/provision/operations.ts';
import { type TimingName, timings } from '../../../src/provision/timings.ts';
import { operationOf } from './operation-of.ts';
import { passOn, readRequest } from './pass-on.ts';

/**
 * A state that AWS takes its time to reach, and an emulator does not: which call begins it, and how an answer shows it
 * before.
 */
interface Slow {
  timing: TimingName;
  begins: Operation;
  shownBy: readonly Operation[];
  inPlaceOf: RegExp;
  before: string;
}

const slow: readonly Slow[] = [
  {
    timing: 'nat.available',
    begins: 'ec2:CreateNatGateway',
    shownBy: ['ec2:CreateNatGateway', 'ec2:DescribeNatGateways'],
    inPlaceOf: /<state>available<\/state>/g,
    before: '<state>pending</state>',
  },
  {
    timing: 'instance.running',
    begins: 'ec2:RunInstances',
    shownBy: ['ec2:RunInstances', 'ec2:DescribeInstances'],
    inPlaceOf: /<code>16<\/code>\s*<name>running<\/name>/g,
    before: '<code>0</code><name>pending</name>',
  },
  {
    timing: 'function.active',
    begins: 'lambda:CreateFunction',
    shownBy: ['lambda:CreateFunction', 'lambda:GetFunction'],
    inPlaceOf: /"State":\s*"Active"/g,
    before: '"State": "Pending"',
  },
];

interface Timed {
  /** When the emulator is asked, ms since 1970. */
  at: number;
  operation: Operation;
  /** Of the parameter. */
  name: string | undefined;
}

const ms = (timing: TimingName): number => timings[timing].seconds * 1_000;

/**
 * Stands between one program and an emulator, and gives it the latencies of AWS, at their medians: each call waits
 * before the emulator is asked, and the slow states take their time. The emulator takes the calls for those of the
 * account. `log` has each call, in the order in which the emulator was asked.
 */
export async function startSlowProxy(emulator: string, account: string) {
  const log: Timed[] = [];
  const reachedAt = new Map<Slow, number>();

  const server = createServer(async (incoming, outgoing) => {
    try {
      const request = await readRequest(incoming);
      const operation = await operationOf(request);
      await pause(ms(isMutating(operation) ? 'call.write' : 'call.read'));
      const name = operation.startsWith('ssm:') ? JSON.parse(request.body.toString()).Name : undefined;
      log.push({ at: Date.now(), operation, name });
      const answer = await passOn(emulator, {
        ...request,
        headers: { ...request.headers, 'x-moto-account-id': account },
      });
      let body = answer.body.toString('latin1');
      for (const state of slow) {
        if (state.begins === operation && answer.status < 300) reachedAt.set(state, Date.now() + ms(state.timing));
        if (state.shownBy.includes(operation) && Date.now() < (reachedAt.get(state) ?? 0))
          body = body.replace(state.inPlaceOf, state.before);
      }
      const headers = answer.headers.flatMap((header, index, all) =>
        index % 2 === 1 || /^(content-length|transfer-encoding|connection)$/i.test(header)
          ? []
          : [header, all[index + 1]!],
      );
      outgoing.writeHead(answer.status, headers);
      outgoing.end(Buffer.from(body, 'latin1'));
    } catch {
      incoming.socket.destroy();
    }
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    log,
    async stop() {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}
