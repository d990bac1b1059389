import { dnsSuffixOf } from '../aws/partition.ts';
import type { PolicyDocument } from '../aws/policy-document.ts';
import { arn, type Stack } from '../stack.ts';
import { archiveArn, archivePrefixes } from './archive-settings.ts';

const allow = (...Statement: object[]): PolicyDocument => ({ Version: '2012-10-17', Statement });

/**
 * What Lambda needs of EC2 to give a function its network interfaces. EC2 takes no narrower resource; the denial keeps
 * the function's own code from using it (Lambda developer guide, "Giving Lambda functions access to resources in an
 * Amazon VPC").
 */
const interfaceActions = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];

/**
 * What the function may do: publish to its two topics, keep its archive, read its one secret, write its own log, have
 * network interfaces.
 */
export function functionPolicy(stack: Stack): PolicyDocument {
  const { names, settings } = stack;
  const functionArn = arn(stack, 'lambda', `function:${names.functionName}`);
  return allow(
    {
      Sid: 'Publish',
      Effect: 'Allow',
      Action: 'sns:Publish',
      Resource: [names.topic, names.operatorsTopic].map(name => arn(stack, 'sns', name)),
    },
    ...keepArchive(stack),
    ...(settings.database.secret === 'parameter' ? readSecret(stack) : []),
    {
      Sid: 'Log',
      Effect: 'Allow',
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: arn(stack, 'logs', `log-group:${names.logGroup}:*`),
    },
    { Sid: 'NetworkInterfaces', Effect: 'Allow', Action: interfaceActions, Resource: '*' },
    {
      Sid: 'NetworkInterfacesNotByCode',
      Effect: 'Deny',
      Action: interfaceActions,
      Resource: '*',
      Condition: { ArnEquals: { 'lambda:SourceFunctionArn': functionArn } },
    },
  );
}

/**
 * Reading and writing below the two prefixes. To list is for the whole bucket: a condition on the prefix would not hold
 * where S3 asks whether a reader may know that a key is not there, and the answer would be 403 in place of 404.
 */
function keepArchive(stack: Stack): object[] {
  const bucket = archiveArn(stack);
  const Condition = { StringEquals: { 'aws:ResourceAccount': stack.account } };
  return [
    {
      Sid: 'KeepReports',
      Effect: 'Allow',
      Action: ['s3:GetObject', 's3:PutObject'],
      Resource: archivePrefixes.map(prefix => `${bucket}/${prefix}*`),
      Condition,
    },
    { Sid: 'ListReports', Effect: 'Allow', Action: 's3:ListBucket', Resource: bucket, Condition },
  ];
}

/**
 * What a host may do: Session Manager, and for the database host its one secret. No managed policy: AWS's own reads
 * every parameter.
 */
export function hostPolicy(stack: Stack, host: 'database' | 'cli'): PolicyDocument {
  const sessionManager = {
    Sid: 'SessionManager',
    Effect: 'Allow',
    Action: [
      'ssm:UpdateInstanceInformation',
      'ssmmessages:CreateControlChannel',
      'ssmmessages:CreateDataChannel',
      'ssmmessages:OpenControlChannel',
      'ssmmessages:OpenDataChannel',
    ],
    Resource: '*',
  };
  return allow(sessionManager, ...(host === 'database' ? readSecret(stack) : []));
}

export const schedulerPolicy = (stack: Stack): PolicyDocument =>
  allow({
    Sid: 'StartTheReport',
    Effect: 'Allow',
    Action: 'lambda:InvokeFunction',
    Resource: arn(stack, 'lambda', `function:${stack.names.functionName}`),
  });

/** The name of the parameter that holds the database's password: the user's own or ours. */
export const passwordParameter = ({ settings, names }: Pick<Stack, 'settings' | 'names'>): string =>
  settings.database.passwordParameter ?? names.password;

/**
 * The user's own parameter may be encrypted with a key of theirs, which may be any: only SSM may use it, only for this
 * parameter (KMS developer guide, "How AWS Systems Manager Parameter Store uses AWS KMS"). The key of ours is AWS's
 * own, which needs no permission.
 */
function readSecret(stack: Stack): object[] {
  // The ARN has one slash where the name begins.
  const parameter = arn(stack, 'ssm', `parameter${passwordParameter(stack)}`);
  const read = { Sid: 'ReadTheSecret', Effect: 'Allow', Action: 'ssm:GetParameter', Resource: parameter };
  if (stack.settings.database.passwordParameter === undefined) return [read];
  const decrypt = {
    Sid: 'DecryptTheSecret',
    Effect: 'Allow',
    Action: 'kms:Decrypt',
    Resource: '*',
    Condition: {
      StringEquals: {
        'kms:ViaService': `ssm.${stack.region}.${dnsSuffixOf(stack.partition)}`,
        'kms:EncryptionContext:PARAMETER_ARN': parameter,
      },
    },
  };
  return [read, decrypt];
}
