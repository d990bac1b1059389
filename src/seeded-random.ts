/**
 * A number in [0, 1) that depends on nothing but `seed` and `key`, so that one more draw elsewhere does not move this
 * one. FNV-1a over the joined key, finished with murmur3's mixer.
 */
export function draw(seed: number | string, ...key: (string | number)[]): number {
  let hash = 0x811c9dc5;
  for (const char of [seed, ...key].join('\u0000')) {
    hash ^= char.codePointAt(0)!;
    hash = Math.imul(hash, 0x01000193);
  }
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  hash ^= hash >>> 16;
  return (hash >>> 0) / 2 ** 32;
}
