import type { _InstanceType } from '@aws-sdk/client-ec2';
import { AwsError, NotSimulated } from '../../aws-error.ts';
import { partitionData } from '../../partition.ts';
import type { SimulatedService } from '../../service.ts';
import type { World } from '../../world.ts';
import { filtered } from '../filters.ts';
import { required } from '../refusals.ts';

const letters = ['a', 'b', 'c'];

/**
 * Types by architecture and the zones that offer them: zone c lacks the smallest, as `use1-az3` does, so that a zone
 * must be chosen.
 */
export const instanceTypes: Record<string, { architecture: 'arm64' | 'x86_64'; zones: string[] }> = {
  't3.micro': { architecture: 'x86_64', zones: ['a', 'b'] },
  't3.small': { architecture: 'x86_64', zones: letters },
  't3.medium': { architecture: 'x86_64', zones: letters },
  't4g.micro': { architecture: 'arm64', zones: ['a', 'b'] },
  't4g.small': { architecture: 'arm64', zones: letters },
  't4g.medium': { architecture: 'arm64', zones: letters },
};

/** Every size that is simulated has two (EC2 user guide, "Burstable performance instances"). */
export const coresOf = (_type: string): number => 2;

/** What accounts on the free plan may launch (EC2 user guide, "Track your Free Tier usage for Amazon EC2"). */
export const isFreeTierEligible = (type: string): boolean => /^t(3|4g)\.(micro|small)$/.test(type);

export const zonesOf = (region: string): string[] => letters.map(letter => region + letter);

/** `eu-west-1` is `euw1` in zone ids, `ap-southeast-2` is `apse2`. */
const shortRegion = (region: string): string =>
  region.replace(
    /-(north|south|east|west|central)(east|west)?-/,
    (_all, first: string, second = '') => first.charAt(0) + second.charAt(0),
  );

/** The regions that the simulated account has: its own and two of the partition. */
const regionsOf = ({ region, partition }: World): string[] =>
  [...new Set([region, ...partitionData(partition).regions])].sort();

export const zones: Pick<
  SimulatedService<'ec2'>,
  'DescribeRegions' | 'DescribeAvailabilityZones' | 'DescribeInstanceTypes' | 'DescribeInstanceTypeOfferings'
> = {
  DescribeRegions: {
    takes: [],
    run: (_input, world) => ({
      Regions: regionsOf(world).map(RegionName => ({
        RegionName,
        Endpoint: `ec2.${RegionName}.${world.dnsSuffix}`,
        OptInStatus: 'opt-in-not-required',
      })),
    }),
  },
  DescribeAvailabilityZones: {
    takes: ['Filters'],
    run(input, { region }) {
      const rows = zonesOf(region).map((ZoneName, index) => ({
        ZoneName,
        ZoneId: `${shortRegion(region)}-az${index + 1}`,
        ZoneType: 'availability-zone',
        State: 'available' as const,
        OptInStatus: 'opt-in-not-required' as const,
        GroupName: `${region}-zg-1`,
        NetworkBorderGroup: region,
        RegionName: region,
        Messages: [],
      }));
      return {
        AvailabilityZones: filtered(rows, input.Filters, {
          'opt-in-status': row => row.OptInStatus,
          'region-name': row => row.RegionName,
          state: row => row.State,
          'zone-id': row => row.ZoneId,
          'zone-name': row => row.ZoneName,
          'zone-type': row => row.ZoneType,
        }),
      };
    },
  },
  DescribeInstanceTypes: {
    takes: ['InstanceTypes'],
    run(input) {
      const asked = required(input.InstanceTypes, 'InstanceTypes');
      const unknown = asked.find(type => !instanceTypes[type]);
      if (unknown)
        throw new AwsError('InvalidInstanceType', `The following supplied instance types do not exist: [${unknown}]`);
      return {
        InstanceTypes: asked.map(InstanceType => ({
          InstanceType,
          FreeTierEligible: isFreeTierEligible(InstanceType),
          VCpuInfo: {
            DefaultVCpus: coresOf(InstanceType),
            DefaultCores: 1,
            DefaultThreadsPerCore: coresOf(InstanceType),
          },
        })),
      };
    },
  },
  DescribeInstanceTypeOfferings: {
    takes: ['Filters', 'LocationType'],
    run(input, { region }) {
      if (input.LocationType !== 'availability-zone') throw new NotSimulated(`the location type ${input.LocationType}`);
      const rows = Object.entries(instanceTypes).flatMap(([type, { zones: offering }]) =>
        offering.map(letter => ({
          InstanceType: type as _InstanceType,
          Location: region + letter,
          LocationType: 'availability-zone' as const,
        })),
      );
      return {
        InstanceTypeOfferings: filtered(rows, input.Filters, {
          'instance-type': row => row.InstanceType,
          location: row => row.Location,
        }),
      };
    },
  },
};
