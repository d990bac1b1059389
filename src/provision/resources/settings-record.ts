import type { GivenSettings } from '../../settings/given.ts';
import type { SettingsFile } from '../../settings/settings-file.ts';
import { version } from '../../version.ts';
import { canonicalJson } from '../aws/policy-document.ts';

/**
 * Where the archive keeps what the last provision was given. The function can neither read nor write there, and nothing
 * expires there.
 */
export const recordKey = 'settings/deployed.json';
/** What it is called in words, and before the settings in it that are mistaken. */
export const recordName = `${recordKey} in the archive`;

/**
 * What somebody wanted of a stack when it was last provisioned. It is intent and no state: what is there is asked of
 * AWS.
 */
export interface SettingsRecord {
  /** The version of the tool that wrote it. */
  tool: string;
  settings: GivenSettings;
}

/** The form of the record. A later one may not be read by this version. */
const form = 1;
/** More than any settings can be: a query has at most 4 KB. */
const most = 256 * 1024;

/** The record as it is kept: the same settings give the same text. */
export const recordText = (given: GivenSettings): string =>
  `${JSON.stringify({ version: form, tool: version, settings: JSON.parse(canonicalJson(given)) }, null, 2)}\n`;

/** Reads what is kept; or why it cannot be used, as the end of a sentence that begins with its name. */
export function readRecord(text: string): SettingsRecord | { damaged: string } {
  if (text.length > most) return { damaged: 'is larger than settings can be' };
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    return { damaged: 'is not JSON' };
  }
  if (!isSection(found)) return { damaged: 'is not a record of settings' };
  const { version: written, tool, settings } = found;
  if (typeof tool !== 'string' || !/^\d[\w.+-]{0,63}$/.test(tool))
    return { damaged: 'does not name the version that wrote it' };
  if (written !== form)
    return { damaged: `was written by salesreport ${tool}, whose records this version cannot read` };
  return isSection(settings) ? { tool, settings } : { damaged: 'holds no settings' };
}

/**
 * The tags that somebody had set, but for those that are AWS's and the tool's own; none of a record that cannot be
 * used.
 */
export function recordedTags(record: SettingsRecord | { damaged: string }): Record<string, string> {
  const { tags } = 'damaged' in record ? {} : record.settings;
  return Object.fromEntries(
    Object.entries(isSection(tags) ? tags : {}).filter(
      (tag): tag is [string, string] => typeof tag[1] === 'string' && !/^(aws|salesreport):/i.test(tag[0]),
    ),
  );
}

/** The record in the place of a settings file. */
export const recordFile = ({ settings }: SettingsRecord): SettingsFile => ({
  name: recordName,
  values: { ...settings },
  place: () => recordName,
});

const isSection = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** How two settings differ, setting by setting: `['tags.team', '"sales"', undefined]`. */
export function settingsDifferences(
  is: GivenSettings,
  wanted: GivenSettings,
): [name: string, is?: string, wanted?: string][] {
  const [before, after] = [leavesOf(is), leavesOf(wanted)];
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter(name => before.get(name) !== after.get(name))
    .sort()
    .map(name => [name, before.get(name), after.get(name)]);
}

function leavesOf(settings: GivenSettings, path = ''): Map<string, string> {
  return new Map(
    Object.entries(settings).flatMap(([key, value]): [string, string][] =>
      isSection(value) && Object.keys(value).length > 0
        ? [...leavesOf(value, `${path}${key}.`)]
        : [[`${path}${key}`, shortened(canonicalJson(value as object))]],
    ),
  );
}

const shortened = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}…` : text);
