import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isMutating } from '../../../src/provision/operations.ts';
import { identitiesOf, type Names } from './identity.ts';
import { operationOf, type Request } from './operation-of.ts';
import { type Answer, passOn, readRequest } from './pass-on.ts';

/** Where a process dies: before its call has reached AWS, or when AWS has done it and the answer is on its way. */
export type Side = 'before' | 'after';

export interface ProxyOptions {
  /** What the ids that were seen so far belong to. */
  names: Names;
  /** Asked about each changing call, by what it does; the process is killed at it when this says so. */
  isDeadly(identities: readonly string[]): boolean;
  side: Side;
  kill(): void;
}

/**
 * Stands between one process and an emulator. Changing calls are let through one after the other, so that what the
 * process did before its death is exact; nothing that it sends reaches the emulator afterwards. `close` throws what
 * went wrong in between.
 */
export async function startDeadlyProxy(emulator: string, { names, isDeadly, side, kill }: ProxyOptions) {
  let isDead = false;
  let trouble: unknown;
  let turn: Promise<unknown> = Promise.resolve();

  const pass = async (request: Request): Promise<Answer | undefined> => {
    if (isDead) return undefined;
    if (!isMutating(await operationOf(request))) return passOn(emulator, request);
    const mine = turn.then(async () => {
      if (isDead) return undefined;
      const identities = await identitiesOf(request, names);
      const dies = isDeadly(identities);
      const die = () => {
        isDead = true;
        kill();
      };
      if (dies && side === 'before') return die();
      const answer = await passOn(emulator, request);
      names.learn(request, answer.body);
      if (dies) return die();
      return answer;
    });
    turn = mine.catch(() => {});
    return mine.then(answer => answer ?? undefined);
  };

  const server = createServer(async (incoming, outgoing) => {
    try {
      const answer = await pass(await readRequest(incoming));
      if (!answer) return void incoming.socket.destroy();
      outgoing.writeHead(answer.status, answer.headers);
      outgoing.end(answer.body);
    } catch (error) {
      // Of a process that is dead already half a request may come.
      if (!isDead) trouble ??= error;
      incoming.socket.destroy();
    }
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      await turn;
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
      if (trouble) throw trouble;
    },
  };
}
