import type { Modelled } from '../coverage.ts';

export const lambdaModelled: readonly Modelled[] = [
  {
    operations: [
      'CreateFunction',
      'GetFunction',
      'UpdateFunctionCode',
      'UpdateFunctionConfiguration',
      'DeleteFunctionConcurrency',
      'TagResource',
      'UntagResource',
      'ListFunctions',
      'DeleteFunction',
    ],
    what: 'Pending for about a minute in a VPC; updates one at a time, during which, and after one that failed, the old code serves. One that could not be made is `Failed` and takes no update. The role must be assumable and allow all that Lambda does with network interfaces. Limits of zip, environment and layers. Interfaces linger for minutes after the function left, for ever without its role, and are left lying where it does not allow to delete them.',
    source:
      'Lambda developer guide, "Lambda function states", "Lambda quotas" and "Giving Lambda functions access to a VPC"',
  },
  {
    operations: ['Invoke'],
    what: 'Runs the uploaded bundle itself, with its environment, its permissions and its place in the network, until its timeout. What it logs is there where its role allows it. With a role that was made anew under the old name it cannot decrypt its environment. With no executions reserved for it, it is not begun. Its sales come from a source that the caller gives, as far as the password, the tables and the way to the host of the database let them; layers are not unpacked.',
    source:
      'Lambda developer guide, "Invoking a function synchronously"; re:Post, "KMSAccessDeniedException" of Lambda',
  },
  {
    operations: ['AddPermission', 'GetPolicy', 'RemovePermission'],
    what: 'Permissions for services. A statement that is there is refused, also when it says the same. 20 KB in all.',
    source: 'API reference, AddPermission',
  },
  {
    operations: ['PublishLayerVersion', 'ListLayers', 'ListLayerVersions', 'DeleteLayerVersion'],
    what: 'Each publication is a new version, and no number is used again. A function keeps a version that was deleted.',
    source: 'Lambda developer guide, "Creating and deleting layers"',
  },
];
