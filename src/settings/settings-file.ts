import { access } from 'node:fs/promises';
import { type Document, isMap, isPair, isScalar, LineCounter, type Node, parseDocument, visit } from 'yaml';
import { Problem } from '../problem.ts';
import { readText, UnreadableFile } from '../read-text.ts';
import { as, flagged } from '../suggest.ts';

/** A settings file as read: its values, and where in it each stands. */
export interface SettingsFile {
  name: string;
  values: Record<string, unknown>;
  /** `salesreport.yaml:12`, the line of a key; of its nearest parent where the key itself is not in the file. */
  place(path: readonly PropertyKey[]): string;
}

/**
 * Reads one YAML file. Problem `settings-file` where it cannot be read or is no YAML map; undefined where it is absent
 * and not `required`.
 */
export async function findSettingsFile(name: string, required: boolean): Promise<SettingsFile | undefined> {
  try {
    return parseSettingsFile(name, await readText(name, 1));
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    if (error.code === 'ENOENT' && !required) return refuseTwin(name);
    throw new Problem(
      'settings-file',
      `The settings file ${name} was not used, because ${error.why}; name another with --settings.`,
      {
        exit: 'usage',
        cause: error,
      },
    );
  }
}

function parseSettingsFile(name: string, text: string): SettingsFile {
  const lines = new LineCounter();
  // The library compares each key with each other, which takes half a minute for a file of 20,000.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  const place = (offset: number) => `${name}:${lines.linePos(offset).line}`;
  const refused = (offset: number, words: string) =>
    new Problem('settings-file', `${place(offset)}: ${words}`, { exit: 'usage' });
  const error = document.errors[0] ?? document.warnings[0];
  if (error) throw refused(error.pos[0], `this line is not valid YAML; correct it (${withoutStop(error.message)}).`);
  const odd = oddKey(document.contents);
  if (odd) throw refused(odd.offset, odd.words);
  if (document.contents !== null && !isMap(document.contents)) {
    if (isScalar(document.contents) && document.contents.value === null)
      return { name, values: {}, place: () => `${name}:1` };
    throw new Problem('settings-file', `${name}:1: the file must hold names and values such as "stack: salesreport".`, {
      exit: 'usage',
    });
  }

  const offsetOf = (path: readonly PropertyKey[]): number => {
    let node: unknown = document.contents;
    let offset = document.contents?.range?.[0] ?? 0;
    const names = path.map(String);
    while (names.length > 0) {
      // A name may hold those of its sections: `network.adminCidr`.
      const whole = names.map((_, index) => names.slice(0, index + 1).join('.')).reverse();
      const pairs = isMap(node) ? node.items.filter(item => isPair(item) && isScalar(item.key)) : [];
      const pair = whole
        .map(name => pairs.find(({ key }) => isScalar(key) && String(key.value) === name))
        .find(Boolean);
      if (!pair || !isScalar(pair.key)) break;
      offset = pair.key.range?.[0] ?? offset;
      const written = String(pair.key.value);
      names.splice(0, whole.length - whole.indexOf(written));
      node = pair.value;
    }
    return offset;
  };
  return { name, values: valuesOf(document, name), place: path => place(offsetOf(path)) };
}

const withoutStop = (words: string): string => words.replace(/[.:]?\s*$/, '');

/** A key that stands twice in its map, or that no object can hold like others. */
function oddKey(contents: unknown): { offset: number; words: string } | undefined {
  let found: ReturnType<typeof oddKey>;
  visit(contents as Node | null, {
    Map(_key, { items }) {
      const seen = new Set<string>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        const name = String(key.value);
        const offset = key.range?.[0] ?? 0;
        if (name === '__proto__')
          found = { offset, words: '__proto__ is not a setting, and no tag can have this name; leave it out.' };
        if (seen.has(name))
          found = { offset, words: 'this line is not valid YAML; correct it (Map keys must be unique).' };
        if (found) return visit.BREAK;
        seen.add(name);
      }
      return undefined;
    },
  });
  return found;
}

function valuesOf(document: Document, name: string): Record<string, unknown> {
  try {
    return (withoutNulls(document.toJS()) ?? {}) as Record<string, unknown>;
  } catch (cause) {
    const why = cause instanceof RangeError ? 'it is nested too deeply' : withoutStop((cause as Error).message);
    throw new Problem('settings-file', `${name}: the values cannot be read (${why}); write them without aliases.`, {
      exit: 'usage',
      cause,
    });
  }
}

/** A name without a value, such as a section whose settings are all commented out, means its default. */
function withoutNulls(value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value ?? undefined;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, inner]) => [key, withoutNulls(inner)])
      .filter(([, inner]) => inner !== undefined),
  );
}

/** The same name with the other ending would be passed over in silence. */
async function refuseTwin(name: string): Promise<undefined> {
  const twin = name.replace(/\.yaml$/, '.yml');
  const isThere = await access(twin).then(
    () => true,
    () => false,
  );
  if (isThere)
    throw new Problem(
      'settings-file',
      `The file ${twin} is not read by itself; rename it to ${name}, or add ${flagged`--settings ${as.file(twin)}`}.`,
      {
        exit: 'usage',
      },
    );
}
