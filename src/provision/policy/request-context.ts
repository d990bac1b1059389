import type { Input } from '../aws/operation.ts';
import { iamRegionOf } from '../aws/partition.ts';
import { tagKeys } from '../names.ts';
import { allOperations, factsOf, type IamAction } from '../operations.ts';
import { launchKeys } from '../resources/host-attributes.ts';
import type { Stack } from '../stack.ts';
import type { Need } from './policy-of.ts';

type ContextEntry = NonNullable<Input<'iam:SimulatePrincipalPolicy'>['ContextEntries']>[number];

/** Keys of conditions with what a request will say, as far as that is known before. */
export type KnownKeys = ReadonlyMap<string, string | readonly string[]>;

const isTagging = (action: string): boolean => /:(Tag[A-Z]\w+|AddTagsToResource)$/.test(action);

/**
 * What carries the stack's tags in the request, besides what EC2 makes: the call that makes a thing, and the tagging
 * that is asked for with it.
 */
const tagged = new Set<IamAction>(
  allOperations.flatMap(operation => {
    const { actions, kind } = factsOf(operation);
    const [made] = actions;
    const tagging = actions.filter(isTagging);
    return kind === 'read' || operation.startsWith('ec2:') || tagging.length === 0 ? [] : [made!, ...tagging];
  }),
);

/** The tags that each thing of the stack has, whichever it is. */
function sharedTags({ owner }: Stack): [string, string][] {
  return Object.entries(owner.tags('')).filter(([key]) => key !== tagKeys.resource);
}

function tagEntries(stack: Stack, { action, place }: Need): [string, string | readonly string[]][] {
  const kinds = Object.keys(place.equals ?? {}).map(key => /^aws:(?:Request|Resource)Tag\//.exec(key)?.[0]);
  const kind = kinds.find(Boolean) ?? (tagged.has(action) ? 'aws:RequestTag/' : undefined);
  if (kind === undefined) return [];
  const tags = sharedTags(stack);
  const names = [...tags.map(([key]) => key), tagKeys.resource, ...(action.startsWith('ec2:') ? ['Name'] : [])];
  return [
    ...tags.map(([key, value]): [string, string] => [`${kind}${key}`, value]),
    ...(kind === 'aws:RequestTag/' ? ([['aws:TagKeys', names]] as [string, string[]][]) : []),
  ];
}

/** AWS's own images and parameters are of no account of ours. */
const isNobodys = (resource: string): boolean => /^arn:[^:]+:(?:ec2|ssm):[^:]*::/.test(resource);

/**
 * What the request for which this is needed will say, as far as it is known before the run (IAM user guide, "AWS global
 * condition context keys"; Service Authorization Reference). `principal` is whose policies are asked.
 */
export function knownKeys(stack: Stack, principal: string, need: Need): KnownKeys {
  const { region, account, partition, settings } = stack;
  const { action, place } = need;
  return new Map<string, string | readonly string[]>([
    ['aws:RequestedRegion', action.startsWith('iam:') ? iamRegionOf(partition) : region],
    ['aws:PrincipalAccount', account],
    ['aws:PrincipalArn', principal],
    ['aws:SecureTransport', 'true'],
    ['aws:ViaAWSService', 'false'],
    ...(place.resources.some(isNobodys) ? [] : [['aws:ResourceAccount', account] as const]),
    ...(action.startsWith('ec2:') ? [['ec2:Region', region] as const] : []),
    ...(action === 'ec2:RunInstances' ? Object.entries(launchKeys(settings.hosts)) : []),
    ...Object.entries(place.equals ?? {}).map(([key, value]) => [key, [value].flat()[0]!] as const),
    ...tagEntries(stack, need),
  ]);
}

/**
 * Keys that the printed policies ask for in requests of other kinds, with a value that nothing asks for. A caller who
 * has those policies is said to lack them in every question, whatever its action (boto3#3111): given so, they leave
 * nothing unsaid, and allow no more than when they are absent.
 */
export const keysOfOthers = (needs: readonly Need[]): KnownKeys =>
  new Map(
    needs.flatMap(({ place }) => Object.keys(place.equals ?? {}).map(key => [key, 'of-another-request'] as const)),
  );

const types: Record<string, ContextEntry['ContextKeyType']> = {
  'aws:SecureTransport': 'boolean',
  'aws:ViaAWSService': 'boolean',
  'ec2:AssociatePublicIpAddress': 'boolean',
  'ec2:Encrypted': 'boolean',
  'ec2:MetadataHttpPutResponseHopLimit': 'numeric',
  'ec2:VolumeSize': 'numeric',
};

export const entriesOf = (keys: KnownKeys): ContextEntry[] =>
  [...keys].map(([ContextKeyName, value]) => ({
    ContextKeyName,
    ContextKeyType: typeof value === 'string' ? (types[ContextKeyName] ?? 'string') : 'stringList',
    ContextKeyValues: [value].flat(),
  }));
