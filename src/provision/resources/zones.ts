import { Problem } from '../../problem.ts';
import type { Look } from '../aws/look.ts';
import type { Stack } from '../stack.ts';

/** The zones of the region that offer the hosts' instance type, in order. Throws Problem `too-few-zones` where there are not two. */
export async function zonesOffering({ settings }: Stack, look: Look): Promise<string[]> {
  const { instanceType } = settings.hosts;
  const [zones, offerings] = await Promise.all([
    look.read('ec2:DescribeAvailabilityZones', {
      Filters: [
        { Name: 'state', Values: ['available'] },
        { Name: 'zone-type', Values: ['availability-zone'] },
      ],
    }),
    look.read('ec2:DescribeInstanceTypeOfferings', {
      LocationType: 'availability-zone',
      Filters: [{ Name: 'instance-type', Values: [instanceType as 't4g.micro'] }],
    }),
  ]);
  const offering = new Set((offerings.InstanceTypeOfferings ?? []).map(({ Location }) => Location));
  const found = (zones.AvailabilityZones ?? [])
    .map(({ ZoneName = '' }) => ZoneName)
    .filter(zone => offering.has(zone))
    .sort();
  if (found.length < 2)
    throw new Problem(
      'too-few-zones',
      `${instanceType} is offered in ${found.length} availability zones of this region and two are needed: choose another hosts.instanceType or region.`,
      { exit: 'usage' },
    );
  return found;
}
