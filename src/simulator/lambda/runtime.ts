import { createRequire } from 'node:module';
import { strFromU8, unzipSync } from 'fflate';
import type { Clock } from '../../clock.ts';
import type { FunctionEnvironment } from '../../function-contract.ts';
import { services } from '../../provision/aws/operation.ts';
import type { Source } from '../../report/facts.ts';
import type { Secret } from '../../report/secret.ts';
import { newUuid } from '../uuid.ts';
import type { World } from '../world.ts';
import { isUpdating } from './existing.ts';
import { functionNetwork } from './function-network.ts';
import { writeLog } from './log.ts';
import { sourceInPlace } from './source-in-place.ts';
import type { SimulatedFunction } from './state.ts';

/** What the bundle exports for whoever runs it with other means than Lambda's. */
interface Bundle {
  createHandler(means: {
    clients: { sns: unknown; ssm: unknown; s3: unknown };
    source: (environment: FunctionEnvironment, password: Secret | undefined) => Source;
    clock: Clock;
    environment: FunctionEnvironment;
  }): (event: unknown, context: Context) => Promise<unknown>;
}

/** Of Lambda's context what the function reads. */
interface Context {
  /** The same when Lambda tries an event again. */
  awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

const bundles = new Map<string, Bundle>();

/**
 * Evaluates the CommonJS file that the handler names, out of the uploaded zip, once for the same code. Throws what
 * Lambda's runtime throws.
 */
function bundleOf({ zip, codeSha256, handler }: SimulatedFunction): Bundle {
  const known = bundles.get(`${codeSha256} ${handler}`);
  if (known) return known;
  const [name = '', member = ''] = handler.split('.');
  const exports = evaluated(zip, `${name}.js`) as Bundle;
  if (!(member in exports)) throw named('Runtime.HandlerNotFound', `${handler} is undefined or not exported`);
  bundles.set(`${codeSha256} ${handler}`, exports);
  return exports;
}

const installed = createRequire(import.meta.url);

/**
 * What a file of the zip exports. It finds the files beside it in the zip too, each evaluated once, when it is first
 * asked for.
 */
function evaluated(zip: Uint8Array, file: string, modules = new Map<string, { exports: object }>()): object {
  const known = modules.get(file);
  if (known) return known.exports;
  const bytes = unzipSync(zip, { filter: ({ name }) => name === file })[file];
  if (!bytes) throw named('Runtime.ImportModuleError', `Error: Cannot find module '${file.replace(/[.]js$/, '')}'`);
  const module = { exports: {} };
  modules.set(file, module);
  const require = (name: string) => (name.startsWith('./') ? evaluated(zip, name.slice(2), modules) : installed(name));
  new Function('exports', 'require', 'module', strFromU8(bytes))(module.exports, require, module);
  return module.exports;
}

const named = (name: string, message: string): Error => Object.assign(new Error(message), { name });

/**
 * Runs the function as Lambda would: its own code, with its environment, its role's permissions and its place in the
 * network. `requestId` is that of the first try, where this is another one of the same event. Throws what the handler
 * throws, and Lambda's own error after the function's timeout.
 */
export async function runFunction(
  world: World,
  deployed: SimulatedFunction,
  event: unknown,
  requestId = newUuid(world, 'request'),
): Promise<unknown> {
  const { clock } = world;
  const isOld = isUpdating(world, deployed) || deployed.failedUpdate !== undefined;
  const one = (isOld && deployed.before) || deployed;
  const start = world.now();
  const handler = await clock.exclusively(async () => {
    const [{ Client: Sns }, { Client: Ssm }, { Client: S3 }] = await Promise.all([
      services.sns(),
      services.ssm(),
      services.s3(),
    ]);
    const make = <C extends { middlewareStack: { use(plugin: never): void } }>(
      Client: new (options: object) => C,
    ): C => {
      const client = new Client({
        region: world.region,
        credentials: { accessKeyId: 'simulated', secretAccessKey: 'simulated' },
        maxAttempts: 1,
      });
      client.middlewareStack.use(functionNetwork(world, one) as never);
      client.middlewareStack.use(world.plugin as never);
      return client;
    };
    return bundleOf(one).createHandler({
      clients: { sns: make(Sns), ssm: make(Ssm), s3: make(S3) },
      source: (environment, password) =>
        sourceInPlace(world, one, world.functionSource(environment, password), password),
      clock,
      environment: one.environment,
    });
  });
  const context: Context = {
    awsRequestId: requestId,
    getRemainingTimeInMillis: () => Math.max(0, start + one.timeout * 1000 - world.now()),
  };
  const over = new AbortController();
  const timeout = clock.sleep(one.timeout * 1000, over.signal).then(() => {
    if (!over.signal.aborted) throw named('Sandbox.Timedout', `Task timed out after ${one.timeout}.00 seconds`);
  });
  world.lambda.running++;
  try {
    return await Promise.race([handler(event, context), timeout]);
  } finally {
    world.lambda.running--;
    over.abort();
    writeLog(world, one, requestId, `REPORT Duration: ${(world.now() - start).toFixed(2)} ms`);
  }
}
