import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { checkRules } from '../../src/check-limits.ts';
import { sampled } from '../helpers/sampled.ts';
import { builtAws, pipelineOn } from '../helpers/simulated-stack.ts';

interface Node {
  properties?: Record<string, Node>;
}
const schema = JSON.parse(
  await readFile(new URL('../../docs/reference/settings.schema.json', import.meta.url), 'utf8'),
) as Node;
const leavesOf = ({ properties }: Node, path = ''): string[] =>
  Object.entries(properties ?? {}).flatMap(([name, node]) =>
    node.properties ? leavesOf(node, `${path}${name}.`) : [`${path}${name}`],
  );
/** Limits of checks stand under whole names too. */
const leaves = leavesOf(schema).filter(leaf => !leaf.startsWith('checks.'));

const inSections = (path: string, value: unknown): object =>
  path.split('.').reduceRight<unknown>((inner, name) => ({ [name]: inner }), value) as object;

/** A value of each setting that is not its default; `with`: what it needs beside it. */
const changes: Record<string, { value: unknown; with?: { database?: object } }> = {
  schedule: { value: 'cron(0 7 ? * MON *)' },
  timezone: { value: 'Europe/Berlin' },
  currency: { value: 'EUR' },
  locale: { value: 'de-DE' },
  tags: { value: { team: 'sales' } },
  'network.cidr': { value: '10.1.0.0/16' },
  'network.subnets.publicA': { value: '10.0.32.0/20' },
  'network.subnets.publicB': { value: '10.0.32.0/20' },
  'network.subnets.privateA': { value: '10.0.32.0/20' },
  'network.subnets.privateB': { value: '10.0.32.0/20' },
  'network.adminCidr': { value: '203.0.113.0/24' },
  'network.webPorts': { value: false },
  'hosts.instanceType': { value: 't4g.small' },
  'hosts.cli': { value: false },
  'database.seed': { value: 'none' },
  'database.host': { value: 'db.example.com' },
  'database.port': { value: 3307 },
  'database.name': { value: 'shop' },
  'database.user': { value: 'reader' },
  'database.timezone': { value: 'Europe/Berlin' },
  'database.tls': { value: true },
  'database.secret': { value: 'env' },
  'database.passwordParameter': { value: '/shop/password', with: { database: { host: 'db.example.com' } } },
  'report.window': { value: 'day' },
  'report.dayStart': { value: '04:30' },
  'report.closed': { value: ['sunday'] },
  'report.amountsInSubject': { value: false },
  'report.holdHours': { value: 5 },
  'report.query': { value: 'SELECT 1' },
  'archive.keepDays': { value: 90 },
  'function.memory': { value: 512 },
  'function.timeout': { value: 90 },
  'function.architecture': { value: 'x86_64' },
  'logs.retentionDays': { value: 30 },
  'iam.path': { value: '/reports/' },
  'iam.permissionsBoundary': { value: 'arn:aws:iam::aws:policy/ReadOnlyAccess' },
};

/**
 * What changes nothing of a stack that stands: which stack is meant, how the tool waits, and where new subnets are put.
 */
const ofNothing = ['stack', 'region', 'profile', 'network.zones', 'network.avoidZones', 'patience.iam'];

describe('a setting that is changed in a stack that stands', () => {
  it('is each one that the schema has', () => {
    expect([...Object.keys(changes), ...ofNothing].sort()).toEqual([...leaves].sort());
  });

  const limits = Object.entries(checkRules).map(([id, rule]): [string, object] => [
    `checks.${id}`,
    { checks: { [id]: { warn: 'hours' in rule ? '7h' : 7 } } },
  ]);
  const all = Object.entries(changes).map(([name, { value, with: beside = {} }]): [string, object] => {
    const own = inSections(name, value) as { database?: object };
    return [
      name,
      { ...beside, ...own, ...(own.database ? { database: { ...beside.database, ...own.database } } : {}) },
    ];
  });
  it.each(sampled([...all, ...limits], 3))('%s is a difference, is refused, or is said', async (name, settings) => {
    const aws = await builtAws();
    const pipeline = await pipelineOn(aws, { settings });
    const found = await pipeline.plan().then(
      ({ changes: rows, notes }) => ({
        rows: rows.filter(({ id }) => id !== 'settings').map(({ id }) => id),
        notes: notes.filter(note => /other settings/.test(note)),
        refused: undefined,
      }),
      (error: unknown) => ({ rows: [], notes: [], refused: error }),
    );
    if (found.refused) expect(found.refused).toMatchObject({ code: 'needs-replacing' });
    else
      expect({ name, said: found.rows.length + found.notes.length }).toMatchObject({
        said: expect.toSatisfy(n => n > 0),
      });
  });
});
