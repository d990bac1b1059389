import {
  AddTagsToResourceCommand,
  DeleteParameterCommand,
  GetParameterCommand,
  GetParametersByPathCommand,
  ListTagsForResourceCommand,
  PutParameterCommand,
  RemoveTagsFromResourceCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';

export const Client = SSMClient;

export const commands = {
  AddTagsToResource: AddTagsToResourceCommand,
  DeleteParameter: DeleteParameterCommand,
  GetParameter: GetParameterCommand,
  GetParametersByPath: GetParametersByPathCommand,
  ListTagsForResource: ListTagsForResourceCommand,
  PutParameter: PutParameterCommand,
  RemoveTagsFromResource: RemoveTagsFromResourceCommand,
};
