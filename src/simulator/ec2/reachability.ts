import { contains, parseCidr } from './cidr.ts';
import { natState } from './nat-gateways.ts';
import type { Instance, Rule } from './records.ts';
import { isInternetRoute, tableOf } from './route-tables.ts';
import type { Ec2World } from './state.ts';

/** A running instance as something else in its VPC sees it. */
export interface Host {
  instanceId: string;
  /** Whether its user-data has run to the end, which takes the way to the internet too. */
  isReady: boolean;
  /** Whether its groups let the asker in to a TCP port. */
  admits(port: number): boolean;
}

/** See `Ec2World.findHost`. */
export function findHost(ec2: Ec2World, privateIp: string, from: { subnetId: string; groupIds: string[] }): Host | undefined {
  const vpcId = ec2.subnets.find(from.subnetId)?.vpcId;
  const instance = ec2.instances
    .existing()
    .find(
      host =>
        host.vpcId === vpcId &&
        host.privateIp === privateIp &&
        !host.termination &&
        !host.isStopped &&
        host.runningAt <= ec2.world.now(),
    );
  if (!instance) return undefined;
  const groupIds = ec2.interfaces.find(instance.interfaceId)?.groupIds ?? [];
  const rules = groupIds.flatMap(id => ec2.groups.find(id)?.rules ?? []);
  return {
    instanceId: instance.id,
    isReady: isReady(ec2, instance),
    admits: port => rules.some(rule => !rule.egress && isForPort(rule, port) && isForPeer(ec2, rule, from)),
  };
}

/** Whether the first boot is over and well. Packages come from the internet: without a way there it never is. */
export function isReady(ec2: Ec2World, instance: Instance): boolean {
  const hasPublicIp = ec2.interfaces.find(instance.interfaceId)?.publicIp !== undefined;
  return !instance.failure && ec2.world.now() >= instance.readyAt && reachesInternet(ec2, instance.subnetId, hasPublicIp);
}

/** See `Ec2World.reachesInternet`. */
export function reachesInternet(ec2: Ec2World, subnetId: string, hasPublicIp: boolean): boolean {
  const subnet = ec2.subnets.find(subnetId);
  const target = subnet && tableOf(ec2, subnet).routes.find(route => isInternetRoute(ec2, route))?.target;
  if (!target?.startsWith('nat-')) return target !== undefined && hasPublicIp;
  return natState(ec2.natGateways.find(target)!, ec2.world.now()) === 'available';
}

/** See `Ec2World.reachesS3`. */
export function reachesS3(ec2: Ec2World, subnetId: string): boolean {
  const subnet = ec2.subnets.find(subnetId);
  const endpoint = ec2.endpoints
    .existing()
    .filter(({ serviceName, deletedAt }) => serviceName.endsWith('.s3') && deletedAt === undefined)
    .find(({ id }) => subnet && tableOf(ec2, subnet).routes.some(({ target }) => target === id));
  // The route of an endpoint is the narrower one: while it is there, no packet for S3 goes another way.
  return endpoint ? ec2.world.now() >= endpoint.availableAt : reachesInternet(ec2, subnetId, false);
}

const isForPort = ({ protocol, from, to }: Rule, port: number) =>
  protocol === '-1' || (protocol === 'tcp' && from! <= port && port <= to!);

function isForPeer(ec2: Ec2World, { peer }: Rule, from: { subnetId: string; groupIds: string[] }): boolean {
  if ('groupId' in peer) return from.groupIds.includes(peer.groupId);
  const range = 'cidr' in peer ? parseCidr(peer.cidr) : undefined;
  const subnet = ec2.subnets.find(from.subnetId);
  return range !== undefined && subnet !== undefined && contains(range, subnet.cidr);
}
