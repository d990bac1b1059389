import type { AwsResource, Stack } from '../stack.ts';
import { type SecurityGroupFound, securityGroup, tcp } from './security-group.ts';
import type { VpcFound } from './vpc.ts';

/** The group of the database: MariaDB's port from the group Web and from nowhere else. */
export function databaseGroup(
  stack: Stack,
  needs: { vpc: AwsResource<VpcFound>; web: AwsResource<SecurityGroupFound> },
) {
  return securityGroup(
    stack,
    { ...needs },
    {
      id: 'group.database',
      name: stack.names.databaseGroup,
      description: 'The database of the shop',
      wantedRules: (_found, { web }) => web && [tcp(3306, web.awsId, `MariaDB from ${stack.names.webGroup} only`)],
    },
  );
}
