import { beforeAll, expect, it } from 'vitest';
import type { CallRecord } from '../../src/provision/aws/aws.ts';
import type { Operation } from '../../src/provision/aws/operation.ts';
import type { Change } from '../../src/provision/engine/outcome.ts';
import { lockOperations } from '../../src/provision/lock/lock-store.ts';
import { allOperations, isMutating } from '../../src/provision/operations.ts';
import { catalogueOf } from '../helpers/catalogue-of.ts';
import { fullLife } from '../helpers/full-life.ts';
import { pipelineOn, simulatedAws } from '../helpers/simulated-stack.ts';

/** One act of a stack's life: what was announced for each resource, and the mutating calls that were made for it. */
interface Act {
  announced: Map<string, readonly Operation[]>;
  calls: CallRecord[];
}

const acts: Act[] = [];
const called = new Set<Operation>();

/** A whole life, in which what each act announced is held against its calls. */
async function live(): Promise<void> {
  const aws = simulatedAws();
  await fullLife(aws, async (verb, { settings, given, artifacts }, work) => {
    const calls: CallRecord[] = [];
    const pipeline = await pipelineOn(aws, { settings, given, artifacts, onCall: call => calls.push(call) });
    const isProvision = verb === 'provision';
    const announced =
      verb === 'teardown'
        ? new Map<string, readonly Operation[]>([
            ...catalogueOf(aws, settings).map(({ id, operations }) => [id, operations.remove] as const),
            ['snapshot.database', ['ec2:CreateSnapshot']],
          ])
        : announcedBy(isProvision ? (await pipeline.plan()).changes : []);
    await work(pipeline);
    for (const { operation } of calls) called.add(operation);
    announced.set('lock', lockOperations);
    // A change of the password has no plan: it is what the verb is for.
    if (verb === 'password') announced.set('parameter.password', ['ssm:PutParameter']);
    acts.push({
      announced,
      calls: calls.filter(({ operation, error }) => isMutating(operation) && error !== 'DryRunOperation'),
    });
    if (isProvision) expect((await pipeline.plan()).changes).toEqual([]);
  });
}

const announcedBy = (changes: readonly Change[]): Act['announced'] => {
  const announced = new Map<string, readonly Operation[]>();
  for (const { id, operations } of changes) announced.set(id, [...(announced.get(id) ?? []), ...operations]);
  return announced;
};

beforeAll(live, 60_000);

it('for a resource only the operations that were announced for it are called', () => {
  const surprises = acts.flatMap(({ announced, calls }) =>
    calls
      .filter(({ resource, operation }) => resource !== undefined && !announced.get(resource)?.includes(operation))
      .map(({ resource, operation }) => `${resource}: ${operation}`),
  );
  expect(surprises).toEqual([]);
});

it('nothing is changed but for a resource, apart from starting the function and adding readers', () => {
  const nobodys = acts.flatMap(({ calls }) => calls.filter(({ resource }) => resource === undefined));
  expect([...new Set(nobodys.map(({ operation }) => operation))].sort()).toEqual([
    'lambda:Invoke',
    'sns:ConfirmSubscription',
    'sns:SetSubscriptionAttributes',
    'sns:Subscribe',
  ]);
});

it('each operation that the tool knows is called in some life', () => {
  expect(allOperations.filter(operation => !called.has(operation))).toEqual([]);
});
