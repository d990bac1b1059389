import { Problem } from '../../problem.ts';
import { salesreport } from '../../suggest.ts';
import { version } from '../../version.ts';
import { canonicalJson } from '../aws/policy-document.ts';
import type { Change, Difference } from '../engine/outcome.ts';
import { isPlan } from './plan-schema.ts';
import type { Planned } from './planned.ts';

/** The same plan as a JSON document: what `--dry-run --json` prints and `--out` writes. It holds no secret. */
export interface PlanDocument extends Omit<Planned, 'unchanged'> {
  version: 1;
  ok: true;
  stack: string;
  account: string;
  region: string;
  /** How many resources stay as they are; `basis` has which. */
  unchanged: number;
}

interface Place {
  stack: string;
  account: string;
  region: string;
}

export function planDocument({ unchanged, ...plan }: Planned, { stack, account, region }: Place): PlanDocument {
  return { version: 1, ok: true, stack, account, region, ...plan, unchanged: unchanged.length };
}

/** Reads what `--out` wrote. Throws Problem `plan-file` for anything else. */
export function parsePlan(text: string, file: string): PlanDocument {
  const document = parsed(text);
  if (isPlan(document)) return document;
  throw new Problem(
    'plan-file',
    `${file} is no plan: name a file that ${salesreport`provision --dry-run --out FILE`} wrote.`,
    {
      exit: 'usage',
    },
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Throws Problem `moved`, which says what, unless the plan made now is the one that was written: for the same stack,
 * account and region, by the same version, from the same settings and code, with the same changes to the same things,
 * and with the same things staying as they are.
 */
export function verifyNotMoved(then: PlanDocument, now: PlanDocument): void {
  const moved = placeMoved(then, now) ?? basisMoved(then, now) ?? worldMoved(then, now);
  if (moved === undefined) return;
  throw new Problem(
    'moved',
    `The plan does not hold any more: ${moved}. Nothing was changed; write a new one with ${salesreport`provision --dry-run --out FILE`}.`,
  );
}

function placeMoved(then: PlanDocument, now: PlanDocument): string | undefined {
  const what = (['stack', 'account', 'region'] as const).find(key => then[key] !== now[key]);
  return what && `it is for ${what} ${then[what]}, and this is ${what} ${now[what]}`;
}

function basisMoved({ basis: then }: PlanDocument, { basis: now }: PlanDocument): string | undefined {
  if (then.tool !== now.tool) return `salesreport ${then.tool} made it, and this is ${version}`;
  const [before, after] = [flat(then.settings), flat(now.settings)];
  const key = [...before.keys(), ...after.keys()].find(name => before.get(name) !== after.get(name));
  if (key !== undefined)
    return `the setting ${key} was ${before.get(key) ?? 'not set'} and is ${after.get(key) ?? 'not set'}`;
  return canonicalJson(then.code) === canonicalJson(now.code)
    ? undefined
    : 'the code of the function or its layer is another';
}

/** Each setting by its path, such as `network.cidr`, with its value as JSON. */
function flat(settings: object, path = ''): Map<string, string> {
  return new Map(
    Object.entries(settings).flatMap(([key, value]): [string, string][] =>
      value !== null && typeof value === 'object' && !Array.isArray(value)
        ? [...flat(value, `${path}${key}.`)]
        : value === undefined
          ? []
          : [[path + key, canonicalJson(value)]],
    ),
  );
}

/** What becomes of each thing, by the thing; in words that tell two plans apart. */
function fatesOf({ changes, basis }: PlanDocument): Map<string, { title: string; fate: string; exactly: string }> {
  const key = ({ id, awsId = '' }: { id: string; awsId?: string }) => `${id} ${awsId}`;
  return new Map([
    ...basis.unchanged.map(
      one => [key(one), { title: one.title, fate: `stays as it is (${one.awsId ?? 'no id'})`, exactly: '' }] as const,
    ),
    ...changes.map(one => [key(one), { title: one.title, fate: fateOf(one), exactly: exactly(one) }] as const),
  ]);
}

const fateOf = ({ action, awsId, differences }: Change): string => {
  const why = differences.map(one => one.words ?? one.what).join(', ');
  return `${action}${awsId ? ` ${awsId}` : ''}${why ? ` (${why})` : ''}`;
};

const exactly = ({ action, operations, differences }: Change): string =>
  canonicalJson([
    action,
    operations,
    differences.map(({ what, is, wanted, how }: Difference) => [what, is ?? null, wanted ?? null, how]),
  ]);

function worldMoved(then: PlanDocument, now: PlanDocument): string | undefined {
  const [before, after] = [fatesOf(then), fatesOf(now)];
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    const [was, is] = [before.get(key), after.get(key)];
    if (was && is && was.fate === is.fate && was.exactly === is.exactly) continue;
    const id = key.split(' ')[0]!;
    const other = (fates: typeof before) => [...fates].find(([one]) => one.split(' ')[0] === id)?.[1].fate ?? 'nothing';
    return `${(was ?? is)!.title}: it says "${was?.fate ?? other(before)}", and now it would be "${is?.fate ?? other(after)}"`;
  }
  return undefined;
}
