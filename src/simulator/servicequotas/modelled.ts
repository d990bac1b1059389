import type { Modelled } from '../coverage.ts';

export const servicequotasModelled: readonly Modelled[] = [
  {
    operations: ['GetServiceQuota'],
    what: 'The quotas on VPCs, internet and NAT gateways, addresses and vCPUs, which the creates hold to.',
    source: 'Service Quotas user guide; EC2 user guide, "Amazon EC2 service quotas"',
  },
];
