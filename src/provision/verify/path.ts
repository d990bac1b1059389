import type { Settings } from '../../settings/settings.ts';

/** The parts of the business path, in the order in which they are told. */
export type Part = 'start' | 'function' | 'shop' | 'delivery';

/** One hop of the path from the schedule to the readers, and what it takes for it to work. */
export interface PathNode {
  hop: string;
  part: Part;
  /** Hops without which it cannot work: where it works, they do. */
  needs: readonly string[];
  /** Hops that may be why it does not work, although it could work without them. */
  suffers: readonly string[];
  /** Whether the function tried it: what was tried outweighs what was read of a configuration. */
  tried: boolean;
}

/** From the private subnets to AWS's services. */
const wayOut = ['network acl', 'private route', 'nat gateway', 'public route', 'internet gateway'] as const;

/**
 * The whole path by the settings. `selects` are those that the function named, `select order` and the like; what a hop
 * needs stands here and nowhere else.
 */
export function pathOf({ database }: Pick<Settings, 'database'>, selects: readonly string[] = []): PathNode[] {
  const ownHost = database.host === undefined;
  const read = (part: Part, hop: string, needs: readonly string[] = [], suffers: readonly string[] = []): PathNode => ({
    hop,
    part,
    needs,
    suffers,
    tried: false,
  });
  const tried = (...given: Parameters<typeof read>): PathNode => ({ ...read(...given), tried: true });
  const network = ['interfaces', ...wayOut, 's3 endpoint', ...(ownHost ? ['groups', 'host', 'set-up'] : [])];
  const shop = ownHost
    ? [
        read('shop', 'groups', ['function'], ['interfaces']),
        read('shop', 'host'),
        read('shop', 'set-up', ['host'], ['network acl']),
      ]
    : [];
  const inside = ownHost ? ['set-up'] : [];
  const places = [
    read('start', 'schedule'),
    read('start', 'target', ['schedule']),
    read('start', 'permission', ['target', 'function']),
    read('start', 'watch', ['function']),
    read('function', 'function'),
    tried('function', 'answer', ['function'], network),
    read('function', 'interfaces', ['function']),
    read('function', 'network acl'),
    read('function', 'private route', ['nat gateway']),
    read('function', 'nat gateway'),
    read('function', 'public route', ['internet gateway']),
    read('function', 'internet gateway'),
    read('function', 's3 endpoint'),
    tried('shop', 'secret', database.secret === 'env' ? ['answer'] : ['answer', ...wayOut], ['interfaces']),
    ...shop,
    tried('shop', 'name', ['answer']),
    ownHost
      ? tried('shop', 'tcp', ['answer', 'name', 'interfaces', 'network acl', 'groups', 'host'], inside)
      : tried('shop', 'tcp', ['answer', 'name'], ['interfaces', ...wayOut]),
    tried('shop', 'login', ['secret', 'tcp'], inside),
    ...selects.map(select => tried('shop', select, ['login'], inside)),
    tried('delivery', 'topic', ['answer', ...wayOut], ['interfaces']),
    tried('delivery', 'operators topic', ['answer', ...wayOut], ['interfaces', 'topic']),
    tried('delivery', 'archive', ['answer', 's3 endpoint'], ['interfaces', ...wayOut]),
    read('delivery', 'readers'),
    read('delivery', 'operators'),
  ];
  return [
    ...places,
    read(
      'delivery',
      'last report',
      [],
      places.map(({ hop }) => hop),
    ),
  ];
}
