import { readFile } from 'node:fs/promises';
import { strToU8, unzipSync, zipSync } from 'fflate';
import type { Artifacts } from '../../src/provision/artifacts.ts';
import type { ServiceName } from '../../src/provision/aws/operation.ts';
import { Simulator } from '../../src/simulator/simulator.ts';
import { VirtualClock } from '../../src/simulator/virtual-clock.ts';
import type { WorldOptions } from '../../src/simulator/world.ts';

/**
 * One call of the former version, at its instant, with what of AWS's answer later calls name; or a reader's click on
 * the link of AWS's mail.
 */
type Recorded =
  | { at: number; service: ServiceName; operation: string; input: Record<string, unknown>; output?: unknown }
  | { at: number; confirm: string };

interface Recording {
  /** The settings that the stack was made from. */
  settings: object;
  calls: Recorded[];
}

/** What the former version's calls leave on the simulator of today. `settings` are those that it was made from. */
export interface Former {
  aws: Simulator;
  settings: object;
}

/**
 * The code of the function, marked, so that it is another than today's and does the same: what it publishes where is in
 * its environment.
 */
const formerCode = ({ functionZip }: Artifacts): Uint8Array =>
  zipSync({ ...unzipSync(functionZip), 'former.txt': strToU8('former') });

/**
 * Makes the stack that a former version built, with its readers and its reports (scripts/record-former.js), on a
 * simulator of its own.
 */
export async function formerStack(
  name: string,
  artifacts: Artifacts,
  options: Partial<WorldOptions> = {},
): Promise<Former> {
  const file = new URL(`./${name}.json`, import.meta.url);
  const { settings, calls } = JSON.parse(await readFile(file, 'utf8')) as Recording;
  const clock = new VirtualClock({ start: calls[0]!.at });
  const aws = new Simulator({ clock, seed: 1, ...options });
  const ids = new Map<string, string>();
  for (const call of calls) {
    await clock.sleep(Math.max(0, call.at - clock.now()));
    if ('confirm' in call) aws.world.sns.confirm(call.confirm);
    else
      learn(ids, call.output, await again(aws, call, withBytes(call.operation, renamed(call.input, ids), artifacts)));
  }
  return { aws, settings };
}

/** Calls until AWS takes it: what a call needs may take longer today. */
async function again(
  aws: Simulator,
  { service, operation }: { service: ServiceName; operation: string },
  input: object,
) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await aws.answer(service, operation, input);
    } catch (error) {
      if (attempt === 100)
        throw new Error(`${service}:${operation} ${JSON.stringify(input)}: ${error}`, { cause: error });
      await aws.world.clock.sleep(5_000);
    }
  }
}

function withBytes(operation: string, input: Record<string, unknown>, artifacts: Artifacts): object {
  if (operation === 'CreateFunction') return { ...input, Code: { ZipFile: formerCode(artifacts) } };
  if (operation === 'PublishLayerVersion') return { ...input, Content: { ZipFile: artifacts.layerZip } };
  return input;
}

/** Learns by which ids AWS knows today what the recording names. */
function learn(ids: Map<string, string>, was: unknown, is: unknown): void {
  if (typeof was === 'string' && typeof is === 'string') ids.set(was, is);
  else if (typeof was === 'object' && was !== null && typeof is === 'object' && is !== null)
    for (const [key, value] of Object.entries(was)) learn(ids, value, (is as Record<string, unknown>)[key]);
}

/** The same with today's ids, also within longer strings. */
function renamed<T>(value: T, ids: ReadonlyMap<string, string>): T {
  if (typeof value === 'string') {
    // In one pass: what one thing was called another may be called today.
    const names = [...ids.keys()].filter(name => value.includes(name)).sort((a, b) => b.length - a.length);
    const pattern = new RegExp(names.map(name => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'), 'g');
    return (names.length > 0 ? value.replace(pattern, name => ids.get(name)!) : value) as T;
  }
  if (Array.isArray(value)) return value.map(one => renamed(one, ids)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, renamed(one, ids)])) as T;
}
