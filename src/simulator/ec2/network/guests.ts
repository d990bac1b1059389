import type { World } from '../../world.ts';
import type { Vpc } from '../records.ts';
import { Tags } from '../tags.ts';
import { takeAddress } from './network-interfaces.ts';
import { newSecurityGroup } from './security-groups.ts';

/**
 * GuardDuty begins to watch a VPC: it gives it a security group, and an interface endpoint with an interface in each
 * subnet (GuardDuty user guide, "Automated security agent for Amazon EC2").
 */
export function letGuardDutyIn(world: World, vpc: Vpc): void {
  const tags = { GuardDutyManaged: 'true' };
  const group = newSecurityGroup(world, vpc, `GuardDutyManagedSecurityGroup-${vpc.id}`, 'Associated with VPC', tags);
  const id = world.newId('vpce');
  const subnets = world.ec2.subnets.existing().filter(({ vpcId }) => vpcId === vpc.id);
  const interfaces = subnets.map(subnet =>
    world.ec2.interfaces.add({
      id: world.newId('eni'),
      createdAt: world.now(),
      tags: new Tags({}),
      type: 'vpc_endpoint',
      description: `VPC Endpoint Interface ${id}`,
      vpcId: vpc.id,
      subnetId: subnet.id,
      privateIp: takeAddress(world, subnet),
      groupIds: [group.id],
      attachment: { id: world.newId('ela-attach'), until: Number.POSITIVE_INFINITY },
    }),
  );
  world.ec2.endpoints.add({
    id,
    createdAt: world.now(),
    tags: new Tags(tags),
    vpcId: vpc.id,
    serviceName: `com.amazonaws.${world.region}.guardduty-data`,
    prefixListId: '',
    policy: '',
    interfaceIds: interfaces.map(eni => eni.id),
    availableAt: world.now(),
  });
}
