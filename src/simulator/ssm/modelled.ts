import type { Modelled } from '../coverage.ts';

export const ssmModelled: readonly Modelled[] = [
  {
    operations: [
      'PutParameter',
      'GetParameter',
      'GetParametersByPath',
      'ListTagsForResource',
      'AddTagsToResource',
      'RemoveTagsFromResource',
      'DeleteParameter',
    ],
    what: 'A SecureString shows its value only with decryption, for which the function needs the permission of a customer key. A new one with a name that is there is refused; tags and overwriting exclude each other. The newest images have their public parameters.',
    source: 'API reference, PutParameter; Systems Manager user guide, "Calling AMI public parameters"',
  },
];
