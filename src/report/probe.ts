import type { FunctionEvent, Hop, ProbeAnswer } from '../function-contract.ts';
import { probeArchive } from './deliver/archive.ts';
import { s3Store } from './deliver/s3-store.ts';
import { publish, reach } from './deliver/sns.ts';
import type { Means } from './means.ts';
import { readPassword, type Secret } from './secret.ts';

type ProbeEvent = Extract<FunctionEvent, { probe: true }>;

const unprovedOf = {
  topic: 'That the topic takes what the function publishes: its readers would be mailed.',
  'operators topic': "That the operators' topic takes what the function publishes: operators would be mailed.",
};

/**
 * Tries each hop of the function's way, from its own place in the network: the secret and the shop's tables, and at the
 * same time the topic and the archive. Never throws.
 */
export async function probe(
  means: Means,
  { topic = 'publish', operators = 'publish' }: ProbeEvent,
): Promise<ProbeAnswer> {
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
    const version = password?.version;
    return [
      { ...secret, ...(version === undefined ? {} : { version }) },
      ...(await shop.probe().finally(() => shop.close())),
    ];
  };

  const published = async (hop: 'topic' | 'operators topic', how: 'publish' | 'skip', arn: string): Promise<Hop> => {
    if (how === 'publish')
      return timed(hop, async () => {
        const { STACK = '' } = environment;
        const message = { subject: `Probe of ${STACK}`, text: 'The function reaches its topic.\n' };
        return `message ${await publish(clients.sns, arn, 'probe', message)}`;
      });
    const answered = await timed(hop, async () => {
      await reach(clients.sns, arn);
      return 'SNS answers; no message was sent, which somebody would be mailed';
    });
    return answered.ok ? { ...answered, unproved: unprovedOf[hop] } : answered;
  };
  const { TOPIC_ARN = '', OPERATORS_TOPIC_ARN } = environment;
  const topics = [
    published('topic', topic, TOPIC_ARN),
    ...(OPERATORS_TOPIC_ARN ? [published('operators topic', operators, OPERATORS_TOPIC_ARN)] : []),
  ];

  const kept = (): Promise<Hop> =>
    timed('archive', async () => {
      const { ARCHIVE_BUCKET = '', ACCOUNT = '' } = environment;
      await probeArchive(s3Store(clients.s3, ARCHIVE_BUCKET, ACCOUNT));
      return ARCHIVE_BUCKET;
    });

  const hops = (await Promise.all([wayToShop(), ...topics, kept()])).flat();
  return { ok: hops.every(({ ok, skipped }) => ok || skipped), hops };
}
