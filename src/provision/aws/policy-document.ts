/** A policy of IAM, of a role or of a bucket. */
export interface PolicyDocument {
  Version: '2012-10-17';
  Statement: object[];
}

/** What AWS gives back has its own order of members: two values say the same when these texts are equal. */
export const canonicalJson = (value: unknown): string => JSON.stringify(sorted(value));

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}

interface Statement {
  Effect?: string;
  Action?: string | string[];
  NotAction?: string | string[];
  Resource?: string | string[];
  Condition?: unknown;
}

/**
 * What somebody made of a policy: `also allows sns:* on *`, `no longer allows s3:PutObject on arn:aws:s3:::shop/*`, or
 * that it says the same in another way.
 */
export function policyChanges(is: Partial<PolicyDocument>, wanted: PolicyDocument): string {
  const [before, after] = [grantsOf(wanted), grantsOf(is)];
  const added = [...after].filter(([grant]) => !before.has(grant)).map(([, words]) => words);
  const lost = [...before].filter(([grant]) => !after.has(grant)).map(([, words]) => words);
  const listed = (verb: string, all: string[]) => {
    const more = all.length > 3 ? ` and ${all.length - 3} more` : '';
    return all.length > 0 ? [`${verb} ${all.slice(0, 3).join(', ')}${more}`] : [];
  };
  return [...listed('also', added), ...listed('no longer', lost)].join(', and ') || 'was written in another way';
}

/** One entry for each action on each resource, and its words. Another condition makes it another grant. */
function grantsOf({ Statement: given = [] }: Partial<PolicyDocument>): Map<string, string> {
  const statements = [given].flat() as Statement[];
  return new Map(
    statements.flatMap(({ Effect, Action, NotAction, Resource = '*', Condition }) => {
      const verb = Effect === 'Deny' ? 'denies' : 'allows';
      const actions = [Action ?? []].flat().concat([NotAction ?? []].flat().map(action => `all but ${action}`));
      return actions.flatMap(action =>
        [Resource].flat().map((resource): [string, string] => {
          const words = `${verb} ${action} on ${resource}`;
          return [`${words} ${canonicalJson(Condition ?? null)}`, `${words}${Condition ? ' under a condition' : ''}`];
        }),
      );
    }),
  );
}
