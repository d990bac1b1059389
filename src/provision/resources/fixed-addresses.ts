import type { NatGatewayAddress } from '@aws-sdk/client-ec2';
import type { Stack } from '../stack.ts';
import { databaseHostAddress } from './function-environment.ts';

/**
 * The private addresses next to the database host's, for what stands in its subnet too. AWS would choose any free one,
 * and in a small subnet soon the database host's own, before that is there to hold it.
 */
export const natGatewayAddress = (stack: Stack): string => after(databaseHostAddress(stack), 1);
export const cliHostAddress = (stack: Stack): string => after(databaseHostAddress(stack), 2);

/** Whether an address of a NAT gateway in our VPC is that of ours: two things cannot have it. */
export const isOfOurs =
  (stack: Stack) =>
  ({ PrivateIp }: NatGatewayAddress): boolean =>
    PrivateIp === natGatewayAddress(stack);

/** Within a subnet: the last number of the tenth address of any has room for a few more. */
function after(address: string, by: number): string {
  const bytes = address.split('.').map(Number);
  return [...bytes.slice(0, 3), bytes[3]! + by].join('.');
}
