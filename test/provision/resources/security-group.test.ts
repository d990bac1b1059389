import type { IpPermission } from '@aws-sdk/client-ec2';
import { expect, it } from 'vitest';
import type { Simulator } from '../../../src/simulator/simulator.ts';
import { builtAws, pipelineOn, silent } from '../../helpers/simulated-stack.ts';

const ports = (FromPort: number, ToPort: number, IpProtocol = 'tcp') => ({ IpProtocol, FromPort, ToPort });
const anywhere = { IpRanges: [{ CidrIp: '0.0.0.0/0' }] };

const groupNamed = (aws: Simulator, name: string) =>
  aws.world.ec2.groups.existing().find(group => group.name === name)!;
const ingress = (aws: Simulator, name: string) =>
  groupNamed(aws, name)
    .rules.filter(({ egress }) => !egress)
    .map(({ protocol, from, to, peer }) => [protocol, from, to, ...Object.values(peer)].join(' '))
    .sort();

it.each<[string, IpPermission, string]>([
  ['an IPv6 range', { ...ports(3306, 3306), Ipv6Ranges: [{ CidrIpv6: '::/0' }] }, '3306 is open to ::/0'],
  ['all traffic', { IpProtocol: '-1', ...anywhere }, 'everything is open to 0.0.0.0/0'],
  ['another protocol', { ...ports(3306, 3306, 'udp'), ...anywhere }, 'udp 3306 is open to 0.0.0.0/0'],
  ['a range of ports', { ...ports(8000, 9000), ...anywhere }, '8000-9000 is open to 0.0.0.0/0'],
  ['ping', { ...ports(8, -1, 'icmp'), ...anywhere }, 'ICMP is open to 0.0.0.0/0'],
  [
    'a prefix list',
    { ...ports(3306, 3306), PrefixListIds: [{ PrefixListId: 'pl-6da54004' }] },
    '3306 is open to pl-6da54004',
  ],
])('a hole for %s is seen as what it is, and closed', async (_name, hole, words) => {
  const aws = await builtAws();
  const pipeline = await pipelineOn(aws);
  const before = ingress(aws, 'Database');
  await aws.answer('ec2', 'AuthorizeSecurityGroupIngress', {
    GroupId: groupNamed(aws, 'Database').id,
    IpPermissions: [hole],
  });
  const { changes } = await pipeline.plan();
  expect(changes.flatMap(({ differences }) => differences.map(one => one.words))).toEqual([`${words} on Database`]);
  expect(changes[0]?.operations).toEqual(['ec2:RevokeSecurityGroupIngress']);
  const { outcomes } = await pipeline.provision(silent);
  expect(outcomes.find(({ id }) => id === 'group.database')?.outcome).toBe('updated');
  expect(ingress(aws, 'Database')).toEqual(before);
  expect((await pipeline.plan()).changes).toEqual([]);
});

it('ports from 22 on for the administrator are not the one that is wanted', async () => {
  const aws = await builtAws();
  const pipeline = await pipelineOn(aws);
  const web = groupNamed(aws, 'Web');
  const before = ingress(aws, 'Web');
  const from = { IpRanges: [{ CidrIp: '203.0.113.7/32' }] };
  await aws.answer('ec2', 'RevokeSecurityGroupIngress', {
    GroupId: web.id,
    IpPermissions: [{ ...ports(22, 22), ...from }],
  });
  await aws.answer('ec2', 'AuthorizeSecurityGroupIngress', {
    GroupId: web.id,
    IpPermissions: [{ ...ports(22, 65_535), ...from }],
  });
  await pipeline.provision(silent);
  expect(ingress(aws, 'Web')).toEqual(before);
});
