import type { Hop, ProbeAnswer } from '../../function-contract.ts';
import { Problem } from '../../problem.ts';
import { salesreport } from '../../suggest.ts';
import { isLostAnswer, unlessNotFound } from '../aws/errors.ts';
import { type Context, waitingFor } from '../context.ts';
import type { Progress } from '../engine/outcome.ts';
import { withinStep } from '../engine/step.ts';
import { untilUpdated } from '../resources/function-updates.ts';
import type { Stack } from '../stack.ts';
import { invoke } from './invoke.ts';

/** What came of a change of the stored password. */
export interface Rotated {
  /** Whether the new password is stored, and the database takes it. */
  ok: boolean;
  /** The version of the parameter that is in use now. */
  version: number;
  /** What the function found on its way to the shop with the new password. */
  hops: Hop[];
  /** Why it was put back, one sentence. */
  why?: string;
}

/** How long SSM may take to show a new version everywhere, ms. */
const visibility = 60_000;

/**
 * Stores another password, has the function log in with it, and puts the old version back where it cannot. What was
 * begun is noted in the lock by the version's number, so that whoever takes the lock next finishes it; no password
 * leaves SSM and memory. Throws before the first change: Problem `foreign-parameter` for a parameter of the user's own,
 * `not-provisioned`, and `old-function` for a function that does not say which version it read.
 */
export async function setPassword(context: Context, progress: Progress, value: string): Promise<Rotated> {
  const { stack, lock } = context;
  await verifyRotatable(stack);
  return lock.hold('password set', waitingFor(progress, "waiting for the stack's lock"), async () => {
    await finishRotation(context, progress);
    const before = await stored(stack);
    await lock.setRotation({ before: before.version });
    await put(stack, value);
    const hops = await provedHops(stack, progress, before.version + 1);
    const why = refusalIn(hops);
    if (why === undefined) {
      await lock.setRotation(undefined);
      return { ok: true, version: (await stored(stack)).version, hops };
    }
    await putBack(stack, before.version);
    await lock.setRotation(undefined);
    return { ok: false, version: (await stored(stack)).version, hops, why };
  });
}

/** Throws as `setPassword` does, before anything is changed. */
export async function verifyRotatable(stack: Stack): Promise<void> {
  const { names, settings, region } = stack;
  const own = settings.database.passwordParameter;
  if (own !== undefined)
    throw new Problem(
      'foreign-parameter',
      `The password is in ${own}, which database.passwordParameter names and salesreport never writes: store the new one there.`,
      { exit: 'usage' },
    );
  const parameter = await unlessNotFound(
    stack.aws.call('ssm:GetParameter', { Name: names.password, WithDecryption: false }),
  );
  if (!parameter)
    throw new Problem(
      'not-provisioned',
      `Stack ${settings.stack} has no stored password in ${region}: run ${salesreport`provision`} first.`,
    );
  const secret = (await ask(stack)).find(({ hop }) => hop === 'secret');
  if (settings.database.secret === 'parameter' && secret?.ok && secret.version === undefined)
    throw new Problem(
      'old-function',
      `The function is of another version of salesreport and does not say which password it reads: run ${salesreport`provision`} first.`,
    );
}

/**
 * Finishes a change of the password that an interrupted run began, under the lock: a new version that the database
 * takes stays, any other gives way to the old one.
 */
export async function finishRotation({ stack, lock }: Context, progress: Progress): Promise<void> {
  const { rotation } = lock;
  if (!rotation) return;
  progress.started({ id: 'password', title: 'finishing the change of the password', action: 'look' });
  // A put that was under way when the run died may show itself late.
  for (;;) {
    const now = await unlessNotFound(stored(stack));
    if (now === undefined) break;
    if (now.version > rotation.before) {
      await giveFunction(stack, now.value);
      if (refusalIn(await provedHops(stack, progress, now.version)) !== undefined)
        await putBack(stack, rotation.before);
      break;
    }
    if (lock.settlesWithin <= 0) break;
    await stack.aws.clock.sleep(2_000 + stack.aws.jitter() * 3_000);
  }
  await lock.setRotation(undefined);
}

