import {
  AddPermissionCommand,
  CreateFunctionCommand,
  DeleteFunctionCommand,
  DeleteLayerVersionCommand,
  GetFunctionCommand,
  GetPolicyCommand,
  InvokeCommand,
  LambdaClient,
  ListLayerVersionsCommand,
  PublishLayerVersionCommand,
  RemovePermissionCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';

export const Client = LambdaClient;

export const commands = {
  AddPermission: AddPermissionCommand,
  CreateFunction: CreateFunctionCommand,
  DeleteFunction: DeleteFunctionCommand,
  DeleteLayerVersion: DeleteLayerVersionCommand,
  GetFunction: GetFunctionCommand,
  GetPolicy: GetPolicyCommand,
  Invoke: InvokeCommand,
  ListLayerVersions: ListLayerVersionsCommand,
  PublishLayerVersion: PublishLayerVersionCommand,
  RemovePermission: RemovePermissionCommand,
  UpdateFunctionCode: UpdateFunctionCodeCommand,
  UpdateFunctionConfiguration: UpdateFunctionConfigurationCommand,
};
