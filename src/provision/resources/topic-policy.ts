interface Statement {
  Effect?: string;
  Condition?: Record<string, Record<string, string | string[]>>;
}

/** What AWS gives every topic (SNS developer guide, "Example cases for Amazon SNS access control"). */
export const defaultTopicPolicy = (topicArn: string, account: string): string =>
  JSON.stringify({
    Version: '2008-10-17',
    Id: '__default_policy_ID',
    Statement: [
      {
        Sid: '__default_statement_ID',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: [
          'SNS:GetTopicAttributes',
          'SNS:SetTopicAttributes',
          'SNS:AddPermission',
          'SNS:RemovePermission',
          'SNS:DeleteTopic',
          'SNS:Subscribe',
          'SNS:ListSubscriptionsByTopic',
          'SNS:Publish',
        ],
        Resource: topicArn,
        Condition: { StringEquals: { 'AWS:SourceOwner': account } },
      },
    ],
  });

/**
 * Whether a policy says what AWS's own does: one statement, for this account and nobody else. Which actions it lists
 * differs by region and age.
 */
export function isDefaultTopicPolicy(policy: string, account: string): boolean {
  const statements = [(JSON.parse(policy) as { Statement?: Statement | Statement[] }).Statement ?? []].flat();
  const [{ Effect, Condition = {} } = {}] = statements;
  const conditions = Object.entries(Condition).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, value]) => `${operator} ${key} ${value}`.toLowerCase()),
  );
  const wanted = ['sourceowner', 'sourceaccount'].map(key => `stringequals aws:${key} ${account}`);
  return statements.length === 1 && Effect === 'Allow' && conditions.length === 1 && wanted.includes(conditions[0]!);
}
