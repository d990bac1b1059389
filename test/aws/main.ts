import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import Big from 'big.js';
import { priceList } from '../../src/provision/plan/prices.ts';
import { askLine } from '../../src/terminal/prompt.ts';
import { limits, live } from './life.ts';
import { operationTable, simulatedOperations, timeTable } from './measured.ts';
import { toolIn } from './tool.ts';

const stack = 'aws-test';
const consent = 'SALESREPORT_TEST_AWS';

const help = `Usage: npm run test:aws -- [options]

Builds a stack of its own in your account, kills it, builds it again, verifies it and takes it down. Shows first what it makes and what it costs
at most, and does nothing unless ${consent}=yes or you say yes.

  --region <region>    default: that of your profile
  --profile <name>     of your AWS configuration
  --seed <number>      draws where processes are killed; default: the time
  --kills <number>     processes of the provision that are killed; default 3
  --out <file>         write every call with its duration as JSON
  --endpoint <url>     try it on an emulator in place of AWS
`;

const say = (text: string) => void process.stdout.write(`${text}\n`);

export const removeFolder = (folder: string) => rmSync(folder, { recursive: true, force: true });

/** Returns the exit code: 0 all held, 1 something did not, 2 not begun. */
export async function main(argv: readonly string[], root: string): Promise<number> {
  const options = { type: 'string' } as const;
  const { values: given } = parseArgs({
    args: [...argv],
    options: {
      region: options,
      profile: options,
      seed: options,
      kills: options,
      out: options,
      endpoint: options,
      help: { type: 'boolean' },
    },
  });
  if (given.help) {
    process.stdout.write(help);
    return 0;
  }
  const redirected = Object.keys(process.env).find(name => name.startsWith('AWS_ENDPOINT_URL') && process.env[name]);
  if (redirected && !given.endpoint) {
    say(`Error: ${redirected} is set, so this would not reach AWS: unset it, or name the emulator with --endpoint.`);
    return 2;
  }
  const folder = mkdtempSync(join(tmpdir(), 'salesreport-aws-'));
  const settings = join(folder, 'salesreport.yaml');
  // Nobody logs in to these hosts.
  writeFileSync(settings, JSON.stringify({ stack, network: { adminCidr: 'none' } }));
  const env = { ...process.env, ...(given.endpoint ? { AWS_ENDPOINT_URL: given.endpoint } : {}) };
  const flags = ['region', 'profile'].flatMap(name => {
    const value = given[name as 'region' | 'profile'];
    return value ? [`--${name}`, value] : [];
  });
  const bare = toolIn(root, env);
  const tool: typeof bare = (args, limit) => bare([...args, ...flags, '--settings', settings], limit);
  try {
    const { exit, document: plan, said } = await tool(['provision', '--dry-run']);
    if (exit !== 0) {
      say(plan?.error ? `Error: ${plan.error.message}` : said);
      return 2;
    }
    const { account, region, changes, unchanged, cost, time } = plan;
    if (unchanged > 0 || changes.some(({ action }: { action: string }) => action !== 'create')) {
      say(
        `Error: something of stack ${stack} stands in account ${account}, region ${region}: run salesreport teardown --stack ${stack} first.`,
      );
      return 2;
    }
    const cap = new Big(cost.added)
      .times(limits.whole)
      .div(60 * priceList.hoursOfAMonth)
      .round(2, Big.roundUp)
      .toFixed(2);
    say(`A run on ${given.endpoint ?? 'AWS'}: account ${account}, region ${region}, stack ${stack}`);
    say(
      `  makes   ${changes.length} things, and removes them: ${cost.parts.map(({ what }: { what: string }) => what).join(', ')}`,
    );
    say(`  takes   about ${Math.ceil((2 * time.seconds) / 60)} to ${limits.whole} minutes; it ends by itself then`);
    say(
      `  costs   at most $${cap} for ${limits.whole} minutes, at list prices of ${priceList.region} of ${priceList.date}`,
    );
    if (process.env[consent] !== 'yes' && !(await agrees())) {
      say(`Nothing was made: set ${consent}=yes, or say yes at a terminal.`);
      return 2;
    }

    const seed = Number(given.seed ?? Date.now() % 1_000_000);
    say(`  seed    ${seed}\n`);
    let isStopped = false;
    const stop = () => {
      if (!isStopped) say('Ctrl-C: the teardown comes next.');
      isStopped = true;
    };
    process.on('SIGINT', stop);
    const certificate = join(folder, 'certificate.txt');
    const life = await live(tool, {
      stack,
      seed,
      kills: Number(given.kills ?? 3),
      certificate,
      say,
      isStopped: () => isStopped,
    });
    process.off('SIGINT', stop);
    const simulated = await simulatedOperations();
    say(['', ...operationTable(life.calls, simulated), '', ...timeTable(life.made, changes), ''].join('\n'));
    if (given.out) {
      const { calls, made, teardownSeconds, wrong } = life;
      const run = {
        version: 1,
        at: new Date().toISOString(),
        endpoint: given.endpoint ?? null,
        region,
        seed,
        teardownSeconds,
        wrong,
        made,
        calls,
      };
      writeFileSync(given.out, `${JSON.stringify(run, null, 1)}\n`);
    }
    for (const sentence of life.wrong) say(`WRONG: ${sentence}`);
    say(
      life.wrong.length === 0
        ? 'All held, and nothing is left.'
        : `Run it again with --seed ${seed} for the same deaths.`,
    );
    return life.wrong.length === 0 ? 0 : 1;
  } finally {
    removeFolder(folder);
  }
}

async function agrees(): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  return (await askLine('Type yes to go on: ', process.stdin, process.stdout)).trim() === 'yes';
}
