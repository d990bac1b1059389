import type { Hop, ProbeAnswer } from '../function-contract.ts';
import { probeArchive } from './deliver/archive.ts';
import { s3Store } from './deliver/s3-store.ts';
import { publish } from './deliver/sns.ts';
import type { Means } from './means.ts';
import { readPassword, type Secret } from './secret.ts';

/**
 * Tries each hop of the function's way, from its own place in the network: the secret and the shop's tables, and at the same time the topic and the
 * archive. Never throws.
 */
export async function probe(means: Means, topic: 'publish' | 'skip'): Promise<ProbeAnswer> {
  const { clients, clock, environment } = means;
  const timed = async (hop: Hop['hop'], work: () => Promise<string | undefined>): Promise<Hop> => {
    const start = clock.elapsed();
    const answer = await work().then(
      detail => ({ ok: true, ...(detail ? { detail } : {}) }),
      (error: Error) => ({ ok: false, detail: error.message }),
    );
    return { hop, ms: clock.elapsed() - start, ...answer };
  };

  const wayToShop = async (): Promise<Hop[]> => {
    let password: Secret | undefined;
    const secret = await timed('secret', async () => {
      password = await readPassword(environment, clients.ssm);
      return environment.DB_PASSWORD_PARAMETER ?? 'from the environment';
    });
    const shop = means.source(environment, password);
    return [secret, ...(await shop.probe().finally(() => shop.close()))];
  };

  const published = async (): Promise<Hop> => {
    if (topic === 'skip') return { hop: 'topic', ok: false, ms: 0, skipped: true };
    return timed('topic', async () => {
      const { STACK = '', TOPIC_ARN = '' } = environment;
      const id = await publish(clients.sns, TOPIC_ARN, 'probe', {
        subject: `Probe of ${STACK}`,
        text: 'The function reaches its topic.\n',
      });
      return `message ${id}`;
    });
  };

  const kept = (): Promise<Hop> =>
    timed('archive', async () => {
      const { ARCHIVE_BUCKET = '', ACCOUNT = '' } = environment;
      await probeArchive(s3Store(clients.s3, ARCHIVE_BUCKET, ACCOUNT));
      return ARCHIVE_BUCKET;
    });

  const hops = (await Promise.all([wayToShop(), published(), kept()])).flat();
  return { ok: hops.every(({ ok, skipped }) => ok || skipped), hops };
}
