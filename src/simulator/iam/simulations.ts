import { statementsOf } from '../authorization/operator.ts';
import { AwsError, NotSimulated } from '../aws-error.ts';
import type { SimulatedService } from '../service.ts';
import type { World } from '../world.ts';
import { type Context, decide, missingKeys } from './policy.ts';

/** A session is no principal: its policies are those of its role. */
const principalOf = ({ operator, account }: World): string => {
  const [, role] = /:assumed-role\/([^/]+)\//.exec(operator.arn) ?? [];
  return role === undefined ? operator.arn : `arn:aws:iam::${account}:role/${role}`;
};

export const simulations: Pick<SimulatedService<'iam'>, 'SimulatePrincipalPolicy'> = {
  SimulatePrincipalPolicy: {
    takes: ['PolicySourceArn', 'ActionNames', 'ResourceArns', 'ContextEntries', 'MaxItems', 'Marker'],
    run(
      { PolicySourceArn: source = '', ActionNames = [], ResourceArns = ['*'], ContextEntries = [], Marker, MaxItems = 100 },
      world,
    ) {
      if (!/^arn:aws:iam::\d{12}:(user|role|group)\//.test(source))
        throw new AwsError('InvalidInputException', `Invalid Entity Arn: ${source}`);
      if (source !== principalOf(world)) throw new AwsError('NoSuchEntityException', `${source} does not exist.`, 404);
      const many = ContextEntries.find(({ ContextKeyValues = [] }) => ContextKeyValues.length !== 1);
      if (many) throw new NotSimulated(`several values of ${many.ContextKeyName}`);
      const context: Context = Object.fromEntries(
        ContextEntries.map(({ ContextKeyName = '', ContextKeyValues = [] }) => [ContextKeyName, ContextKeyValues[0]!]),
      );
      const statements = statementsOf(world.operator);
      const all = ActionNames.flatMap(action =>
        ResourceArns.map(resource => ({
          EvalActionName: action,
          EvalResourceName: resource,
          EvalDecision:
            world.operator.policies === undefined ? ('allowed' as const) : decide(statements, action, resource, context),
          MissingContextValues: missingKeys(statements, action, context),
        })),
      );
      const from = Number(Marker ?? 0);
      const isTruncated = from + MaxItems < all.length;
      return {
        EvaluationResults: all.slice(from, from + MaxItems),
        IsTruncated: isTruncated,
        ...(isTruncated ? { Marker: String(from + MaxItems) } : {}),
      };
    },
  },
};
