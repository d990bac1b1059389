import type { AwsError } from '../aws-error.ts';
import type { World } from '../world.ts';
import type { Tags } from './tags.ts';

export interface Thing {
  id: string;
  /** ms since 1970. */
  createdAt: number;
  tags: Tags;
  /** The instant from which AWS no longer shows it. */
  goneAt?: number;
}

/** All things of one kind. What is too fresh exists, and blocks and conflicts, but is not found yet. */
export class Things<T extends Thing> {
  private readonly world: World;
  private readonly notFound: (id: string) => AwsError;
  private readonly all = new Map<string, T>();

  constructor(world: World, notFound: (id: string) => AwsError) {
    this.world = world;
    this.notFound = notFound;
  }

  add(thing: T): T {
    this.all.set(thing.id, thing);
    return thing;
  }

  remove(thing: T): void {
    this.all.delete(thing.id);
  }

  /** What is there, seen or not. */
  existing(): T[] {
    return [...this.all.values()].filter(thing => this.world.now() < (thing.goneAt ?? Number.POSITIVE_INFINITY));
  }

  /** The one with this id, seen or not. */
  find(id: string): T | undefined {
    return this.existing().find(thing => thing.id === id);
  }

  /** The one with this id, as a caller of AWS finds it. Throws AWS's not-found error. */
  get(id: string): T {
    const thing = this.find(id);
    if (!thing || !this.world.isVisible(thing.createdAt)) throw this.notFound(id);
    return thing;
  }

  /** What a Describe lists: these ids, each of which must be found, or all. */
  listed(ids?: string[]): T[] {
    if (ids && ids.length > 0) return ids.map(id => this.get(id));
    return this.existing().filter(thing => this.world.isVisible(thing.createdAt));
  }
}
