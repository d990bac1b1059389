import { AwsError, NotSimulated } from '../aws-error.ts';
import type { SimulatedService } from '../service.ts';
import { existingFunction } from './existing.ts';
import type { Permission, SimulatedFunction } from './state.ts';
import { invalid } from './zips.ts';

/** Bytes of a function's resource policy (Lambda developer guide, "Lambda quotas"). */
const largestPolicy = 20_480;

const noStatement = () => new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', 404);

export const permissions: Pick<SimulatedService<'lambda'>, 'AddPermission' | 'RemovePermission' | 'GetPolicy'> = {
  AddPermission: {
    takes: ['FunctionName', 'StatementId', 'Action', 'Principal', 'SourceArn'],
    run(
      { FunctionName, StatementId: id = '', Action: action = '', Principal: principal = '', SourceArn: sourceArn },
      world,
    ) {
      const one = existingFunction(world, FunctionName);
      if (!/^[\w-]{1,100}$/.test(id)) throw new AwsError('ValidationException', `The statement id ${id} is not valid.`);
      if (!/^lambda:(\*|[a-zA-Z]+)$/.test(action))
        throw new AwsError('ValidationException', `The action ${action} is not valid.`);
      if (/^(\d{12}|arn:.*|\*)$/.test(principal)) throw new NotSimulated('a permission for anybody but a service');
      if (!/^[a-z][a-z.-]*\.amazonaws\.com$/.test(principal))
        throw invalid('The provided principal was invalid. Please check the principal and try again.');
      if (one.permissions.has(id))
        throw new AwsError(
          'ResourceConflictException',
          `The statement id (${id}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
          409,
        );
      const statement = statementOf(one, id, { action, principal, sourceArn });
      if (Buffer.byteLength(policyOf(one)) + Buffer.byteLength(JSON.stringify(statement)) > largestPolicy)
        throw new AwsError(
          'PolicyLengthExceededException',
          `The final policy size is bigger than the limit (${largestPolicy}).`,
        );
      one.permissions.set(id, { action, principal, sourceArn });
      return { Statement: JSON.stringify(statement) };
    },
  },
  RemovePermission: {
    takes: ['FunctionName', 'StatementId'],
    run({ FunctionName, StatementId = '' }, world) {
      if (!existingFunction(world, FunctionName).permissions.delete(StatementId)) throw noStatement();
      return {};
    },
  },
  GetPolicy: {
    takes: ['FunctionName'],
    run({ FunctionName }, world) {
      const one = existingFunction(world, FunctionName);
      if (one.permissions.size === 0) throw noStatement();
      return { Policy: policyOf(one) };
    },
  },
};

const policyOf = (one: SimulatedFunction): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Id: 'default',
    Statement: [...one.permissions].map(([id, permission]) => statementOf(one, id, permission)),
  });

const statementOf = (one: SimulatedFunction, id: string, { action, principal, sourceArn }: Permission) => ({
  Sid: id,
  Effect: 'Allow',
  Principal: { Service: principal },
  Action: action,
  Resource: one.arn,
  ...(sourceArn ? { Condition: { ArnLike: { 'AWS:SourceArn': sourceArn } } } : {}),
});
