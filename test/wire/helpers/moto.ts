import { join } from 'node:path';
import type { BeyondSeed, ProbeAnswer } from '../../../src/function-contract.ts';
import { type Emulator, patches, startEmulator, work } from './emulator.ts';

/** Moto's own account. */
const motoAccount = '123456789012';

export interface Moto extends Emulator {
  /**
   * What each Invoke in the region answers from now on. Moto does not run the function's code here. Default: in its own
   * account.
   */
  answerAlways(region: string, answer: object, account?: string): Promise<void>;
}

/**
 * The answer of a function that reaches everything, and whose database holds what it was made with: to whatever it is
 * asked.
 */
export const wellAnswer: ProbeAnswer & BeyondSeed = {
  ok: true,
  hops: [
    { hop: 'secret', ok: true, ms: 1 },
    { hop: 'name', ok: true, ms: 1 },
    { hop: 'tcp', ok: true, ms: 1 },
    { hop: 'login', ok: true, ms: 1 },
    { hop: 'topic', ok: true, ms: 1 },
  ],
  orders: 0,
  last: null,
  products: 0,
  tables: [],
};

/** More than a test asks for: moto answers each of them once. */
const always = 500;

/**
 * Starts moto's server on a free port, without Docker; corrected where it is wrong about AWS, unless told otherwise.
 */
export async function startMoto({ corrected = true } = {}): Promise<Moto> {
  const emulator = await startEmulator({
    name: 'moto',
    script: corrected ? join(patches, 'moto_as_aws.py') : join(work, 'venv/bin/moto_server'),
    on: port => ({ args: ['--host', '127.0.0.1', '--port', String(port)] }),
    readyPath: '/moto-api/',
  });
  const post = async (path: string, body: object) => {
    const answer = await fetch(`${emulator.url}/moto-api/${path}`, { method: 'POST', body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`moto answered ${answer.status} to ${path}: ${await answer.text()}`);
  };
  await post('config', { lambda: { use_docker: false } });
  return {
    ...emulator,
    answerAlways: (region, answer, account = motoAccount) =>
      post('static/lambda-simple/response', {
        results: Array(always).fill(JSON.stringify(answer)),
        account_id: account,
        region,
      }),
  };
}
