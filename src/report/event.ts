import type { FunctionEvent } from '../function-contract.ts';
import { Problem } from '../problem.ts';

type Fields = Record<string, unknown>;

const kinds = ['probe', 'beyondSeed', 'run', 'backfill'] as const;

/** More characters than any id or reason has. */
const longest = 10_000;

const bad = (words: string) => new Problem('event', `The event is none that the function knows: ${words}.`);

/**
 * The event as one that the function knows. What it does not know in it is passed over: EventBridge adds fields of its
 * own. Throws Problem `event`.
 */
export function verifiedEvent(event: unknown): FunctionEvent {
  if (!isFields(event)) throw bad(`it is ${kindOf(event)} in place of an object`);
  const given = kinds.filter(kind => event[kind] !== undefined);
  const [kind, other] = given;
  if (kind && other) throw bad(`it has both ${kind} and ${other}`);
  if (kind) verify[kind](event[kind]);
  else verifyTime(event);
  for (const name of ['id', 'time']) verifyText(event, name);
  return event as unknown as FunctionEvent;
}

const verify: Record<(typeof kinds)[number], (value: unknown) => void> = {
  probe(value) {
    if (value !== true) throw bad(`its probe is ${kindOf(value)} in place of true`);
  },
  beyondSeed(value) {
    if (value !== 'cafe' && value !== 'none') throw bad('its beyondSeed is neither cafe nor none');
  },
  run(value) {
    const run = fieldsOf(value, 'run');
    for (const name of ['id', 'from', 'to', 'due', 'resend', 'force']) verifyText(run, name);
    for (const name of ['partial', 'dryRun'])
      if (run[name] !== undefined && typeof run[name] !== 'boolean')
        throw bad(`its ${name} is ${kindOf(run[name])} in place of true or false`);
    if (run.due !== undefined) instantOf(run, 'due');
    if (run.from !== undefined || run.to !== undefined) verifySpan(run);
  },
  backfill: value => verifySpan(fieldsOf(value, 'backfill')),
};

function verifyTime(event: Fields): void {
  if (event.time === undefined) throw bad('it has neither time nor run nor backfill nor beyondSeed nor probe');
  instantOf(event, 'time');
  if (event.watch !== undefined && event.watch !== true)
    throw bad(`its watch is ${kindOf(event.watch)} in place of true`);
}

function verifySpan(span: Fields): void {
  if (instantOf(span, 'from') >= instantOf(span, 'to')) throw bad('its from is not before its to');
}

/** In ms since 1970 UTC. */
function instantOf(fields: Fields, name: string): number {
  const value = fields[name];
  const instant = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(instant)) throw bad(`its ${name} is no time such as 2026-11-24T16:00:00Z`);
  return instant;
}

function verifyText(fields: Fields, name: string): void {
  const value = fields[name];
  if (value === undefined) return;
  if (typeof value !== 'string') throw bad(`its ${name} is ${kindOf(value)} in place of a text`);
  if (value.length > longest) throw bad(`its ${name} has more than ${longest} characters`);
}

function fieldsOf(value: unknown, name: string): Fields {
  if (isFields(value)) return value;
  throw bad(`its ${name} is ${kindOf(value)} in place of an object`);
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const kindOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'a list' : value === undefined ? 'nothing' : `a ${typeof value}`;
