import { Readable } from 'node:stream';
import type { Cloud, CloudRequest } from '../../src/commands/cloud.ts';
import { main } from '../../src/commands/main.ts';
import type { Pipeline } from '../../src/provision/pipeline.ts';
import { certificate, outcomes, place, plan } from '../terminal/samples.ts';

const window = { from: '2026-11-23T16:00:00.000Z', to: '2026-11-24T16:00:00.000Z' };

/** A pipeline that answers as told, and notes what is asked of it. */
export function fakePipeline(answers: Partial<Pipeline> = {}): { pipeline: Pipeline; asked: string[] } {
  const asked: string[] = [];
  const good: Pipeline = {
    ...place,
    standIns: [],
    verifyPassword: async () => {},
    setPassword: async () => ({ ok: true, version: 2, hops: [] }),
    deployed: async () => undefined,
    settled: () => good,
    archive: { get: async () => undefined, list: async () => [] },
    plan: async () => plan,
    provision: async () => ({
      outcomes: outcomes.slice(0, 3),
      calls: 9,
      seconds: 121,
      proof: { hops: [{ hop: 'tcp', ok: true, ms: 3 }], broken: [] },
    }),
    probe: async () => [{ hop: 'tcp', ok: true, ms: 3 }],
    verify: async (_progress, lastReport) => ({
      ok: true,
      hops: [
        { hop: 'tcp', part: 'shop', state: 'ok', ms: 3 },
        { ...(await lastReport), part: 'delivery' },
      ],
      unproved: ['That a mail arrives.'],
      seconds: 2,
    }),
    status: async () => ({
      resources: [],
      subscribers: [],
      moreSubscribers: 0,
      operators: [],
      moreOperators: 0,
      strangers: [],
      notes: [],
      healthy: true,
    }),
    subscribe: async (protocol, addresses) =>
      addresses.map(endpoint => ({ protocol, endpoint, state: 'pending', added: true })),
    confirm: async () => ({
      protocol: 'email',
      endpoint: 'ann@example.com',
      state: 'confirmed',
      arn: 'arn:aws:sns:eu-west-1:1:t:s',
    }),
    invoke: async () => ({
      outcome: 'sent',
      window,
      report: {},
      subject: 'Sales',
      text: 'the report',
      messageId: 'm-1',
    }),
    teardown: async () => certificate,
    sweep: async () => ({
      regions: ['eu-west-1'],
      stacks: [],
      strangers: [],
      foreign: [],
      unseen: [],
      at: certificate.at,
    }),
    data: async () => ({ kind: 'seed' }),
    hasDatabaseHost: async () => true,
    lock: async () => undefined,
    unlock: async () => {},
    ...answers,
  };
  const noting = (name: keyof Pipeline) =>
    typeof good[name] === 'function' && name !== 'deployed' ? { [name]: noted(name) } : {};
  const noted =
    (name: keyof Pipeline) =>
    (...args: unknown[]) => {
      asked.push(name);
      return (good[name] as unknown as (...args: unknown[]) => unknown)(...args);
    };
  return { pipeline: Object.assign({ ...good }, ...(Object.keys(good) as (keyof Pipeline)[]).map(noting)), asked };
}

/** Runs a command line against a pipeline. `typed` makes it a terminal at which that is typed. */
export async function type(
  line: string,
  options: {
    pipeline?: Pipeline;
    typed?: string;
    env?: NodeJS.ProcessEnv;
    onInterrupt?: (press: () => void) => void;
  } = {},
) {
  const seen = { stdout: '', stderr: '' };
  const requests: CloudRequest[] = [];
  const stream = (name: keyof typeof seen) => ({
    columns: 80,
    isTTY: name === 'stderr' && options.typed !== undefined,
    write: (text: string) => {
      seen[name] += text;
    },
  });
  const cloud: Cloud = async request => {
    requests.push(request);
    return {
      pipeline: options.pipeline ?? fakePipeline().pipeline,
      clock: { now: () => Date.parse('2026-11-24T12:00Z'), elapsed: () => 0, sleep: async () => {} },
    };
  };
  const code = await main(line.split(' ').filter(Boolean), {
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    stdin: Object.assign(Readable.from(options.typed === undefined ? [] : [`${options.typed}\n`]), {
      isTTY: options.typed !== undefined,
    }),
    env: { TERM: 'dumb', ...options.env },
    cloud,
    onInterrupt: options.onInterrupt,
  });
  return { code, ...seen, requests };
}
