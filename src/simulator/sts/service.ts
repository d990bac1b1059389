import type { SimulatedService } from '../service.ts';

export const sts: SimulatedService<'sts'> = {
  GetCallerIdentity: {
    takes: [],
    run: (_input, world) => ({
      Account: world.account,
      Arn: `arn:aws:iam::${world.account}:user/operator`,
      UserId: 'AIDASIMULATEDOPERATOR',
    }),
  },
};
