import { beforeAll, expect, it } from 'vitest';
import type { CallRecord } from '../../../src/provision/aws/aws.ts';
import { isAccessDenied } from '../../../src/provision/aws/errors.ts';
import type { Operation } from '../../../src/provision/aws/operation.ts';
import { policyFor } from '../../../src/provision/policy/policy-for.ts';
import { usesOf, type Verb, verbs } from '../../../src/provision/policy/verbs.ts';
import { catalogueOf } from '../../helpers/catalogue-of.ts';
import { fullLife } from '../../helpers/full-life.ts';
import { pipelineOn, settingsWith, simulatedAws, smallArtifacts } from '../../helpers/simulated-stack.ts';

interface Act {
  verb: Verb;
  calls: CallRecord[];
  failure?: unknown;
}

const acts: Act[] = [];
const aws = simulatedAws();

/** The policy of a verb, as it is printed for the simulated account. */
const printed = (verb: Verb, settings: object = {}) =>
  policyFor({
    verb,
    settings: settingsWith(settings),
    account: aws.world.account,
    region: aws.world.region,
    artifacts: smallArtifacts,
  });

beforeAll(async () => {
  await fullLife(aws, async (verb, { settings, artifacts }, work) => {
    const act: Act = { verb, calls: [] };
    acts.push(act);
    aws.world.operator.policies = [printed(verb, settings)];
    const pipeline = await pipelineOn(aws, { settings, artifacts, onCall: call => act.calls.push(call) });
    try {
      await work(pipeline);
    } catch (failure) {
      act.failure = failure;
    }
    aws.world.operator.policies = undefined;
  });
}, 120_000);

const refused = (error: string | undefined) => isAccessDenied(Object.assign(new Error(), { name: error }));

it('each verb works when nothing is allowed but what its policy says', () => {
  const troubles = acts.flatMap(({ verb, calls, failure }) => [
    ...calls.filter(({ error }) => refused(error)).map(({ operation, resource }) => `${verb}: ${operation} for ${resource}`),
    ...(failure ? [`${verb}: ${failure}`] : []),
  ]);
  expect([...new Set(troubles)]).toEqual([]);
});

it('each verb that calls AWS is played, and calls nothing that its policy does not know', () => {
  const known = (verb: Verb) => new Set<Operation>(usesOf(verb, catalogueOf(aws)).map(({ operation }) => operation));
  const surprises = acts.flatMap(({ verb, calls }) =>
    calls
      .filter(({ operation }) => operation !== 'sts:GetCallerIdentity' && !known(verb).has(operation))
      .map(({ operation }) => `${verb}: ${operation}`),
  );
  expect([...new Set(surprises)]).toEqual([]);
  expect(verbs.filter(verb => verb !== 'unlock' && !acts.some(act => act.verb === verb))).toEqual([]);
});
