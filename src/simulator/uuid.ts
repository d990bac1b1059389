import { draw } from '../seeded-random.ts';
import type { World } from './world.ts';

/** A new UUID, the same for the same seed and the nth of its kind. */
export function newUuid(world: World, kind: string): string {
  const key = world.newId(kind);
  const hex = [0, 1, 2, 3, 4, 5]
    .map(part => Math.floor(draw(world.seed, 'uuid', key, part) * 0x1000000))
    .map(value => value.toString(16).padStart(6, '0'))
    .join('');
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}
