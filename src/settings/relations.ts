import { Problem } from '../problem.ts';
import { parseSchedule } from '../schedule/schedule.ts';
import { isInside, isOverlapping } from './cidr.ts';
import { reportOptionsOf } from './report-options.ts';
import type { Settings } from './settings.ts';

/** A mistake in the settings: the path of the setting, and words that follow its name. */
export interface Mistake {
  path: readonly PropertyKey[];
  words: string;
}

/**
 * Mistakes that show only when settings are read closely or seen together. `isGiven` tells whether a setting was set,
 * rather than left to its default.
 */
export function findConflicts(settings: Settings, isGiven: (path: string[]) => boolean): Mistake[] {
  return [
    ...scheduleMistakes(settings.schedule),
    ...networkConflicts(settings.network, isGiven),
    ...databaseConflicts(settings.database, isGiven),
    ...environmentConflicts(settings),
  ];
}

function scheduleMistakes(schedule: string): Mistake[] {
  try {
    parseSchedule(schedule);
    return [];
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return [{ path: ['schedule'], words: error.message.replace(/^The schedule /, '').replace(/\.$/, '') }];
  }
}

/** What every MariaDB server has already, and must not become the shop's. */
const serversOwn = {
  name: ['mysql', 'sys', 'information_schema', 'performance_schema'],
  user: ['root', 'mysql', 'public', 'none', 'current_user', 'current_role'],
};

function networkConflicts(
  { cidr, subnets, zones, avoidZones }: Settings['network'],
  isGiven: (path: string[]) => boolean,
): Mistake[] {
  if (zones && avoidZones)
    return [
      {
        path: ['network', 'avoidZones'],
        words: 'is the other way to choose the zones that network.zones names; remove one',
      },
    ];
  const entries = Object.entries(subnets);
  const outside = entries.filter(([name, range]) => !isInside(range, cidr) && !isGiven(['network', 'subnets', name]));
  if (outside.length > 0) {
    const names = outside.map(([name, range]) => `${name} ${range}`).join(', ');
    return [{ path: ['network', 'cidr'], words: `is ${cidr}, which does not hold ${names}; set network.subnets too` }];
  }
  return entries.flatMap(([name, range], index) => {
    const path = ['network', 'subnets', name];
    if (!isInside(range, cidr)) return [{ path, words: `is ${range}, which is not inside network.cidr ${cidr}` }];
    const other = entries.slice(0, index).find(([, earlier]) => isOverlapping(range, earlier));
    return other ? [{ path, words: `is ${range}, which overlaps network.subnets.${other[0]} ${other[1]}` }] : [];
  });
}

function databaseConflicts(database: Settings['database'], isGiven: (path: string[]) => boolean): Mistake[] {
  const mistakes: Mistake[] = [];
  if (database.host !== undefined) {
    for (const name of ['name', 'user']) {
      if (!isGiven(['database', name]))
        mistakes.push({
          path: ['database', name],
          words: `is needed, because database.host names a database of yours`,
        });
    }
    if (isGiven(['database', 'seed']))
      mistakes.push({
        path: ['database', 'seed'],
        words: 'is only for the host that the tool makes; remove it or database.host',
      });
  }
  if (database.host === undefined) {
    for (const [key, own] of Object.entries(serversOwn)) {
      const given = database[key as keyof typeof serversOwn];
      if (own.includes(given.toLowerCase()))
        mistakes.push({
          path: ['database', key],
          words: `is "${given}", which belongs to MariaDB itself; choose another name`,
        });
    }
  }
  if (database.host === undefined && database.passwordParameter !== undefined)
    mistakes.push({
      path: ['database', 'passwordParameter'],
      words: 'is only for a database of yours; set database.host too, or remove it',
    });
  if (database.passwordParameter !== undefined && database.secret === 'env')
    mistakes.push({
      path: ['database', 'secret'],
      words: 'is env, which database.passwordParameter contradicts; remove one of the two',
    });
  return mistakes;
}

/**
 * Lambda's limit of all variables of a function's environment, names and values (Lambda developer guide, "Lambda
 * quotas"), bytes.
 */
const environmentBytes = 4096;
/**
 * More than the variables' names, and the values that AWS or the tool gives: ARN of the topic, bucket, account,
 * password.
 */
const notSettings = 700;

/** What shapes the report goes to the function in its environment. */
function environmentConflicts(settings: Settings): Mistake[] {
  const { stack, schedule, timezone, locale, database } = settings;
  const { query, ...options } = reportOptionsOf(settings);
  const { host = '', name, user, passwordParameter = '' } = database;
  const others = [stack, schedule, timezone, locale, host, name, user, passwordParameter, JSON.stringify(options)];
  const room = environmentBytes - notSettings - others.reduce((sum, value) => sum + Buffer.byteLength(value), 0);
  const length = query === undefined ? 0 : Buffer.byteLength(JSON.stringify(query));
  if (query === undefined && room < 0)
    return [
      {
        path: ['report', 'closed'],
        words: `is ${-room} bytes too long for the function's environment, which holds 4 KB in all; leave out dates that have passed`,
      },
    ];
  if (length <= room) return [];
  return [
    {
      path: ['report', 'query'],
      words: `is ${length} bytes long, and the function's environment, which holds 4 KB in all, has room for ${Math.max(room, 0)}; make a view of it and select from that`,
    },
  ];
}
