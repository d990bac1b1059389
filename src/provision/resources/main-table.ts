import type { RouteTable } from '@aws-sdk/client-ec2';
import { Problem } from '../../problem.ts';
import { as, awsCli } from '../../suggest.ts';
import { type Owner, recordOf } from '../aws/owner.ts';
import type { Stack } from '../stack.ts';

const mainOf = ({ Associations = [] }: RouteTable) => Associations.find(({ Main }) => Main);

/**
 * The route table that a VPC came with, among what AWS lists: the main one or, where somebody made one of ours that,
 * the one that is nobody's and routes least.
 */
export function ownOfVpc(
  tables: readonly RouteTable[],
  vpcId: string | undefined,
  owner: Owner,
): RouteTable | undefined {
  const inVpc = tables.filter(({ VpcId }) => VpcId === vpcId);
  const main = inVpc.find(mainOf);
  if (!main || !owner.of(recordOf(main.Tags)).ours) return main;
  return inVpc
    .filter(({ Tags }) => owner.of(recordOf(Tags)).nobodys)
    .sort((a, b) => (a.Associations?.length ?? 0) - (b.Associations?.length ?? 0))[0];
}

/** Whether somebody made this table the VPC's main one, which routes every subnet that has no table of its own. */
export const isMain = (table: RouteTable): boolean => mainOf(table) !== undefined;

/**
 * Makes the table that a VPC came with its main one again, where this one of ours is. Throws Problem `no-main-table`
 * where that is gone.
 */
export async function giveBackMain({ aws, owner, region }: Stack, vpcId: string, tableId: string): Promise<void> {
  const { RouteTables = [] } = await aws.call('ec2:DescribeRouteTables', {
    Filters: [{ Name: 'vpc-id', Values: [vpcId] }],
  });
  const AssociationId = mainOf(
    RouteTables.find(({ RouteTableId }) => RouteTableId === tableId) ?? {},
  )?.RouteTableAssociationId;
  if (AssociationId === undefined) return;
  const { RouteTableId } = ownOfVpc(RouteTables, vpcId, owner) ?? {};
  if (RouteTableId === undefined)
    throw new Problem(
      'no-main-table',
      `${tableId} is the main route table of ${vpcId}, and there is no other that could be: make one with ${awsCli`ec2 create-route-table --region ${as.region(region)} --vpc-id ${as.awsId(vpcId)}`}, then run the same command again.`,
    );
  await aws.call('ec2:ReplaceRouteTableAssociation', { AssociationId, RouteTableId });
}
