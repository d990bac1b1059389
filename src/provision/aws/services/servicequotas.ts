import { GetServiceQuotaCommand, ServiceQuotasClient } from '@aws-sdk/client-service-quotas';

export const Client = ServiceQuotasClient;

export const commands = {
  GetServiceQuota: GetServiceQuotaCommand,
};
