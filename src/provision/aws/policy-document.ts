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
