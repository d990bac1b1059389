import type { SimulatedService } from '../service.ts';
import { instances } from './instances.ts';
import { addresses } from './network/addresses.ts';
import { attachments } from './network/attachments.ts';
import { endpoints } from './network/endpoints.ts';
import { internetGateways } from './network/internet-gateways.ts';
import { natGateways } from './network/nat-gateways.ts';
import { networkAcls } from './network/network-acls.ts';
import { networkInterfaces } from './network/network-interfaces.ts';
import { routeTables } from './network/route-tables.ts';
import { securityGroups } from './network/security-groups.ts';
import { subnets } from './network/subnets.ts';
import { vpcs } from './network/vpcs.ts';
import { zones } from './network/zones.ts';
import { profileAssociations } from './profile-associations.ts';
import { snapshots } from './snapshots.ts';
import { tagging } from './tags.ts';
import { volumes } from './volumes.ts';

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
