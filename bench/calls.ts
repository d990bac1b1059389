import { callsOfUnchanged, makeBusy } from '../test/helpers/busy-stack.ts';
import { builtAws } from '../test/helpers/simulated-stack.ts';

export const name = 'Calls of a stack that matches its settings';

const limit = { reads: 60, waves: 5 };

const own = { host: 'db.example.com', name: 'shop', user: 'report' };
/** Each choice that makes more or fewer things. */
const choices: Record<string, object>[] = [
  { 'in UTC': {}, 'in a time zone': { timezone: 'Europe/Berlin' } },
  {
    'our database': {},
    'own database': { database: own },
    'own database and parameter': { database: { ...own, passwordParameter: '/shop/password' } },
    'secret in the environment': { database: { secret: 'env' } },
  },
  { '': {}, 'no administration host': { hosts: { cli: false } } },
  { daily: {}, hourly: { schedule: 'rate(1 hour)' }, monthly: { schedule: 'cron(0 8 1 * ? *)' } },
];

const combinations = choices.reduce<[string, object][]>(
  (all, choice) =>
    all.flatMap(([words, settings]) =>
      Object.entries(choice).map(([more, given]): [string, object] => [
        [words, more].filter(Boolean).join(', '),
        { ...settings, ...given },
      ]),
    ),
  [['', {}]],
);

/**
 * How many questions `provision` and `status` ask when there is nothing to do, and how often they wait for an answer
 * before they can ask on.
 */
export async function run(): Promise<{ ok: boolean; lines: string[] }> {
  const rows: { words: string; reads: number; waves: number; mutating: number }[] = [];
  for (const [words, settings] of combinations)
    for (const reports of [0, 400]) {
      const aws = await builtAws({ settings });
      if (reports > 0) await makeBusy(aws, settings, { reports });
      const { provision, status } = await callsOfUnchanged(aws, settings);
      const stack = `${words}, ${reports > 0 ? 'crowded' : 'new'}`;
      rows.push({ words: `provision ${stack}`, ...provision }, { words: `status ${stack}`, ...status });
    }
  const most = (of: 'reads' | 'waves' | 'mutating') => rows.reduce((a, b) => (b[of] > a[of] ? b : a));
  const [reads, waves, mutating] = [most('reads'), most('waves'), most('mutating')];
  return {
    ok: reads.reads <= limit.reads && waves.waves <= limit.waves && mutating.mutating === 0,
    lines: [
      `${combinations.length} combinations of settings, each new and crowded: 30 more subnets, 40 rules, 5,000 readers, 400 reports`,
      `at most ${reads.reads} reads (of ${limit.reads}): ${reads.words}`,
      `at most ${waves.waves} waves (of ${limit.waves}): ${waves.words}`,
      `at most ${mutating.mutating} changes`,
    ],
  };
}
