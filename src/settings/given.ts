/**
 * What a person has set of one stack, as in a settings file: no defaults, no profile, and the SQL of a query in the
 * place of its file.
 */
export type GivenSettings = Readonly<Record<string, unknown>>;

/**
 * Where settings come from. `why` says what is wrong with the record of the deployed ones, where that is why they are
 * the defaults.
 */
export type SettingsOrigin = { kind: 'file'; name: string } | { kind: 'record' } | { kind: 'defaults'; why?: string };

/** The name of the stack that is meant where none is given. */
const defaultStack = 'salesreport';

/**
 * What of raw settings is kept for the next person: not the profile, which is each operator's own, and the region and
 * the name of the stack only where a file or a flag gives another than the default, so that two operators keep the
 * same.
 */
export function givenOf(
  raw: Readonly<Record<string, unknown>>,
  { query, region }: { query: string | undefined; region: boolean },
): GivenSettings {
  const { profile, ...given } = raw;
  const kept: Record<string, unknown> = { ...given };
  if (kept.stack === defaultStack) delete kept.stack;
  if (!region) delete kept.region;
  if (query !== undefined) kept.report = { ...(kept.report as object), query };
  return kept;
}