interface Stored {
  value: string;
  version: number;
}

async function stored({ aws, names }: Stack, version?: number): Promise<Stored> {
  const Name = version === undefined ? names.password : `${names.password}:${version}`;
  const { Parameter } = await aws.call('ssm:GetParameter', { Name, WithDecryption: true });
  return { value: Parameter?.Value ?? '', version: Parameter?.Version ?? 0 };
}

/** Writes a new version; a second one of the same value, where an answer was lost, does no harm. */
async function put(stack: Stack, value: string): Promise<void> {
  const { aws, names } = stack;
  for (let attempt = 1; ; attempt++) {
    try {
      await withinStep({ id: 'parameter.password', waiting: () => {} }, () =>
        aws.call('ssm:PutParameter', { Name: names.password, Type: 'SecureString', Value: value, Overwrite: true }),
      );
      break;
    } catch (error) {
      if (!isLostAnswer(error) || attempt === 3) throw error;
      await aws.clock.sleep(2_000);
    }
  }
  await giveFunction(stack, value);
}

const putBack = async (stack: Stack, version: number): Promise<void> =>
  put(stack, (await stored(stack, version)).value);

/** With `database.secret: env` the function has the password in its environment. */
async function giveFunction(stack: Stack, value: string): Promise<void> {
  const { aws, names, settings } = stack;
  if (settings.database.secret !== 'env') return;
  const FunctionName = names.functionName;
  const answer = await unlessNotFound(aws.call('lambda:GetFunction', { FunctionName }));
  const variables = answer?.Configuration?.Environment?.Variables;
  if (!variables) return;
  if (variables.DB_PASSWORD !== value)
    await withinStep({ id: 'function', waiting: () => {} }, () =>
      aws.call('lambda:UpdateFunctionConfiguration', {
        FunctionName,
        Environment: { Variables: { ...variables, DB_PASSWORD: value } },
      }),
    );
  // Until then it runs with what it had before, also where an interrupted run has begun the update.
  await untilUpdated(stack);
}

/** What the function finds on its way to the shop; nothing is published. */
async function ask(stack: Stack): Promise<Hop[]> {
  const answer = await invoke(stack, { probe: true, topic: 'skip' }).catch((error: unknown) => {
    if (!(error instanceof Problem) || !['not-provisioned', 'function-failed', 'no-answer'].includes(error.code))
      throw error;
    return { hops: [{ hop: 'login', ok: false, ms: 0, detail: error.message }] };
  });
  const { hops = [] } = (answer ?? {}) as Partial<ProbeAnswer>;
  return hops.filter(({ hop }) => /^(secret|name|tcp|login|select .*)$/.test(hop));
}

/** The same once the function has read this version of the parameter, or a later one. */
async function provedHops(stack: Stack, progress: Progress, version: number): Promise<Hop[]> {
  const { clock, jitter } = stack.aws;
  const start = clock.elapsed();
  progress.started({
    id: 'password',
    title: 'asking the function whether the database takes the password',
    action: 'look',
  });
  for (;;) {
    const hops = await ask(stack);
    const read = hops.find(({ hop }) => hop === 'secret')?.version;
    if (read === undefined || read >= version || clock.elapsed() - start >= visibility) return hops;
    progress.waiting('password', 'SSM is making the new version known');
    await clock.sleep(2_000 + jitter() * 3_000);
  }
}

/** Why the password is not proved; undefined where the database has taken it. */
function refusalIn(hops: readonly Hop[]): string | undefined {
  const login = hops.find(({ hop }) => hop === 'login');
  if (login?.ok) return undefined;
  const broken = hops.find(({ ok, skipped }) => !ok && !skipped);
  return broken?.detail ?? 'The function did not come to the login.';
}
