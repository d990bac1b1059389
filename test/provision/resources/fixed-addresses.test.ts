import { expect, it } from 'vitest';
import { pipelineOn, silent, simulatedAws } from '../../helpers/simulated-stack.ts';

/** Subnets as small as AWS makes them: eleven addresses that can be had. */
const network = {
  cidr: '10.0.0.0/24',
  subnets: { publicA: '10.0.0.240/28', publicB: '10.0.0.16/28', privateA: '10.0.0.32/28', privateB: '10.0.0.48/28' },
};

it.each([1, 2, 3, 4, 5, 6, 7, 8])(
  'what stands in the smallest public subnet has an address of its own, seed %i',
  async seed => {
    const aws = simulatedAws({ seed });
    const { outcomes } = await (await pipelineOn(aws, { settings: { network } })).provision(silent);
    expect(outcomes.filter(({ outcome }) => outcome !== 'created')).toEqual([]);
    const interfaces = aws.world.ec2.interfaces.existing().filter(({ type }) => type !== 'lambda');
    expect(interfaces.map(({ type, privateIp }) => `${type} ${privateIp}`).sort()).toEqual([
      'interface 10.0.0.250',
      'interface 10.0.0.252',
      'nat_gateway 10.0.0.251',
    ]);
  },
);
