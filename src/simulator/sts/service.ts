import type { SimulatedService } from '../service.ts';

export const sts: SimulatedService<'sts'> = {
  GetCallerIdentity: {
    takes: [],
    run: (_input, world) => ({
      Account: world.account,
      Arn: world.operator.arn,
      UserId: 'AIDASIMULATEDOPERATOR',
    }),
  },
};
