import type { SimulatedService } from '../service.ts';
import { addresses } from './addresses.ts';
import { attachments } from './attachments.ts';
import { endpoints } from './endpoints.ts';
import { instances } from './instances.ts';
import { internetGateways } from './internet-gateways.ts';
import { natGateways } from './nat-gateways.ts';
import { networkAcls } from './network-acls.ts';
import { networkInterfaces } from './network-interfaces.ts';
import { profileAssociations } from './profile-associations.ts';
import { routeTables } from './route-tables.ts';
import { securityGroups } from './security-groups.ts';
import { snapshots } from './snapshots.ts';
import { subnets } from './subnets.ts';
import { tagging } from './tags.ts';
import { volumes } from './volumes.ts';
import { vpcs } from './vpcs.ts';
import { zones } from './zones.ts';

/** EC2 and VPC, as far as the tool calls them. */
export const ec2: SimulatedService<'ec2'> = {
  ...vpcs,
  ...subnets,
  ...internetGateways,
  ...natGateways,
  ...addresses,
  ...routeTables,
  ...securityGroups,
  ...networkAcls,
  ...networkInterfaces,
  ...instances,
  ...profileAssociations,
  ...snapshots,
  ...volumes,
  ...endpoints,
  ...attachments,
  ...tagging,
  ...zones,
};
