import {
  DeleteParameterCommand,
  GetParameterCommand,
  ListTagsForResourceCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';

export const Client = SSMClient;

export const commands = {
  DeleteParameter: DeleteParameterCommand,
  GetParameter: GetParameterCommand,
  ListTagsForResource: ListTagsForResourceCommand,
  PutParameter: PutParameterCommand,
};
