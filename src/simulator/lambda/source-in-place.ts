import type { Hop } from '../../function-contract.ts';
import type { Source } from '../../report/facts.ts';
import { patience } from '../../report/patience.ts';
import type { Secret } from '../../report/secret.ts';
import { contains, parseCidr } from '../ec2/network/cidr.ts';
import type { Host } from '../ec2/network/reachability.ts';
import { digestOf } from '../ec2/network/reachability.ts';
import type { World } from '../world.ts';
import type { SimulatedFunction } from './state.ts';

/** What keeps the function from the shop, at which hop, and in the words of its driver. */
type Obstacle = { hop: Hop['hop']; why: string };

/**
 * The host of ours that the function's database is on; undefined where it is one of the user's own, somewhere on the
 * internet.
 */
function ownHost(
  world: World,
  { environment, subnetIds, groupIds }: SimulatedFunction,
): Host | 'unreachable' | undefined {
  const { DB_HOST = '', DB_PORT = '3306' } = environment;
  const address = parseCidr(`${DB_HOST}/32`);
  if (!address || !world.ec2.subnets.existing().some(subnet => contains(subnet.cidr, address))) return undefined;
  const host = world.ec2.findHost(DB_HOST, { subnetId: subnetIds[0] ?? '', groupIds });
  return host?.admits(Number(DB_PORT)) ? host : 'unreachable';
}

/** What of the way to the database does not work. What is in one of the user's own, the source decides. */
function obstaclesOf(world: World, one: SimulatedFunction, password: Secret | undefined): Obstacle[] {
  const { DB_HOST = '', DB_PORT = '3306', DB_NAME = '', DB_USER = '' } = one.environment;
  const host = ownHost(world, one);
  const isCut = host === undefined ? !one.subnetIds.every(id => world.ec2.reachesInternet(id)) : host === 'unreachable';
  if (isCut || !world.ec2.hasLambdaInterfaces(one.name, one.subnetIds))
    return [{ hop: 'tcp', why: `connect ETIMEDOUT ${DB_HOST}:${DB_PORT}` }];
  if (typeof host !== 'object') return [];
  const { database } = host;
  if (!database) return [{ hop: 'tcp', why: `connect ECONNREFUSED ${DB_HOST}:${DB_PORT}` }];
  const given = password?.reveal();
  if (given !== undefined && database.password !== undefined && digestOf(given) !== database.password)
    return [{ hop: 'login', why: `The database at ${DB_HOST} refuses ${DB_USER}: check the user and the password.` }];
  return database.lacks.map(table => ({
    hop: `select ${table}`,
    why: `The database ${DB_NAME} lacks the table ${table}: make it, name the shop's database, or read other tables by report.query.`,
  }));
}

/** The hops as they stand before obstacles. Behind one nothing is tried, but each table is asked for by itself. */
function stopped(hops: readonly Hop[], obstacles: readonly Obstacle[]): Hop[] {
  let isStopped = false;
  return hops.map(({ hop, ms, ...rest }): Hop => {
    if (isStopped) return { hop, ok: false, ms: 0, skipped: true };
    const obstacle = obstacles.find(one => one.hop === hop);
    if (!obstacle) return { hop, ms, ...rest };
    isStopped = !hop.startsWith('select ');
    return { hop, ok: false, ms: hop === 'tcp' ? patience.connectionTimeout : ms, detail: obstacle.why };
  });
}

/** A source as the function sees it from its place in the simulated network, with the password that it was given. */
export function sourceInPlace(
  world: World,
  one: SimulatedFunction,
  source: Source,
  password: Secret | undefined,
): Source {
  return {
    kind: source.kind,
    async read(windows, now) {
      const [obstacle] = obstaclesOf(world, one, password);
      if (obstacle) throw new Error(obstacle.why);
      return source.read(windows, now);
    },
    async probe() {
      const hops = stopped(await source.probe(), obstaclesOf(world, one, password));
      // Without a password the driver tries no login.
      return password
        ? hops
        : hops.map(hop => (isInside(hop) ? { hop: hop.hop, ok: false, ms: 0, skipped: true } : hop));
    },
    async beyondSeed(seed) {
      const [obstacle] = obstaclesOf(world, one, password);
      if (obstacle) throw new Error(obstacle.why);
      return source.beyondSeed(seed);
    },
    close: () => source.close(),
  };
}

/** Whether a hop needs a login, or is one. */
const isInside = ({ hop }: Hop) => hop === 'login' || hop.startsWith('select ');
