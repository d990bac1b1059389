import type { Tag } from '@aws-sdk/client-ec2';
import { expect, test } from 'vitest';
import { clientsFor } from './helpers/clients.ts';
import { type Moto, startMoto, wellAnswer } from './helpers/moto.ts';
import { own, ownSettings } from './helpers/own.ts';
import { salesreport } from './helpers/salesreport.ts';
import { region } from './helpers/same.ts';

const Tags: Tag[] = Object.entries({
  Name: 'Web Server 1',
  'salesreport:stack': 'salesreport',
  'salesreport:region': region,
  'salesreport:resource': 'host.database',
  'salesreport:version': '0.1.0',
}).map(([Key, Value]) => ({ Key, Value }));

/** A protected instance with the tags of the database host, in a VPC of somebody else. */
async function copyHost({ url }: Moto): Promise<string> {
  const { ec2 } = clientsFor(url, region);
  const { Vpc } = await ec2.createVpc({ CidrBlock: '10.9.0.0/16' });
  const { Subnet } = await ec2.createSubnet({ VpcId: Vpc!.VpcId!, CidrBlock: '10.9.0.0/24' });
  const { Images = [] } = await ec2.describeImages({ Owners: ['amazon'] });
  const { Instances = [] } = await ec2.runInstances({
    ImageId: Images[0]!.ImageId!,
    InstanceType: 't3.micro',
    MinCount: 1,
    MaxCount: 1,
    SubnetId: Subnet!.SubnetId!,
    DisableApiTermination: true,
    TagSpecifications: [{ ResourceType: 'instance', Tags }],
  });
  return Instances[0]!.InstanceId!;
}

test.concurrent.each(['first', 'last'] as const)(
  'moto: a protected copy of the database host that AWS lists %s stays, and so does the real one',
  async place => {
    const moto = await own(startMoto());
    await moto.answerAlways(region, wellAnswer);
    const { ec2 } = clientsFor(moto.url, region);
    const file = ownSettings();
    const type = (...args: string[]) => salesreport(moto.url, [...args, '--settings', file]);
    const stateOf = async (InstanceId: string) => {
      const { Reservations = [] } = await ec2.describeInstances({ InstanceIds: [InstanceId] });
      const attribute = await ec2.describeInstanceAttribute({ InstanceId, Attribute: 'disableApiTermination' });
      return [Reservations[0]?.Instances?.[0]?.State?.Name, attribute.DisableApiTermination?.Value];
    };
    const tagged = async () => {
      const { Reservations = [] } = await ec2.describeInstances({
        Filters: [{ Name: 'tag:salesreport:resource', Values: ['host.database'] }],
      });
      return Reservations.flatMap(({ Instances = [] }) => Instances).map(({ InstanceId = '' }) => InstanceId);
    };

    const early = place === 'first' ? await copyHost(moto) : undefined;
    const built = await type('provision', '--yes');
    expect(built.exit, `built: ${built.stderr.slice(-1500)}`).toBe(0);
    const copy = early ?? (await copyHost(moto));
    const listed = await tagged();
    expect(listed.indexOf(copy)).toBe(place === 'first' ? 0 : 1);
    const [real] = listed.filter(id => id !== copy) as [string];

    const again = await type('provision', '--yes');
    expect(again.exit, `again: ${JSON.stringify(again.document)}`).toBe(0);
    expect([await stateOf(real), await stateOf(copy)]).toEqual([
      ['running', true],
      ['running', true],
    ]);
    const gone = await type('teardown', '--yes');
    expect(gone).toMatchObject({ exit: 0, document: { left: [] } });
    expect(gone.document.strangers).toMatchObject([{ id: 'host.database', awsId: copy }]);
    expect(await stateOf(copy)).toEqual(['running', true]);
    expect((await stateOf(real))[0]).toBe('terminated');
  },
);
