import type { Modelled } from '../coverage.ts';

export const logsModelled: readonly Modelled[] = [
  {
    operations: [
      'CreateLogGroup',
      'DescribeLogGroups',
      'ListTagsForResource',
      'TagResource',
      'UntagResource',
      'PutRetentionPolicy',
      'DeleteLogGroup',
    ],
    what: 'Groups with tags, and the retentions that AWS knows. A function that writes late makes its group again, without tags and for ever, where its role may.',
    source: 'API reference, CreateLogGroup and PutRetentionPolicy; hashicorp/terraform-provider-aws#454',
  },
];
