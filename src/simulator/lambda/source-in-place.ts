import type { Hop } from '../../function-contract.ts';
import type { Source } from '../../report/facts.ts';
import { contains, parseCidr } from '../ec2/cidr.ts';
import type { World } from '../world.ts';
import type { SimulatedFunction } from './state.ts';

/** Why the database cannot be reached from the function's place, in the words of its driver; undefined when it can. */
function obstacle(world: World, { environment, subnetIds, groupIds }: SimulatedFunction): string | undefined {
  const { DB_HOST = '', DB_PORT = '3306' } = environment;
  // An address outside the simulated VPCs is a database of the user's own: the source decides.
  const address = parseCidr(`${DB_HOST}/32`);
  if (!address || !world.ec2.subnets.existing().some(subnet => contains(subnet.cidr, address))) return undefined;
  const host = world.ec2.findHost(DB_HOST, { subnetId: subnetIds[0] ?? '', groupIds });
  if (!host?.admits(Number(DB_PORT))) return `connect ETIMEDOUT ${DB_HOST}:${DB_PORT}`;
  return host.isReady ? undefined : `connect ECONNREFUSED ${DB_HOST}:${DB_PORT}`;
}

/** A source as the function sees it from its place in the simulated network. */
export function sourceInPlace(world: World, one: SimulatedFunction, source: Source): Source {
  return {
    kind: source.kind,
    async read(windows, now) {
      const why = obstacle(world, one);
      if (why) throw new Error(why);
      return source.read(windows, now);
    },
    async probe() {
      const hops = await source.probe();
      const why = obstacle(world, one);
      if (!why) return hops;
      const tcp = hops.findIndex(({ hop }) => hop === 'tcp');
      return hops.map((hop, index): Hop => {
        if (index < tcp) return hop;
        return index === tcp
          ? { hop: hop.hop, ok: false, ms: 2_000, detail: why }
          : { hop: hop.hop, ok: false, ms: 0, skipped: true };
      });
    },
    async beyondSeed(seed) {
      const why = obstacle(world, one);
      if (why) throw new Error(why);
      return source.beyondSeed(seed);
    },
    close: () => source.close(),
  };
}
