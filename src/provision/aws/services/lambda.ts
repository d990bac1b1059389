import {
  AddPermissionCommand,
  CreateFunctionCommand,
  DeleteFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  DeleteLayerVersionCommand,
  GetFunctionCommand,
  GetPolicyCommand,
  InvokeCommand,
  LambdaClient,
  ListLayerVersionsCommand,
  PublishLayerVersionCommand,
  RemovePermissionCommand,
  TagResourceCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';

export const Client = LambdaClient;

export const commands = {
  AddPermission: AddPermissionCommand,
  CreateFunction: CreateFunctionCommand,
  DeleteFunction: DeleteFunctionCommand,
  DeleteFunctionConcurrency: DeleteFunctionConcurrencyCommand,
  DeleteLayerVersion: DeleteLayerVersionCommand,
  GetFunction: GetFunctionCommand,
  GetPolicy: GetPolicyCommand,
  Invoke: InvokeCommand,
  ListLayerVersions: ListLayerVersionsCommand,
  PublishLayerVersion: PublishLayerVersionCommand,
  RemovePermission: RemovePermissionCommand,
  TagResource: TagResourceCommand,
  UpdateFunctionCode: UpdateFunctionCodeCommand,
  UpdateFunctionConfiguration: UpdateFunctionConfigurationCommand,
};
