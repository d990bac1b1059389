import {
  AddPermissionCommand,
  CreateFunctionCommand,
  DeleteFunctionCommand,
  DeleteLayerVersionCommand,
  GetFunctionCommand,
  GetPolicyCommand,
  InvokeCommand,
  LambdaClient,
  ListFunctionsCommand,
  ListLayersCommand,
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
  ListFunctions: ListFunctionsCommand,
  ListLayerVersions: ListLayerVersionsCommand,
  ListLayers: ListLayersCommand,
  PublishLayerVersion: PublishLayerVersionCommand,
  RemovePermission: RemovePermissionCommand,
  UpdateFunctionCode: UpdateFunctionCodeCommand,
  UpdateFunctionConfiguration: UpdateFunctionConfigurationCommand,
};
