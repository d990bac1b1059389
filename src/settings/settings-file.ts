import { access, readFile } from 'node:fs/promises';
import { isMap, isPair, isScalar, LineCounter, parseDocument } from 'yaml';
import { Problem } from '../problem.ts';
import { as, flagged } from '../suggest.ts';
import { isTooManyFiles } from '../too-many-files.ts';

/** A settings file as read: its values, and where in it each stands. */
export interface SettingsFile {
  name: string;
  values: Record<string, unknown>;
  /** `salesreport.yaml:12`, the line of a key; of its nearest parent where the key itself is not in the file. */
  place(path: readonly PropertyKey[]): string;
}

/** Reads one YAML file. Problem `settings-file` where it cannot be read or is no YAML map; undefined where it is absent and not `required`. */
export async function findSettingsFile(name: string, required: boolean): Promise<SettingsFile | undefined> {
  try {
    return parseSettingsFile(name, await readFile(name, 'utf8'));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (error instanceof Problem || isTooManyFiles(error)) throw error;
    if (code === 'ENOENT' && !required) return refuseTwin(name);
    const why =
      code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : `it cannot be read (${code})`;
    throw new Problem('settings-file', `The settings file ${name} was not used, because ${why}; name another with --settings.`, {
      exit: 'usage',
      cause: error,
    });
  }
}

export function parseSettingsFile(name: string, text: string): SettingsFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const place = (offset: number) => `${name}:${lines.linePos(offset).line}`;
  const error = document.errors[0];
  if (error) {
    const why = error.message.replace(/[.:]?\s*$/, '');
    throw new Problem('settings-file', `${place(error.pos[0])}: this line is not valid YAML; correct it (${why}).`, {
      exit: 'usage',
    });
  }
  if (document.contents !== null && !isMap(document.contents)) {
    if (isScalar(document.contents) && document.contents.value === null) return { name, values: {}, place: () => `${name}:1` };
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
      const pair = whole.map(name => pairs.find(({ key }) => isScalar(key) && String(key.value) === name)).find(Boolean);
      if (!pair || !isScalar(pair.key)) break;
      offset = pair.key.range?.[0] ?? offset;
      const written = String(pair.key.value);
      names.splice(0, whole.length - whole.indexOf(written));
      node = pair.value;
    }
    return offset;
  };
  return { name, values: (withoutNulls(document.toJS()) ?? {}) as Record<string, unknown>, place: path => place(offsetOf(path)) };
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
