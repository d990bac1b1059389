import type { Modelled } from '../coverage.ts';

export const eventsModelled: readonly Modelled[] = [
  {
    operations: [
      'PutRule',
      'DescribeRule',
      'DisableRule',
      'ListTagsForResource',
      'TagResource',
      'UntagResource',
      'DeleteRule',
      'ListRules',
    ],
    what: 'Schedules are read as AWS reads them. Putting a rule again forgets what is left out and keeps its tags. A rule with targets cannot go, nor for the lag after the last was removed; of one that is not there a deletion is content.',
    source: 'API reference, PutRule and DeleteRule; terraform-provider-aws, rule.go',
  },
  {
    operations: ['PutTargets', 'ListTargetsByRule', 'RemoveTargets'],
    what: 'Failures of single targets stand in an answer that is well. A target gets the event, or what its input transformer makes of it. A rule starts a function only with its permission.',
    source: 'API reference, PutTargets and RemoveTargets; EventBridge user guide, "Input transformation"',
  },
];
