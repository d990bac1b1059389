import type { Input, Operation, ServiceName } from '../../provision/aws/operation.ts';
import type { Context } from '../iam/policy.ts';
import type { World } from '../world.ts';

/** One question that a service puts to IAM before it does what it is asked: may this caller do that, to this thing? */
export interface AuthorizationRequest {
  action: string;
  /** An ARN, or `*` for an action that takes no resource. */
  resource: string;
  context: Context;
  /** The action that the service names where this is refused, if it is not the one that is missing. */
  named?: string;
}

type Asked<O extends Operation> = (input: Input<O>, world: World) => AuthorizationRequest[];

/** For each operation of a service what it puts to IAM; leaving one out does not compile. */
export type AuthorizationsOf<S extends ServiceName> = {
  [O in Operation as O extends `${S}:${infer N}` ? N : never]: Asked<O>;
};

export const ask = (action: string, resource = '*', context: Context = {}): AuthorizationRequest => ({
  action,
  resource,
  context,
});

type Tags = readonly { Key?: string; Value?: string }[] | Record<string, string> | undefined;

const entriesOf = (tags: Tags): [string, string][] =>
  Array.isArray(tags)
    ? tags.map(({ Key = '', Value = '' }) => [Key, Value])
    : Object.entries((tags ?? {}) as Record<string, string>);

export function requestTags(tags: Tags): Context {
  const entries = entriesOf(tags);
  if (entries.length === 0) return {};
  return {
    ...Object.fromEntries(entries.map(([key, value]) => [`aws:RequestTag/${key}`, value])),
    'aws:TagKeys': entries.map(([key]) => key),
  };
}
/** A request to take tags away names their keys only. */
export const requestKeys = (keys: readonly string[] | undefined): Context =>
  keys && keys.length > 0 ? { 'aws:TagKeys': [...keys] } : {};
export const resourceTags = (tags: Tags): Context =>
  Object.fromEntries(entriesOf(tags).map(([key, value]) => [`aws:ResourceTag/${key}`, value]));

/** A role given to a service (IAM user guide, "Grant a user permissions to pass a role to an AWS service"). */
export const passRole = (arn: string | undefined, service: string): AuthorizationRequest[] =>
  arn === undefined ? [] : [ask('iam:PassRole', arn, { 'iam:PassedToService': service })];
