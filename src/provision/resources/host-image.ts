import { hasName } from '../aws/errors.ts';
import type { Snapshot } from '../aws/snapshot.ts';
import { currentStep } from '../engine/step.ts';
import { tagKeys } from '../names.ts';
import type { Stack } from '../stack.ts';
import type { VpcFound } from './vpc.ts';

const architectureOf = ({ settings }: Stack): 'arm64' | 'x86_64' =>
  /^[a-z]+\d+[a-z]*g[a-z]*\./.test(settings.hosts.instanceType) ? 'arm64' : 'x86_64';

/** AWS's own parameter that names the newest image (Systems Manager user guide, "Calling AMI public parameters"). */
const parameterFor = (stack: Stack): string =>
  `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${architectureOf(stack)}`;

/**
 * Launches from the image of both hosts: the newest Amazon Linux 2023 of the day on which the first was made, kept as a
 * tag on the VPC. Each architecture has a tag of its own: hosts of another type come after those that went. With
 * `renewed`, or where AWS no longer offers the kept image, the newest of today takes its place.
 */
export async function launchFromImage<T>(
  stack: Stack,
  vpc: VpcFound,
  renewed: boolean,
  launch: (imageId: string) => Promise<T>,
): Promise<T> {
  const kept = vpc.tags[tagFor(stack)];
  if (!kept || renewed) return launch(await keepNewest(stack, vpc));
  try {
    return await launch(kept);
  } catch (error) {
    // Deregistered, or disabled by its owner (EC2 API reference, error codes).
    if (!hasName(error, 'InvalidAMIID.NotFound', 'InvalidAMIID.Unavailable')) throw error;
    const newest = await keepNewest(stack, vpc);
    if (newest === kept) throw error;
    currentStep()?.remark?.(`AWS no longer offers image ${kept}, so it is made from the newest, ${newest}`);
    return launch(newest);
  }
}

const tagFor = (stack: Stack): string => `${tagKeys.ami}${architectureOf(stack)}`;

/** Keeps the newest image as the VPC's tag, and returns it. */
async function keepNewest(stack: Stack, vpc: VpcFound): Promise<string> {
  const { aws } = stack;
  const Key = tagFor(stack);
  const { Parameter } = await aws.call('ssm:GetParameter', { Name: parameterFor(stack) });
  const Value = Parameter!.Value!;
  if (vpc.tags[Key] === Value) return Value;
  vpc.tags[Key] = Value;
  await aws.call('ec2:CreateTags', { Resources: [vpc.awsId], Tags: [{ Key, Value }] });
  return Value;
}

/** The newest image that is published; undefined where AWS does not tell. */
export async function newestImage(snapshot: Snapshot, stack: Stack): Promise<string | undefined> {
  return (await snapshot.find('ssm:GetParameter', { Name: parameterFor(stack) }))?.Parameter?.Value;
}
