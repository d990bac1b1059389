import { CONFIG_PREFIX_SEPARATOR, loadSharedConfigFiles } from '@smithy/core/config';
import { Problem } from '../../../problem.ts';
import { awsCli } from '../../../suggest.ts';

/** What the shared AWS configuration (`~/.aws/config` and `~/.aws/credentials`) says of one profile. */
export interface Profile {
  readonly name: string;
  /** Whether the user chose it: with --profile, a variable or the settings. */
  readonly isChosen: boolean;
  readonly values: Readonly<Record<string, string | undefined>>;
  /** All profiles, since one may take its credentials from another. */
  readonly others: Readonly<Record<string, Record<string, string | undefined>>>;
  /** The section `[services NAME]` that the profile names: `ec2.endpoint_url` and the like. */
  readonly services: Readonly<Record<string, string | undefined>>;
}

/** Nobody's configuration: for calls that never leave the process. */
export const noProfile: Profile = { name: 'default', isChosen: false, values: {}, others: {}, services: {} };

/** Reads one profile; without a name the default one. Throws Problem `profile` where a chosen profile is not there. */
export async function readProfile(chosen: string | undefined): Promise<Profile> {
  const { configFile, credentialsFile } = await loadSharedConfigFiles();
  const names = new Set([...Object.keys(configFile), ...Object.keys(credentialsFile)]);
  const others = Object.fromEntries([...names].map(name => [name, { ...configFile[name], ...credentialsFile[name] }]));
  const name = chosen ?? 'default';
  if (chosen !== undefined && !names.has(chosen))
    throw new Problem(
      'profile',
      `There is no profile "${chosen}" in your AWS configuration: see ${awsCli`configure list-profiles`}, or choose another with --profile.`,
      { exit: 'usage' },
    );
  const values = others[name] ?? {};
  const section = values.services && configFile[['services', values.services].join(CONFIG_PREFIX_SEPARATOR)];
  if (values.services && !section)
    throw new Problem(
      'profile',
      `The profile ${name} names the services section "${values.services}", but ~/.aws/config has no [services ${values.services}]: add it, or remove the line.`,
      { exit: 'usage' },
    );
  return { name, isChosen: chosen !== undefined, values, others, services: section || {} };
}

/** The profile and those that it takes its credentials from (`source_profile`), nearest first. */
export function chainOf({
  name,
  others,
}: Profile): { name: string; values: Readonly<Record<string, string | undefined>> }[] {
  const seen = new Set<string>();
  for (let next: string | undefined = name; next !== undefined && !seen.has(next); next = others[next]?.source_profile)
    seen.add(next);
  return [...seen].map(each => ({ name: each, values: others[each] ?? {} }));
}
