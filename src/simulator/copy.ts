/**
 * A deep copy that shares what never changes: functions and bytes. `known` says what stands in the copy for what; what
 * shall not be copied is put there beforehand. Objects keep their class, though fields that are private by `#` are
 * beyond the reach of a copy.
 */
export function copyOf<T>(value: T, known = new Map<object, unknown>()): T {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  const before = known.get(value);
  if (before !== undefined) return before as T;
  return copyObject(value, known) as T;
}

function copyObject(value: object, known: Map<object, unknown>): object {
  if (value instanceof Date) return new Date(value);
  if (value instanceof Map) {
    const copy = new Map();
    known.set(value, copy);
    for (const [key, member] of value) copy.set(copyOf(key, known), copyOf(member, known));
    return copy;
  }
  if (value instanceof Set) {
    const copy = new Set();
    known.set(value, copy);
    for (const member of value) copy.add(copyOf(member, known));
    return copy;
  }
  const copy: Record<string, unknown> = Array.isArray(value)
    ? new Array(value.length)
    : Object.create(Object.getPrototypeOf(value));
  known.set(value, copy);
  for (const key of Object.keys(value)) copy[key] = copyOf((value as Record<string, unknown>)[key], known);
  return copy;
}
