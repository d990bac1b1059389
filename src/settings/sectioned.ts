/**
 * The settings inside a section of the schema, below the wrapper that gives it its default; undefined where it is no
 * section.
 */
export function shapeOf(node: unknown): Record<string, unknown> | undefined {
  const { shape, def } = (node ?? {}) as { shape?: Record<string, unknown>; def?: { innerType?: unknown } };
  return shape ?? (def?.innerType ? shapeOf(def.innerType) : undefined);
}

/**
 * Settings with each name that holds its section's, such as `network.adminCidr` or `day.zero.warn`, put into that
 * section: names are written so in the docs and in messages. A name that stands in its section too stays as it is, so
 * that it is refused.
 */
export function sectioned(values: Readonly<Record<string, unknown>>, node: unknown): Record<string, unknown> {
  const shape = shapeOf(node);
  if (!shape) return { ...values };
  const found: Record<string, unknown> = {};
  const put = (name: string, value: unknown) => Object.defineProperty(found, name, { value, ...writable });
  const entries = Object.entries(values);
  for (const [name, value] of entries) put(name, value);
  for (const [name, value] of entries) {
    const section = sectionIn(name, shape);
    if (section === undefined) continue;
    const rest = name.slice(section.length + 1);
    const inner = Object.hasOwn(found, section) ? found[section] : {};
    if (!isMap(inner) || Object.hasOwn(inner, rest)) continue;
    delete found[name];
    put(section, { ...inner, [rest]: value });
  }
  for (const [name, value] of Object.entries(found))
    if (isMap(value) && Object.hasOwn(shape, name)) put(name, sectioned(value, shape[name]));
  return found;
}

/** Whether a name that `sectioned` left as it is stands in its section too. */
export function isGivenTwice(name: string, node: unknown, values: unknown): boolean {
  const section = sectionIn(name, shapeOf(node) ?? {});
  const inner = section !== undefined && isMap(values) ? values[section] : undefined;
  return section !== undefined && isMap(inner) && Object.hasOwn(inner, name.slice(section.length + 1));
}

/** Also for a name such as `__proto__`. */
const writable = { enumerable: true, configurable: true, writable: true };

function sectionIn(name: string, shape: Record<string, unknown>): string | undefined {
  if (Object.hasOwn(shape, name)) return undefined;
  return Object.keys(shape).find(section => name.startsWith(`${section}.`) && shapeOf(shape[section]) !== undefined);
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
