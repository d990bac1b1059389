import { AwsError } from '../aws-error.ts';
import type { SimulatedService } from '../service.ts';
import type { World } from '../world.ts';

/** Quotas of the account in its region, by their codes. */
const quotas: Record<string, { service: string; name: string; value: (world: World) => number }> = {
  'L-F678F1CE': { service: 'vpc', name: 'VPCs per Region', value: ({ ec2 }) => ec2.quotas.vpcs },
  'L-A4707A72': {
    service: 'vpc',
    name: 'Internet gateways per Region',
    value: ({ ec2 }) => ec2.quotas.internetGateways,
  },
  'L-FE5A380F': {
    service: 'vpc',
    name: 'NAT gateways per Availability Zone',
    value: ({ ec2 }) => ec2.quotas.natGatewaysPerZone,
  },
  'L-0263D0A3': { service: 'ec2', name: 'EC2-VPC Elastic IPs', value: ({ ec2 }) => ec2.quotas.addresses },
  'L-1216C47A': {
    service: 'ec2',
    name: 'Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances',
    value: ({ ec2 }) => ec2.quotas.vcpus,
  },
};

export const servicequotas: SimulatedService<'servicequotas'> = {
  GetServiceQuota: {
    takes: ['ServiceCode', 'QuotaCode'],
    run({ ServiceCode, QuotaCode = '' }, world) {
      const quota = quotas[QuotaCode];
      if (quota?.service !== ServiceCode)
        throw new AwsError(
          'NoSuchResourceException',
          'The request failed because the specified service quota does not exist.',
          404,
        );
      return {
        Quota: {
          ServiceCode,
          QuotaCode,
          QuotaName: quota!.name,
          Value: quota!.value(world),
          Unit: 'None',
          Adjustable: true,
        },
      };
    },
  },
};
