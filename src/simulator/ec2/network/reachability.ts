import { createHash } from 'node:crypto';
import { isAllowed, isAssumable } from '../../iam/policy.ts';
import { ec2Principal } from '../../partition.ts';
import { mayDecrypt, parameterArn } from '../../ssm/access.ts';
import type { Instance, Rule, Subnet } from '../records.ts';
import type { Ec2World } from '../state.ts';
import { contains, parseCidr } from './cidr.ts';
import { natState } from './nat-gateways.ts';
import { passes } from './network-acls.ts';
import { isInternetRoute, tableOf } from './route-tables.ts';

/** A running instance as something else in its VPC sees it. */
export interface Host {
  instanceId: string;
  /** Its database, once its user-data has run to the end, which takes the way to the internet too. */
  database?: Instance['database'];
  /** Whether its groups let the asker in to a TCP port. */
  admits(port: number): boolean;
}

/** How a database keeps a password. */
export const digestOf = (password: string): string => createHash('sha256').update(password).digest('hex');

/** See `Ec2World.findHost`. */
export function findHost(
  ec2: Ec2World,
  privateIp: string,
  from: { subnetId: string; groupIds: string[] },
): Host | undefined {
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
  const [asker, own] = [ec2.subnets.find(from.subnetId)!, ec2.subnets.find(instance.subnetId)!];
  const groupIds = ec2.interfaces.find(instance.interfaceId)?.groupIds ?? [];
  const rules = groupIds.flatMap(id => ec2.groups.find(id)?.rules ?? []);
  return {
    instanceId: instance.id,
    ...(isReady(ec2, instance) ? { database: instance.database } : {}),
    admits: port =>
      isConnected(ec2, asker, own, port) &&
      rules.some(rule => !rule.egress && isForPort(rule, port) && isForPeer(ec2, rule, from)),
  };
}

/**
 * Whether the first boot is over and well. Packages come from the internet: without a way there it never is. Its role
 * must allow it to read the secret that its user-data names. Once it was well, it stays so, and what the host's
 * database was given then is what it knows.
 */
function isReady(ec2: Ec2World, instance: Instance): boolean {
  if (instance.failure) return false;
  if (!instance.database && hasPackages(ec2, instance) && mayReadSecret(ec2, instance))
    instance.database = { password: passwordOf(ec2, instance), lacks: [] };
  return instance.database !== undefined;
}

/** What the host's own set-up writes to the console when it is done. */
export const readyMark = 'SALESREPORT READY';

/** What the set-up says on the console: that it is done, or at which step it fails for now. */
export function setUpWords(ec2: Ec2World, instance: Instance): string | undefined {
  if (instance.failure) return instance.failure;
  if (isReady(ec2, instance)) return readyMark;
  return hasPackages(ec2, instance) ? 'SALESREPORT FAILED secret' : undefined;
}

function hasPackages(ec2: Ec2World, { interfaceId, subnetId, readyAt }: Instance): boolean {
  const hasPublicIp = ec2.interfaces.find(interfaceId)?.publicIp !== undefined;
  return ec2.world.now() >= readyAt && reachesInternet(ec2, subnetId, hasPublicIp);
}

/** The parameter that the user-data reads; undefined where it reads none. */
const secretOf = ({ userData = '' }: Instance): string | undefined =>
  /get-parameter .*--name '([^']+)'/.exec(Buffer.from(userData, 'base64').toString())?.[1];

function mayReadSecret({ world }: Ec2World, instance: Instance): boolean {
  const name = secretOf(instance);
  if (name === undefined) return true;
  const profile = world.iam.instanceProfile(instance.profileArn?.split('/').at(-1) ?? '');
  const role = world.iam.role(profile?.roles[0] ?? '');
  if (!role || !isAssumable(world, role, ec2Principal(world.partition))) return false;
  return isAllowed(world, role, 'ssm:GetParameter', parameterArn(world, name), {}) && mayDecrypt(world, role, name, {});
}

/** The digest of the secret, as a database keeps passwords; undefined where there is none. */
function passwordOf({ world }: Ec2World, instance: Instance): string | undefined {
  const value = world.ssm.parameters.get(secretOf(instance) ?? '')?.value;
  return value && digestOf(value);
}

/** See `Ec2World.reachesInternet`. */
export function reachesInternet(ec2: Ec2World, subnetId: string, hasPublicIp: boolean): boolean {
  const subnet = ec2.subnets.find(subnetId);
  const target = subnet && tableOf(ec2, subnet).routes.find(route => isInternetRoute(ec2, route))?.target;
  if (!subnet || !target || !leaves(ec2, subnet, internet)) return false;
  if (!target.startsWith('nat-')) return hasPublicIp;
  const gateway = ec2.natGateways.find(target)!;
  const isAvailable = natState(gateway, ec2.world.now()) === 'available';
  return (
    isAvailable &&
    enters(ec2, subnet, ec2.subnets.find(gateway.subnetId)!, https) &&
    reachesInternet(ec2, gateway.subnetId, true)
  );
}

/** See `Ec2World.reachesS3`. */
export function reachesS3(ec2: Ec2World, subnetId: string): boolean {
  const subnet = ec2.subnets.find(subnetId);
  const endpoint = ec2.endpoints
    .existing()
    .filter(({ serviceName, deletedAt }) => serviceName.endsWith('.s3') && deletedAt === undefined)
    .find(({ id }) => subnet && tableOf(ec2, subnet).routes.some(({ target }) => target === id));
  // The route of an endpoint is the narrower one: while it is there, no packet for S3 goes another way.
  if (!endpoint) return reachesInternet(ec2, subnetId, false);
  return ec2.world.now() >= endpoint.availableAt && subnet !== undefined && leaves(ec2, subnet, internet);
}

/** Of whatever is out there, and of who asks it (VPC user guide, "Custom network ACLs": ephemeral ports). */
const [internet, https, ephemeral] = ['192.0.2.1/32', 443, 49_152];

/** Whether the network ACL of a subnet lets a connection out to a peer, and its answers in. */
const leaves = (ec2: Ec2World, subnet: Subnet, peer: string, port = https): boolean =>
  passes(ec2, subnet, 'out', port, peer) && passes(ec2, subnet, 'in', ephemeral, peer);

/** Whether the network ACL of the second subnet lets a connection from the first in, and its answers out. */
const enters = (ec2: Ec2World, from: Subnet, to: Subnet, port: number): boolean =>
  passes(ec2, to, 'in', port, from.cidr.text) && passes(ec2, to, 'out', ephemeral, from.cidr.text);

/** Within one subnet no network ACL is asked. */
const isConnected = (ec2: Ec2World, from: Subnet, to: Subnet, port: number): boolean =>
  from.id === to.id || (leaves(ec2, from, to.cidr.text, port) && enters(ec2, from, to, port));

const isForPort = ({ protocol, from, to }: Rule, port: number) =>
  protocol === '-1' || (protocol === 'tcp' && from! <= port && port <= to!);

function isForPeer(ec2: Ec2World, { peer }: Rule, from: { subnetId: string; groupIds: string[] }): boolean {
  if ('groupId' in peer) return from.groupIds.includes(peer.groupId);
  const range = 'cidr' in peer ? parseCidr(peer.cidr) : undefined;
  const subnet = ec2.subnets.find(from.subnetId);
  return range !== undefined && subnet !== undefined && contains(range, subnet.cidr);
}
