import type { Hop, ProbeAnswer } from '../function-contract.ts';
import { publish } from './deliver/sns.ts';
import type { Means } from './means.ts';
import { readPassword, type Secret } from './secret.ts';

/** Tries each hop of the function's way, from its own place in the network: the secret, the shop's tables, the topic. Never throws. */
export async function probe(means: Means, topic: 'publish' | 'skip'): Promise<ProbeAnswer> {
  const { clients, source, clock, environment } = means;
  const timed = async (hop: Hop['hop'], work: () => Promise<string | undefined>): Promise<Hop> => {
    const start = clock.now();
    const answer = await work().then(
      detail => ({ ok: true, ...(detail ? { detail } : {}) }),
      (error: Error) => ({ ok: false, detail: error.message }),
    );
    return { hop, ms: clock.now() - start, ...answer };
  };
  let password: Secret | undefined;
  const secret = await timed('secret', async () => {
    password = await readPassword(environment, clients.ssm);
    return environment.DB_PASSWORD_PARAMETER ?? 'from the environment';
  });
  const shop = source(environment, password);
  const way = await shop.probe().finally(() => shop.close());
  const published: Hop =
    topic === 'skip'
      ? { hop: 'topic', ok: false, ms: 0, skipped: true }
      : await timed('topic', async () => {
          const { STACK = '', TOPIC_ARN = '' } = environment;
          const id = await publish(clients.sns, TOPIC_ARN, 'probe', {
            subject: `Probe of ${STACK}`,
            text: 'The function reaches its topic.\n',
          });
          return `message ${id}`;
        });
  const hops = [secret, ...way, published];
  return { ok: hops.every(({ ok, skipped }) => ok || skipped), hops };
}
