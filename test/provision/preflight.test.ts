import { describe, expect, it } from 'vitest';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { pipelineOn, silent, simulatedAws } from '../helpers/simulated-stack.ts';

const mutations = (aws: Simulator) => aws.calls.filter(({ mutating }) => mutating).length;

/** What stops a provision in such an account, before its first change. */
async function refusalIn(
  prepare: (aws: Simulator) => unknown,
  settings: object = {},
): Promise<{ code: string; message: string }> {
  const aws = simulatedAws();
  await prepare(aws);
  const before = mutations(aws);
  const pipeline = await pipelineOn(aws, { settings });
  const refusal = await pipeline.provision(silent).catch(error => error);
  expect(mutations(aws)).toBe(before);
  expect(await pipeline.plan().catch(error => error)).toMatchObject({ code: refusal.code, message: refusal.message });
  return refusal;
}

const five = [1, 2, 3, 4, 5];

describe('before the first change', () => {
  it('all VPCs in use stop it', async () => {
    const { code, message } = await refusalIn(async aws => {
      for (const one of five) await aws.answer('ec2', 'CreateVpc', { CidrBlock: `10.${one}.0.0/16` });
    });
    expect(code).toBe('not-possible');
    expect(message).toBe(
      'All 5 VPCs that the account may have in eu-west-1 are in use: delete one, or ask for more with aws service-quotas request-service-quota-increase --region eu-west-1 --service-code vpc --quota-code L-F678F1CE --desired-value 6.',
    );
  });

  it('all addresses and too few vCPUs are said together', async () => {
    const { message } = await refusalIn(async aws => {
      for (const _ of five) await aws.answer('ec2', 'AllocateAddress', {});
      aws.world.ec2.quotas.vcpus = 3;
    });
    expect(message).toContain(
      'All 5 Elastic IP addresses that the account may have in eu-west-1 are allocated, and the NAT gateway needs one',
    );
    expect(message).toContain(
      'The account may have 3 vCPUs of standard instances running in eu-west-1, 0 are in use, and 2 t4g.micro need 4: stop an instance, or ask for more with aws service-quotas',
    );
  });

  it.each([
    ['internetGateways', 'All 0 internet gateways that the account may have in eu-west-1 are in use'],
    ['natGatewaysPerZone', 'All 0 NAT gateways that the account may have in zone eu-west-1a are in use'],
  ] as const)('a quota of gateways that is used up stops it: %s', async (quota, words) => {
    const { code, message } = await refusalIn(aws => {
      aws.world.ec2.quotas[quota] = 0;
    });
    expect(code).toBe('not-possible');
    expect(message).toContain(words);
  });

  it('the free plan does not launch every type: a note says so of one that it does not', async () => {
    const words = /free plan cannot launch a t4g.medium: on that plan set hosts.instanceType to t4g.micro/;
    const notes = async (hosts: object) =>
      (await (await pipelineOn(simulatedAws(), { settings: { hosts } })).plan()).notes;
    expect(await notes({ instanceType: 't4g.medium' })).toContainEqual(expect.stringMatching(words));
    expect(await notes({})).not.toContainEqual(expect.stringContaining('free plan'));
    const aws = simulatedAws();
    aws.world.ec2.isOnFreePlan = true;
    const pipeline = await pipelineOn(aws, { settings: { hosts: { instanceType: 't4g.medium' } } });
    const { outcomes } = await pipeline.provision(silent);
    expect(outcomes.find(({ id }) => id === 'host.database')?.why).toContain('hosts.instanceType');
  });

  it('an instance type that is not offered stops it', async () => {
    expect(await refusalIn(() => {}, { hosts: { instanceType: 't4g.nano' } })).toMatchObject({
      code: 'too-few-zones',
      message: expect.stringContaining('t4g.nano is offered in 0 availability zones'),
    });
  });

  it.each([
    ['block-bidirectional', 'no report could be sent'],
    ['block-ingress', 'the database host could not be set up'],
  ] as const)('VPC Block Public Access in mode %s stops it', async (mode, what) => {
    const { message } = await refusalIn(aws => {
      aws.world.ec2.blockMode = mode;
    });
    expect(message).toBe(
      `VPC Block Public Access is on in eu-west-1 (${mode}), so that ${what}: have it switched off for this region, or choose another.`,
    );
  });

  it('with a database of the user, to keep others out is no obstacle', async () => {
    const aws = simulatedAws();
    aws.world.ec2.blockMode = 'block-ingress';
    const pipeline = await pipelineOn(aws, {
      settings: { database: { host: 'db.example.com', name: 'shop', user: 'reporter' } },
    });
    expect((await pipeline.plan()).changes.length).toBeGreaterThan(20);
  });

  it('what may not be asked is said to be not checked, and stops nothing', async () => {
    const aws = simulatedAws();
    aws.fault = ({ operation }) =>
      ['GetServiceQuota', 'DescribeVpcBlockPublicAccessOptions'].includes(operation) ? 'denied' : undefined;
    const pipeline = await pipelineOn(aws);
    const notes = (await pipeline.plan()).notes.filter(note => note.startsWith('Not checked'));
    expect(notes.map(note => note.replace(/ \(.*/, ''))).toEqual([
      'Not checked beforehand: the quota of VPCs',
      'Not checked beforehand: the quota of internet gateways',
      'Not checked beforehand: the quota of NAT gateways',
      'Not checked beforehand: the quota of Elastic IP addresses',
      'Not checked beforehand: the quota of vCPUs',
      'Not checked beforehand: VPC Block Public Access',
    ]);
    expect((await pipeline.provision(silent)).outcomes.every(({ outcome }) => outcome === 'created')).toBe(true);
  });

  it('nothing is asked that the plan does not make', async () => {
    const aws = simulatedAws();
    await (await pipelineOn(aws)).provision(silent);
    aws.world.ec2.quotas.vpcs = 1;
    aws.world.ec2.blockMode = 'block-bidirectional';
    const pipeline = await pipelineOn(aws, { settings: { function: { memory: 512 } } });
    const before = aws.calls.length;
    expect((await pipeline.plan()).changes.map(({ id }) => id)).toEqual(['function']);
    expect(aws.calls.slice(before).filter(({ service }) => service === 'servicequotas')).toEqual([]);
  });
});
