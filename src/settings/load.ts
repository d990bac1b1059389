import { dirname } from 'node:path';
import type { z } from 'zod';
import { Problem } from '../problem.ts';
import { type GivenSettings, givenOf, type SettingsOrigin } from './given.ts';
import { findNearest } from './nearest.ts';
import { readQuery } from './query.ts';
import { findConflicts, type Mistake } from './relations.ts';
import { schema } from './schema.ts';
import { isGivenTwice, sectioned, shapeOf } from './sectioned.ts';
import type { Settings } from './settings.ts';
import { findSettingsFile, type SettingsFile } from './settings-file.ts';

const defaultSettingsFile = 'salesreport.yaml';

/** What flags may say about settings. `settings` is the name of the file. */
export interface SettingsFlags {
  settings?: string;
  stack?: string;
  region?: string;
  profile?: string;
}

/** More mistakes than a person reads at once are only counted. */
const mostMistakes = 50;

/** Variables that stand for a setting, the first that is set wins; AWS's own as AWS's tools read them. */
const variables = {
  stack: ['SALESREPORT_STACK'],
  region: ['AWS_REGION', 'AWS_DEFAULT_REGION'],
  profile: ['AWS_PROFILE'],
} as const;

/** Settings as they were read. */
export interface LoadedSettings {
  settings: Settings;
  /** What of them somebody has set. */
  given: GivenSettings;
  from: SettingsOrigin;
}

/**
 * The settings of one stack: flag over environment over file over default. `record` stands in for a file where there is
 * none. Problem `settings` names the first mistake with its file and line (or flag, or variable) and counts the others
 * in `next`; Problem `settings-file` where the file itself cannot be used.
 */
export async function loadSettings(
  flags: SettingsFlags,
  env: NodeJS.ProcessEnv,
  record?: SettingsFile,
): Promise<LoadedSettings> {
  const file = record ?? (await findSettingsFile(flags.settings ?? defaultSettingsFile, flags.settings !== undefined));
  const raw: Record<string, unknown> = { ...sectioned(file?.values ?? {}, schema) };
  const origins: Record<string, string> = {};
  for (const name of ['stack', 'region', 'profile'] as const) {
    const variable = variables[name].find(candidate => env[candidate]);
    if (variable) Object.assign(raw, { [name]: env[variable] }) && Object.assign(origins, { [name]: variable });
    if (flags[name] !== undefined)
      Object.assign(raw, { [name]: flags[name] }) && Object.assign(origins, { [name]: `--${name}` });
  }
  const parsed = schema.safeParse(raw);
  const queried = parsed.success ? await withQuery(parsed.data, dirname(file?.name ?? '')) : undefined;
  const mistakes = queried
    ? [...queried.mistakes, ...findConflicts(queried.settings, path => valueAt(raw, path) !== undefined)]
    : parsed.error!.issues.flatMap(issue => mistakesOf(issue, raw));
  if (queried && mistakes.length === 0) {
    const { settings } = queried;
    return {
      settings,
      given: givenOf(raw, {
        query: settings.report.query,
        region: file?.values.region !== undefined || flags.region !== undefined,
      }),
      from: record ? { kind: 'record' } : file ? { kind: 'file', name: file.name } : { kind: 'defaults' },
    };
  }
  const [first, ...others] = mistakes
    .slice(0, mostMistakes)
    .map(mistake => sentence(mistake, file, origins[String(mistake.path[0])]));
  const more = mistakes.length > mostMistakes ? `\n  and ${mistakes.length - mostMistakes} more` : '';
  throw new Problem('settings', first!, {
    exit: 'usage',
    next: others.length > 0 ? `Correct this too:\n${others.map(other => `  ${other}`).join('\n')}${more}` : undefined,
  });
}

/** The settings with the SQL of their query in the place of its file. */
async function withQuery(settings: Settings, folder: string): Promise<{ settings: Settings; mistakes: Mistake[] }> {
  const { query } = settings.report;
  if (query === undefined) return { settings, mistakes: [] };
  const found = await readQuery(query, folder);
  if ('words' in found) return { settings, mistakes: [{ path: ['report', 'query'], words: found.words }] };
  return { settings: { ...settings, report: { ...settings.report, query: found.sql } }, mistakes: [] };
}

function mistakesOf(issue: z.core.$ZodIssue, raw: unknown): Mistake[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key, at) => ({
      path: [...issue.path, key],
      // Looking for the name that was meant takes time, and words that nobody sees need none.
      words: at < mostMistakes ? unknownKey(issue.path, key, raw) : '',
    }));
  if (issue.code === 'invalid_key')
    return [{ path: issue.path, words: `is not a name that a tag can have: it ${issue.issues[0]!.message}` }];
  const isSection = issue.code === 'invalid_type' && issue.expected === 'object';
  const value = valueAt(raw, issue.path);
  return [
    {
      path: issue.path,
      words: `is ${shown(value)} but ${isSection ? 'must be a section with settings of its own' : issue.message}`,
    },
  ];
}

function unknownKey(path: readonly PropertyKey[], key: string, raw: unknown): string {
  // A password in a file ends in version control: the only answer is where it belongs.
  if (path[0] === 'database' && /^(password|pass|pwd)$/i.test(key))
    return 'does not belong in a file: use database.passwordParameter, or set SALESREPORT_DATABASE_PASSWORD when you provision';
  const known = path.reduce<unknown>((shape, part) => own(shapeOf(shape), String(part)), schema);
  if (isGivenTwice(key, known, valueAt(raw, path))) return 'is given twice; leave one of the two out';
  const nearest = findNearest(key, Object.keys(shapeOf(known) ?? {}));
  const elsewhere = Object.entries(schema.shape).find(([, section]) => own(shapeOf(section), key) !== undefined)?.[0];
  if (nearest) return `is not a setting; did you mean ${[...path, nearest].join('.')}?`;
  return elsewhere
    ? `is not a setting; did you mean ${elsewhere}.${key}?`
    : 'is not a setting; see docs/reference/settings.md for those there are';
}

/** A setting by its name. What every object inherits, such as `constructor`, is none. */
const own = (shape: Record<string, unknown> | undefined, key: string): unknown =>
  shape && Object.hasOwn(shape, key) ? shape[key] : undefined;

function sentence(mistake: Mistake, file: SettingsFile | undefined, origin: string | undefined): string {
  const name = mistake.path.map(String).join('.');
  const from = origin ?? file?.place(mistake.path);
  const words = `${name} ${mistake.words}`;
  return `${from ? `${from}: ` : ''}${words}${words.endsWith('?') ? '' : '.'}`;
}

function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], raw);
}

function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}…` : value);
  if (Array.isArray(value)) return 'a list';
  return value !== null && typeof value === 'object' ? 'a section' : String(value);
}
