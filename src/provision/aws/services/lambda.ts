import {
  AddPermissionCommand,
  CreateFunctionCommand,
  DeleteFunctionCommand,
  DeleteFunctionEventInvokeConfigCommand,
  DeleteLayerVersionCommand,
  GetFunctionCommand,
  GetPolicyCommand,
  InvokeCommand,
  LambdaClient,
  ListLayerVersionsCommand,
  PublishLayerVersionCommand,
  PutFunctionEventInvokeConfigCommand,
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
  DeleteFunctionEventInvokeConfig: DeleteFunctionEventInvokeConfigCommand,
  DeleteLayerVersion: DeleteLayerVersionCommand,
  GetFunction: GetFunctionCommand,
  GetPolicy: GetPolicyCommand,
  Invoke: InvokeCommand,
  ListLayerVersions: ListLayerVersionsCommand,
  PublishLayerVersion: PublishLayerVersionCommand,
  PutFunctionEventInvokeConfig: PutFunctionEventInvokeConfigCommand,
  RemovePermission: RemovePermissionCommand,
  TagResource: TagResourceCommand,
  UpdateFunctionCode: UpdateFunctionCodeCommand,
  UpdateFunctionConfiguration: UpdateFunctionConfigurationCommand,
};
