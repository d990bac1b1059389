import { runSimulation } from '@cloud-copilot/iam-simulate';
import { beforeAll, expect, it } from 'vitest';
import type { CallRecord } from '../../../src/provision/aws/aws.ts';
import { isAccessDenied } from '../../../src/provision/aws/errors.ts';
import type { Operation } from '../../../src/provision/aws/operation.ts';
import { policyFor } from '../../../src/provision/policy/policy-for.ts';
import type { Policy } from '../../../src/provision/policy/policy-of.ts';
import { usesOf, type Verb, verbs } from '../../../src/provision/policy/verbs.ts';
import { requestsOf } from '../../../src/simulator/authorization/operator.ts';
import type { AuthorizationRequest } from '../../../src/simulator/authorization/request.ts';
import { catalogueOf } from '../../helpers/catalogue-of.ts';
import { fullLife } from '../../helpers/full-life.ts';
import { pipelineOn, settingsWith, simulatedAws, smallArtifacts } from '../../helpers/simulated-stack.ts';

interface Act {
  verb: Verb;
  settings: object;
  calls: CallRecord[];
  /** What its calls put to IAM, each question once. */
  requests: Map<string, AuthorizationRequest>;
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
  await fullLife(aws, async (verb, { settings, given, artifacts }, work) => {
    const act: Act = { verb, settings: settings ?? {}, calls: [], requests: new Map() };
    acts.push(act);
    aws.onEffect = ({ service, operation, input }, side) => {
      if (side === 'after') return;
      for (const request of requestsOf(aws.world, service, operation, input))
        act.requests.set(JSON.stringify(request), request);
    };
    aws.world.operator.policies = [printed(verb, settings)];
    const pipeline = await pipelineOn(aws, { settings, given, artifacts, onCall: call => act.calls.push(call) });
    try {
      await work(pipeline);
    } catch (failure) {
      act.failure = failure;
    }
    aws.world.operator.policies = undefined;
    aws.onEffect = () => {};
  });
}, 120_000);

const refused = (error: string | undefined) => isAccessDenied(Object.assign(new Error(), { name: error }));

it('each verb works when nothing is allowed but what its policy says', () => {
  const troubles = acts.flatMap(({ verb, calls, failure }) => [
    ...calls
      .filter(({ error }) => refused(error))
      .map(({ operation, resource }) => `${verb}: ${operation} for ${resource}`),
    ...(failure ? [`${verb}: ${failure}`] : []),
  ]);
  expect([...new Set(troubles)]).toEqual([]);
});

it('each verb that calls AWS is played, and calls nothing that its policy does not know', () => {
  const known = new Map(
    verbs.map(verb => [verb, new Set<Operation>(usesOf(verb, catalogueOf(aws)).map(one => one.operation))]),
  );
  const surprises = acts.flatMap(({ verb, calls }) =>
    calls
      .filter(({ operation }) => operation !== 'sts:GetCallerIdentity' && !known.get(verb)!.has(operation))
      .map(({ operation }) => `${verb}: ${operation}`),
  );
  expect([...new Set(surprises)]).toEqual([]);
  expect(verbs.filter(verb => verb !== 'unlock' && !acts.some(act => act.verb === verb))).toEqual([]);
});

/** What an evaluation of IAM's rules that is not ours says to a request. */
async function evaluate(policy: Policy, { action, resource, context }: AuthorizationRequest): Promise<string> {
  const answer = await runSimulation(
    {
      request: {
        principal: aws.world.operator.arn,
        action,
        resource: { resource, accountId: aws.world.account },
        contextVariables: context,
      },
      identityPolicies: [{ name: 'printed', policy }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
  return answer.resultType === 'error' ? answer.errors.message : answer.overallResult;
}

/** The different questions of all acts, each with the policies under which it was asked. */
function questions(): { verb: Verb; settings: object; request: AuthorizationRequest }[] {
  const all = acts.flatMap(({ verb, settings, requests }) =>
    [...requests.values()].map(request => ({ verb, settings, request })),
  );
  return [
    ...new Map(
      all.map(one => [JSON.stringify([one.verb, one.request.action, one.request.resource, one.settings]), one]),
    ).values(),
  ];
}

it('another evaluation of the same policies and the same calls agrees', async () => {
  const policies = new Map<string, Policy>();
  const refusals: string[] = [];
  for (const { verb, settings, request } of questions()) {
    // Whose account is nobody's it takes for a mistake.
    if (/::parameter\/aws\//.test(request.resource)) continue;
    const key = JSON.stringify([verb, settings]);
    policies.set(key, policies.get(key) ?? printed(verb, settings));
    const result = await evaluate(policies.get(key)!, request);
    if (result !== 'Allowed') refusals.push(`${verb}: ${request.action} on ${request.resource}: ${result}`);
  }
  expect(refusals).toEqual([]);
}, 60_000);

/** What AWS cannot tell apart by name, tag or owner: what AWS itself makes, lists, and what belongs to nobody. */
const common =
  /^(ec2:(DeleteNetworkInterface|RevokeSecurityGroup(In|E)gress)|ec2:\w+ on \S+:network-acl\/\S+|ec2:ReplaceRouteTableAssociation on \S+:route-table\/\S+|sns:(Get|Set)SubscriptionAttributes|iam:SimulatePrincipalPolicy|servicequotas:GetServiceQuota)( |$)/;
const nobodys = /::image\/|::parameter\/aws\//;

it('the policy of another stack allows none of it', async () => {
  const allowed = new Set<string>();
  const policies = new Map(verbs.map(verb => [verb, printed(verb, { stack: 'other' })]));
  for (const { verb, request } of questions()) {
    const { action, resource } = request;
    if (verb === 'sweep' || resource === '*' || nobodys.test(resource) || common.test(`${action} on ${resource}`))
      continue;
    if (/:(Describe|List)/.test(action)) continue;
    if ((await evaluate(policies.get(verb)!, request)) === 'Allowed') allowed.add(`${verb}: ${action} on ${resource}`);
  }
  expect([...allowed]).toEqual([]);
}, 60_000);
