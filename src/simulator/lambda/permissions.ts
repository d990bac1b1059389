import { AwsError } from '../aws-error.ts';
import type { SimulatedService } from '../service.ts';
import { existingFunction } from './functions.ts';

const noStatement = () => new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', 404);

export const permissions: Pick<SimulatedService<'lambda'>, 'AddPermission' | 'RemovePermission' | 'GetPolicy'> = {
  AddPermission: {
    takes: ['FunctionName', 'StatementId', 'Action', 'Principal', 'SourceArn'],
    run({ FunctionName, StatementId: id = '', Action: action = '', Principal: principal = '', SourceArn: sourceArn }, world) {
      const one = existingFunction(world, FunctionName);
      if (!/^[\w-]{1,100}$/.test(id))
        throw new AwsError('InvalidParameterValueException', `The statement id ${id} is not valid.`);
      if (one.permissions.has(id))
        throw new AwsError(
          'ResourceConflictException',
          `The statement id (${id}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
          409,
        );
      one.permissions.set(id, { action, principal, sourceArn });
      return {
        Statement: JSON.stringify({
          Sid: id,
          Effect: 'Allow',
          Principal: { Service: principal },
          Action: action,
          Resource: one.arn,
        }),
      };
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
      const Statement = [...one.permissions].map(([Sid, { action, principal, sourceArn }]) => ({
        Sid,
        Effect: 'Allow',
        Principal: { Service: principal },
        Action: action,
        Resource: one.arn,
        ...(sourceArn ? { Condition: { ArnLike: { 'AWS:SourceArn': sourceArn } } } : {}),
      }));
      return { Policy: JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement }) };
    },
  },
};
