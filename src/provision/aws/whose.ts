import { type Owner, recordOf, type TagList } from './owner.ts';

/** ` "Web Server 1"`, the name that a tag gives a thing; empty without one. */
export function nameIn(tags: TagList): string {
  const { Name } = recordOf(tags);
  return Name ? ` "${Name}"` : '';
}

/** Whose a thing looks like, as a part of a sentence: `of this stack`, `of stack shop in eu-west-1`, `which has no owner tags`. */
export function whoseWords(owner: Owner, tags: TagList): string {
  const { ours, owner: other = '' } = owner.of(recordOf(tags));
  return ours ? 'of this stack' : other.replace(/^it belongs to/, 'of').replace(/^it has/, 'which has');
}

/** The function for which Lambda made an interface: its description says so, `AWS Lambda VPC ENI-name-uuid`. */
export const functionOf = (description: string): string | undefined =>
  /^AWS Lambda VPC ENI-(.+)-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.exec(description)?.[1];
