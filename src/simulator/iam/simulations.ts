import { judge, type Operator, principalArnOf, statementsOf } from '../authorization/operator.ts';
import { AwsError } from '../aws-error.ts';
import type { SimulatedService } from '../service.ts';
import type { World } from '../world.ts';
import { type Context, type Effect, missingKeys } from './policy.ts';

/** What one action on one resource comes to. */
interface Simulated {
  effect: Effect;
  missing: string[];
  organization: boolean | undefined;
  boundary: boolean | undefined;
}

/** What all questions of one call have in common. */
interface Ground {
  operator: Operator;
  context: Context;
  /** Keys that the policies ask for and the call does not give: the same for every action and resource. */
  missing: string[];
}

function groundOf(operator: Operator, context: Context): Ground {
  const { boundary } = operator;
  const told = statementsOf(operator).concat(boundary ? statementsOf({ arn: '', policies: [boundary] }) : []);
  return { operator, context, missing: missingKeys(told, context) };
}

/** From the least restrictive on. */
const severity: readonly Effect[] = ['allowed', 'implicitDeny', 'explicitDeny'];

/**
 * One question: by the identity-based policies, the boundary, and the organization's service control policies with
 * their conditions, from nothing but the given keys. Session, endpoint and resource control policies are not looked at,
 * and which keys a service control policy lacks is not said.
 */
function simulated({ operator, context, missing }: Ground, action: string, resource: string): Simulated {
  const request = { action, resource, context };
  const { effect } = judge(operator, request, ['serviceControl', 'boundary', 'policies']);
  const { boundary, serviceControl } = operator;
  return {
    effect,
    missing,
    organization: serviceControl && judge(operator, request, ['serviceControl']).effect === 'allowed',
    boundary: boundary && judge(operator, request, ['boundary']).effect === 'allowed',
  };
}

/** The form of an ARN, with the names of its parts: `arn:${Partition}:ec2:${Region}:${Account}:vpc/${VpcId}`. */
function templateOf(resource: string): string {
  const [, , service, region, account, ...rest] = resource.split(':');
  const [, kind] = /^([a-z-]+)[/:]/.exec(rest.join(':')) ?? [];
  const part = (name: string) => `$\{${name}}`;
  const own = kind ? `${kind}/${part('ResourceId')}` : part('ResourceId');
  return ['arn', part('Partition'), service, region && part('Region'), account && part('Account'), own].join(':');
}

const detailsOf = ({ organization, boundary }: Pick<Simulated, 'organization' | 'boundary'>) => ({
  ...(organization === undefined ? {} : { OrganizationsDecisionDetail: { AllowedByOrganizations: organization } }),
  ...(boundary === undefined ? {} : { PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: boundary } }),
});

/** One result for the action, the most restrictive one, and below it one for each resource. */
function resultOf(ground: Ground, action: string, resources: readonly string[]) {
  const each = resources.map(resource => ({ resource, ...simulated(ground, action, resource) }));
  const worst = each.reduce((one, other) =>
    severity.indexOf(other.effect) > severity.indexOf(one.effect) ? other : one,
  );
  const all = (key: 'organization' | 'boundary') => each[0]![key] && each.every(one => one[key]);
  const isEverything = resources.length === 1 && resources[0] === '*';
  return {
    EvalActionName: action,
    EvalResourceName: isEverything ? '*' : templateOf(worst.resource),
    EvalDecision: worst.effect,
    MatchedStatements: [],
    MissingContextValues: [...new Set(each.flatMap(({ missing }) => missing))],
    ...detailsOf({ organization: all('organization'), boundary: all('boundary') }),
    ...(isEverything
      ? {}
      : {
          ResourceSpecificResults: each.map(one => ({
            EvalResourceName: one.resource,
            EvalResourceDecision: one.effect,
            MatchedStatements: [],
            MissingContextValues: one.missing,
            ...detailsOf({ boundary: one.boundary, organization: undefined }),
          })),
        }),
  };
}

export const simulations: Pick<SimulatedService<'iam'>, 'SimulatePrincipalPolicy'> = {
  SimulatePrincipalPolicy: {
    takes: ['PolicySourceArn', 'ActionNames', 'ResourceArns', 'ContextEntries', 'MaxItems', 'Marker'],
    run(
      {
        PolicySourceArn: source = '',
        ActionNames = [],
        ResourceArns = ['*'],
        ContextEntries = [],
        Marker,
        MaxItems = 100,
      },
      world: World,
    ) {
      if (!new RegExp(`^arn:${world.partition}:iam::\\d{12}:(user|role|group)/`).test(source))
        throw new AwsError('InvalidInputException', `Invalid Entity Arn: ${source}`);
      if (source !== principalArnOf(world))
        throw new AwsError('NoSuchEntityException', `${source} does not exist.`, 404);
      const strange = ContextEntries.find(
        ({ ContextKeyType = '', ContextKeyValues = [] }) =>
          !ContextKeyType.endsWith('List') && ContextKeyValues.length !== 1,
      );
      if (strange)
        throw new AwsError('InvalidInputException', `Invalid value for context key ${strange.ContextKeyName}`);
      const context: Context = Object.fromEntries(
        ContextEntries.map(({ ContextKeyName = '', ContextKeyType = '', ContextKeyValues = [] }) => [
          ContextKeyName,
          ContextKeyType.endsWith('List') ? ContextKeyValues : ContextKeyValues[0]!,
        ]),
      );
      const ground = groundOf(world.operator, context);
      const from = Number(Marker ?? 0);
      const isTruncated = from + MaxItems < ActionNames.length;
      return {
        EvaluationResults: ActionNames.slice(from, from + MaxItems).map(action =>
          resultOf(ground, action, ResourceArns),
        ),
        IsTruncated: isTruncated,
        ...(isTruncated ? { Marker: String(from + MaxItems) } : {}),
      };
    },
  },
};
