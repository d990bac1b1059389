import type { AvailabilityZone } from '@aws-sdk/client-ec2';
import { Problem } from '../../problem.ts';
import { as, flagged } from '../../suggest.ts';
import { errorMessage, hasName } from '../aws/errors.ts';
import type { Snapshot } from '../aws/snapshot.ts';
import type { Stack } from '../stack.ts';

/** The available zones of the region, and those that offer the hosts' instance type, by name and in order. */
export async function zonesOffering(
  { settings }: Stack,
  snapshot: Snapshot,
): Promise<{ known: AvailabilityZone[]; offered: string[] }> {
  const { instanceType } = settings.hosts;
  const [zones, offerings] = await Promise.all([
    snapshot.read('ec2:DescribeAvailabilityZones', {
      Filters: [
        { Name: 'state', Values: ['available'] },
        { Name: 'zone-type', Values: ['availability-zone'] },
      ],
    }),
    snapshot.read('ec2:DescribeInstanceTypeOfferings', {
      LocationType: 'availability-zone',
      Filters: [{ Name: 'instance-type', Values: [instanceType as 't4g.micro'] }],
    }),
  ]);
  const known = zones.AvailabilityZones ?? [];
  const offering = new Set((offerings.InstanceTypeOfferings ?? []).map(({ Location }) => Location));
  const offered = known.flatMap(({ ZoneName = '' }) => (offering.has(ZoneName) ? ZoneName : [])).sort();
  return { known, offered };
}

/**
 * The zones in which new subnets may be made, the better first: those of `network.zones`, or all of the region that
 * offer the hosts' instance type and are not in `network.avoidZones`. Throws Problem `too-few-zones` where there are
 * not two.
 */
export async function zonesFor(stack: Stack, snapshot: Snapshot): Promise<string[]> {
  const { settings, region } = stack;
  const { instanceType } = settings.hosts;
  const { zones: wanted, avoidZones = [] } = settings.network;
  const { known, offered } = await zonesOffering(stack, snapshot);
  const nameOf = (zone: string) => known.find(({ ZoneName, ZoneId }) => zone === ZoneName || zone === ZoneId)?.ZoneName;
  const unknown = [...(wanted ?? []), ...avoidZones].find(zone => nameOf(zone) === undefined);
  if (unknown !== undefined)
    throw tooFewZones(
      `network.${wanted ? 'zones' : 'avoidZones'} names ${unknown}, which is not an available zone of ${region}: choose from ${offered.join(', ')}.`,
    );
  if (wanted) {
    const chosen = [...new Set(wanted.map(zone => nameOf(zone)!))];
    if (chosen.length < 2)
      throw tooFewZones(
        `network.zones names the same zone twice (${wanted.join(', ')}): name two of ${offered.join(', ')}.`,
      );
    const without = chosen.find(zone => !offered.includes(zone));
    if (without === undefined) return chosen;
    throw tooFewZones(
      `${instanceType} is not offered in ${without}, which network.zones names: choose from ${offered.join(', ')}, or another hosts.instanceType.`,
    );
  }
  const avoided = new Set(avoidZones.map(nameOf));
  const left = offered.filter(zone => !avoided.has(zone));
  if (left.length >= 2) return left;
  const without = avoidZones.length > 0 ? `, without ${avoidZones.join(', ')},` : '';
  const choices = avoidZones.length > 0 ? 'network.avoidZones, ' : '';
  throw tooFewZones(
    `${instanceType} is offered in ${left.length} availability zones of this region${without} and two are needed: choose another ${choices}hosts.instanceType or region.`,
  );
}

const tooFewZones = (message: string) => new Problem('too-few-zones', message, { exit: 'usage' });

/**
 * How AWS says that a zone cannot hold something, or has no room for it now (EC2 API reference, error codes; Lambda's
 * CreateFunction).
 */
const refusals = [
  'InsufficientInstanceCapacity',
  'InsufficientHostCapacity',
  'InsufficientCapacity',
  'Unsupported',
  'UnsupportedOperation',
  'NotAvailableInZone',
];
const refusalWords = /availability zone|not supported in your requested/i;

const isZoneRefusal = (error: unknown): boolean =>
  hasName(error, ...refusals) ||
  (hasName(error, 'InvalidParameterValue', 'InvalidParameterValueException') && refusalWords.test(errorMessage(error)));

/**
 * What to do where these zones refuse something that is in these subnets; without subnets nothing is made there yet.
 */
export function elsewhere(zones: readonly string[], subnets: readonly string[]): string {
  const avoided = zones.length > 0 ? `: [${zones.join(', ')}]` : '';
  const moving = subnets.map(id => flagged`--replace ${as.resource(id)}`).join(' ');
  return `try again later, or choose other zones with network.avoidZones${avoided} or network.zones in the settings${moving && `, and provision with ${moving}`}`;
}

/**
 * Does what needs these zones. A refusal by one is a Problem `zone-refused`, which names the settings that choose
 * others; `subnets` are those whose replacement moves the thing there, none where nothing is made yet.
 */
export async function inZones<T>(
  zones: readonly string[],
  subnets: readonly string[],
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isZoneRefusal(error)) throw error;
    const message = errorMessage(error).replace(/\.$/, '');
    const named = zones.filter(zone => message.includes(zone));
    const ids = message.match(/\b[a-z]+\d-az\d+\b/g) ?? [];
    const refused = named.length > 0 ? named : ids.length > 0 ? ids : zones;
    throw new Problem(
      'zone-refused',
      `AWS refuses this in zone ${refused.join(' or ')} (${message}): ${elsewhere(refused.length > 1 ? [] : refused, subnets)}.`,
      { cause: error },
    );
  }
}
