import { decide, parsePolicy } from '../../iam/policy.ts';
import type { Role } from '../../iam/state.ts';
import { newUuid } from '../../uuid.ts';
import type { Ec2World } from '../state.ts';
import { Tags } from '../tags.ts';
import { takeAddress } from './network-interfaces.ts';

const sameGroups = (a: string[], b: string[]) => [...a].sort().join() === [...b].sort().join();

/** See `Ec2World.attachLambdaInterfaces`. */
export function attachLambdaInterfaces(
  ec2: Ec2World,
  functionName: string,
  subnetIds: string[],
  groupIds: string[],
  now: number,
): void {
  const { world } = ec2;
  for (const groupId of groupIds) ec2.groups.get(groupId);
  for (const subnet of subnetIds.map(id => ec2.subnets.get(id))) {
    const kept = ec2.interfaces
      .existing()
      .find(
        eni =>
          eni.type === 'lambda' &&
          eni.subnetId === subnet.id &&
          sameGroups(eni.groupIds, groupIds) &&
          now < eni.attachment!.until,
      );
    if (kept) {
      kept.functionNames = [...new Set([...(kept.functionNames ?? []), functionName])];
      kept.attachment!.until = Number.POSITIVE_INFINITY;
      delete kept.goneAt;
      delete kept.freedBy;
      continue;
    }
    ec2.interfaces.add({
      id: world.newId('eni'),
      createdAt: now,
      tags: new Tags({}),
      type: 'lambda',
      description: `AWS Lambda VPC ENI-${functionName}-${newUuid(world, 'lambda-interface')}`,
      vpcId: subnet.vpcId,
      subnetId: subnet.id,
      privateIp: takeAddress(world, subnet),
      groupIds: [...groupIds],
      attachment: { id: world.newId('ela-attach'), until: Number.POSITIVE_INFINITY },
      functionNames: [functionName],
    });
  }
}

/** See `Ec2World.releaseLambdaInterfaces`. */
export function releaseLambdaInterfaces(
  ec2: Ec2World,
  functionName: string,
  now: number,
  availableAt: number,
  { reclaim = true, role }: { reclaim?: boolean; role?: string },
): void {
  for (const eni of interfacesOf(ec2, functionName)) {
    // Those that were let go before keep their own instant.
    if (eni.attachment!.until !== Number.POSITIVE_INFINITY) continue;
    const others = eni.functionNames!.filter(name => name !== functionName);
    if (others.length > 0) {
      eni.functionNames = others;
      continue;
    }
    eni.attachment!.until = Math.max(now, availableAt);
    if (reclaim) eni.goneAt = eni.attachment!.until;
    eni.freedBy = role;
  }
  strandLambdaInterfaces(ec2);
}

/** See `Ec2World.strandLambdaInterfaces`. */
export function strandLambdaInterfaces(ec2: Ec2World): void {
  const { iam } = ec2.world;
  const now = ec2.world.now();
  for (const eni of ec2.interfaces.existing()) {
    if (eni.freedBy === undefined || now >= (eni.attachment?.until ?? 0)) continue;
    const role = iam.roleByArn(eni.freedBy);
    if (!role) eni.attachment!.until = Number.POSITIVE_INFINITY;
    if (!role || !mayDelete(role)) delete eni.goneAt;
  }
}

function mayDelete({ policies }: Role): boolean {
  const statements = [...policies.values()].flatMap(({ document }) => parsePolicy(document, 'identity'));
  return decide(statements, 'ec2:DeleteNetworkInterface', '*', {}) === 'allowed';
}

const interfacesOf = (ec2: Ec2World, functionName: string) =>
  ec2.interfaces.existing().filter(eni => eni.functionNames?.includes(functionName));

/** See `Ec2World.hasLambdaInterfaces`. */
export const hasLambdaInterfaces = (ec2: Ec2World, functionName: string, subnetIds: string[]): boolean =>
  subnetIds.every(id => interfacesOf(ec2, functionName).some(({ subnetId }) => subnetId === id));
