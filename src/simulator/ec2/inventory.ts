import { instanceState } from './instances.ts';
import { addressOwner } from './network/addresses.ts';
import { natState } from './network/nat-gateways.ts';
import { isInUse } from './network/network-interfaces.ts';
import type { Ec2World } from './state.ts';
import type { Thing } from './things.ts';

export interface InventoryRow {
  type: string;
  id: string;
  name?: string;
  state?: string;
  tags: Record<string, string>;
}

/** See `Ec2World.inventory`. Types are EC2's own resource types, as in tag specifications. */
export function inventory(ec2: Ec2World, now: number): InventoryRow[] {
  const row = (type: string, { id, tags }: Thing, details: { name?: string; state?: string } = {}): InventoryRow => {
    const present = tags.asOf(now);
    return { type, id, ...('Name' in present ? { name: present.Name } : {}), ...details, tags: present };
  };
  return [
    ...ec2.vpcs.existing().map(vpc => row('vpc', vpc)),
    ...ec2.subnets.existing().map(subnet => row('subnet', subnet)),
    ...ec2.internetGateways
      .existing()
      .map(gateway => row('internet-gateway', gateway, { state: gateway.vpcId ? 'attached' : 'detached' })),
    ...ec2.natGateways.existing().map(gateway => row('natgateway', gateway, { state: natState(gateway, now) })),
    ...ec2.addresses
      .existing()
      .map(address => row('elastic-ip', address, { state: addressOwner(ec2, address) ? 'associated' : 'free' })),
    ...ec2.routeTables.existing().map(table => row('route-table', table)),
    ...ec2.networkAcls
      .existing()
      .filter(({ isDefault }) => !isDefault)
      .map(acl => row('network-acl', acl)),
    ...ec2.groups.existing().map(group => row('security-group', group, { name: group.name })),
    ...ec2.interfaces.existing().map(eni =>
      row('network-interface', eni, {
        name: eni.description,
        state: isInUse(ec2.world, eni) ? 'in-use' : 'available',
      }),
    ),
    ...ec2.instances.existing().map(instance => row('instance', instance, { state: instanceState(instance, now) })),
    ...ec2.volumes.existing().map(volume => row('volume', volume)),
    ...ec2.snapshots.existing().map(snapshot => row('snapshot', snapshot)),
    ...ec2.endpoints.existing().map(endpoint => row('vpc-endpoint', endpoint)),
  ];
}
