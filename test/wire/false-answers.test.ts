import { afterAll, expect, test } from 'vitest';
import { type OperationSchema, shapeOf } from '../../src/aws-answer.ts';
import { type Operation, type ServiceName, services } from '../../src/provision/aws/operation.ts';
import { isMutating } from '../../src/provision/operations.ts';
import { type Passed, startFaultyProxy, type WireFault } from './helpers/faulty-proxy.ts';
import { listingOf, newSince } from './helpers/listing.ts';
import { startMoto, wellAnswer } from './helpers/moto.ts';
import { own, ownSettings } from './helpers/own.ts';
import { startProgram } from './helpers/salesreport.ts';
import { namesOf, region, simulatedNames } from './helpers/same.ts';

const verbs = {
  provision: ['provision', '--yes'],
  teardown: ['teardown', '--delete-archive', '--confirm', 'salesreport'],
} as const;
type Verb = keyof typeof verbs;
type FaultOf = Parameters<typeof startFaultyProxy>[1];

async function startLife() {
  const moto = await own(startMoto());
  await moto.answerAlways(region, wellAnswer);
  const file = ownSettings();
  const before = await listingOf(moto.url, region);
  return {
    async run(verb: Verb, faultOf: FaultOf = () => undefined) {
      const proxy = await own(startFaultyProxy(moto.url, faultOf));
      const { exit, stdout } = await startProgram(proxy.url, [...verbs[verb], '--settings', file, '--json']).ended;
      return { exit, stdout, log: proxy.log };
    },
    async standing() {
      const known = new Set(before.map(({ id }) => id));
      return namesOf((await listingOf(moto.url, region)).filter(({ id }) => !known.has(id)));
    },
    async traces() {
      const after = await listingOf(moto.url, region);
      return [...newSince(before, after), ...newSince(after, before)];
    },
  };
}

/** How often an undisturbed life asks for each operation. */
const undisturbed = (async () => {
  const life = await startLife();
  const countsOf = async (verb: Verb) => {
    const { exit, stdout, log } = await life.run(verb);
    expect(exit, stdout).toBe(0);
    return new Map(log.map(({ operation, nth }) => [operation, nth]));
  };
  return { provision: await countsOf('provision'), teardown: await countsOf('teardown') };
})();

const faults = ['page', 'empty', 'cut 25', 'cut 50', 'cut 90'] as const satisfies WireFault[];
const whichCalls = ['first', 'last'] as const;

const outcomes = {
  retried: 'refused, and asked again',
  'looked up': 'refused, and looked up',
  'no output': 'the model’s output is empty: proved by the listing afterwards',
  TAKEN: 'taken for an answer',
} as const;
type Outcome = keyof typeof outcomes;

/** What became of a false answer, by the calls that followed. */
async function outcomeOf(log: readonly Passed[], call: Passed): Promise<Outcome> {
  const later = log.slice(log.indexOf(call) + 1);
  if (later.some(one => one.operation === call.operation && subjectOf(one) === subjectOf(call))) return 'retried';
  // An answer to HEAD ends with its headers: nothing of it is cut off.
  const hasNothing = call.bytes === 0 || (isMutating(call.operation) && !(await hasOutput(call.operation)));
  if (call.fault?.startsWith('cut') && hasNothing) return 'no output';
  const isLookedUp = later.some(
    one => !isMutating(one.operation) && serviceOf(one.operation) === serviceOf(call.operation),
  );
  return isMutating(call.operation) && isLookedUp ? 'looked up' : 'TAKEN';
}

/** What a call is about: each put of the lock has another value. */
const subjectOf = ({ operation, question }: Passed): string =>
  operation === 'ssm:PutParameter' ? (/"Name":"[^"]+"/.exec(question)?.[0] ?? question) : question;

const serviceOf = (operation: Operation) => operation.split(':')[0] as ServiceName;

async function hasOutput(operation: Operation): Promise<boolean> {
  const { commands } = await services[serviceOf(operation)]();
  const Command = commands[operation.split(':')[1] as keyof typeof commands] as unknown as new (
    input: object,
  ) => { schema: OperationSchema };
  return shapeOf(new Command({}).schema).hasBody;
}

const table = new Map<string, Map<string, Outcome>>();

test.concurrent.each(faults)(
  '%s as the answer to the first and to the last call of each operation is never taken for AWS’s',
  async fault => {
    const [life, counts] = await Promise.all([startLife(), undisturbed]);
    const taken: string[] = [];
    for (const verb of ['provision', 'teardown'] as const) {
      // How often is asked is not the same each time: `last` is the last third, each question once.
      const isLast = ({ operation, nth }: Passed) => nth > Math.floor(((counts[verb].get(operation) ?? 1) * 2) / 3);
      const { exit, stdout, log } = await life.run(verb, (call, before) => {
        const isAskedAgain = before.some(
          one => one.fault && isLast(one) && one.operation === call.operation && subjectOf(one) === subjectOf(call),
        );
        return call.nth === 1 || (isLast(call) && !isAskedAgain) ? fault : undefined;
      });
      expect(exit, `${verb}: ${stdout.slice(0, 2_000)}`).toBe(0);
      for (const call of log.filter(one => one.fault)) {
        const outcome = await outcomeOf(log, call);
        const row = table.get(`${verb} ${call.operation}`) ?? new Map<string, Outcome>();
        table.set(`${verb} ${call.operation}`, row);
        for (const which of whichCalls)
          if (which === 'first' ? call.nth === 1 : isLast(call)) row.set(`${fault} ${which}`, outcome);
        if (outcome === 'TAKEN') taken.push(`${verb} ${call.operation} ${call.nth}`);
      }
      const undone = [...new Set(log.map(one => one.operation))].filter(
        operation => !log.some(one => one.operation === operation && one.fault),
      );
      expect(undone, `${verb}: operations that had no false answer`).toEqual([]);
      if (verb === 'provision') expect(await life.standing()).toEqual(await simulatedNames({}));
    }
    expect(await life.traces()).toEqual([]);
    expect(taken).toEqual([]);
  },
  900_000,
);

afterAll(() => {
  const columns = faults.flatMap(fault => whichCalls.map(which => `${fault} ${which}`));
  const rows = [...table].sort(([a], [b]) => (a < b ? -1 : 1));
  // biome-ignore lint/suspicious/noConsole: the table is what the run is read for.
  console.log(
    [
      ...Object.entries(outcomes).map(([sign, meaning]) => `${sign}: ${meaning}`),
      ['operation', ...columns].join(' | '),
      ...rows.map(([row, cells]) => [row, ...columns.map(column => cells.get(column) ?? '-')].join(' | ')),
    ].join('\n'),
  );
});
