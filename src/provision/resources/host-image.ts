import type { Look } from '../aws/look.ts';
import { tagKeys } from '../names.ts';
import type { Stack } from '../stack.ts';
import type { VpcFound } from './vpc.ts';

const architectureOf = ({ settings }: Stack): 'arm64' | 'x86_64' =>
  /^[a-z]+\d+[a-z]*g[a-z]*\./.test(settings.hosts.instanceType) ? 'arm64' : 'x86_64';

/** AWS's own parameter that names the newest image (Systems Manager user guide, "Calling AMI public parameters"). */
const parameterFor = (stack: Stack): string =>
  `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${architectureOf(stack)}`;

/**
 * The image of both hosts: the newest Amazon Linux 2023 of the day on which the first was made, kept as a tag on the VPC. Each architecture has a tag of
 * its own: hosts of another type come after those that went. `renewed`: the newest of today takes its place.
 */
export async function imageOf(stack: Stack, vpc: VpcFound, renewed: boolean): Promise<string> {
  const { aws } = stack;
  const Key = `${tagKeys.ami}${architectureOf(stack)}`;
  const kept = vpc.tags[Key];
  if (kept && !renewed) return kept;
  const { Parameter } = await aws.call('ssm:GetParameter', { Name: parameterFor(stack) });
  const Value = (renewed ? undefined : vpc.tags[Key]) ?? Parameter!.Value!;
  if (vpc.tags[Key] === Value) return Value;
  vpc.tags[Key] = Value;
  await aws.call('ec2:CreateTags', { Resources: [vpc.awsId], Tags: [{ Key, Value }] });
  return Value;
}

/** The newest image that is published; undefined where AWS does not tell. */
export async function newestImage(look: Look, stack: Stack): Promise<string | undefined> {
  return (await look.find('ssm:GetParameter', { Name: parameterFor(stack) }))?.Parameter?.Value;
}
