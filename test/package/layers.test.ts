import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { cruise, type ICruiseResult, type IForbiddenRuleType } from 'dependency-cruiser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const law = createRequire(import.meta.url)(join(root, '.dependency-cruiser.cjs'));
const rules: IForbiddenRuleType[] = law.forbidden;

/** One file a rule that breaks it: `from` imports `to`, or is itself the offence. */
const offences: Record<string, { from: string; imports: string[] }> = {
  'roots-know-no-room': { from: 'src/offence.ts', imports: ['./schedule/times.ts'] },
  'schedule-stands-alone': { from: 'src/schedule/offence.ts', imports: ['../settings/read.ts'] },
  'settings-know-only-the-schedule': { from: 'src/settings/offence.ts', imports: ['../report/totals.ts'] },
  'provision-knows-no-report': { from: 'src/provision/offence.ts', imports: ['../report/totals.ts'] },
  'report-knows-no-provision': { from: 'src/report/offence.ts', imports: ['../provision/build.ts'] },
  'logic-never-prints': { from: 'src/provision/prints.ts', imports: ['../terminal/print.ts'] },
  'commands-are-the-top': { from: 'src/terminal/offence.ts', imports: ['../commands/main.ts'] },
  'engine-knows-no-aws': { from: 'src/provision/engine/offence.ts', imports: ['../aws/call.ts'] },
  'sdk-only-where-aws-is-called': { from: 'src/commands/sdk.ts', imports: ['@aws-sdk/client-sns'] },
  'driver-only-in-the-report': { from: 'src/commands/driver.ts', imports: ['mysql2/promise'] },
  'only-the-terminal-draws': { from: 'src/commands/draws.ts', imports: ['chalk'] },
  'simulator-is-chosen-in-one-place': { from: 'src/commands/offence.ts', imports: ['../simulator/world.ts'] },
  'product-knows-no-workshop': { from: 'src/commands/workshop.ts', imports: ['../../test/helper.ts'] },
  'no-cycles': { from: 'src/settings/circle-back.ts', imports: ['./circle.ts'] },
  'no-dead-code': { from: 'src/settings/forgotten.ts', imports: [] },
  'no-unknown-imports': { from: 'src/settings/unknown.ts', imports: ['./nowhere.ts'] },
};

/** Files that break nothing. */
const lawful: Record<string, string[]> = {
  'src/clock.ts': [],
  'src/schedule/times.ts': ['../clock.ts'],
  'src/settings/read.ts': ['../schedule/times.ts'],
  'src/settings/circle.ts': ['./circle-back.ts'],
  'src/report/totals.ts': ['mysql2/promise'],
  'src/provision/build.ts': ['./engine/apply.ts', './aws/call.ts', '../settings/read.ts'],
  'src/provision/aws/call.ts': ['@aws-sdk/client-sns'],
  'src/provision/engine/apply.ts': ['../../clock.ts', 'type ../aws/call.ts'],
  'src/simulator/world.ts': ['@aws-sdk/client-sns'],
  'src/terminal/print.ts': ['chalk', 'ora', 'string-width', 'wrap-ansi'],
  'src/commands/cloud.ts': ['../simulator/world.ts', '../provision/build.ts', 'type @aws-sdk/client-sns'],
  'src/report/handler.ts': ['./totals.ts'],
  'test/helper.ts': ['../src/simulator/world.ts', 'mysql2/promise'],
};

let folder: string;
let broken: { rule: string; from: string }[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'layers-'));
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  const main = [...Object.keys(lawful), ...Object.values(offences).map(({ from }) => from)]
    .filter(file => file.startsWith('src/') && !/forgotten|simulator/.test(file))
    .map(file => `../${file.slice('src/'.length)}`);
  const files = {
    ...lawful,
    ...Object.fromEntries(Object.values(offences).map(({ from, imports }) => [from, imports])),
    'src/commands/main.ts': main,
  };
  for (const [file, imports] of Object.entries(files)) await write(file, imports);
  const { output } = await cruise(['src', 'test'], {
    ...law.options,
    baseDir: folder,
    ruleSet: { forbidden: rules },
    validate: true,
  });
  broken = (output as ICruiseResult).summary.violations.map(({ rule, from, to }) => ({
    rule: rule.name,
    from: rule.name === 'no-dead-code' ? to : from,
  }));
});

afterAll(() => rm(folder, { recursive: true }));

async function write(file: string, imports: string[]): Promise<void> {
  const lines = imports.map((path, i) =>
    path.startsWith('type ') ? `import type * as m${i} from '${path.slice(5)}';` : `import * as m${i} from '${path}';`,
  );
  await mkdir(dirname(join(folder, file)), { recursive: true });
  await writeFile(join(folder, file), [...lines, 'export const here = 1;'].join('\n'));
}

describe('the law of imports', () => {
  it.each(rules.map(({ name }) => name!))('%s can be broken, and is noticed', name => {
    expect(broken).toContainEqual({ rule: name, from: offences[name]?.from });
  });

  it('lets lawful files be', () => {
    expect(broken.filter(({ from }) => from in lawful)).toEqual([]);
  });

  it('gives each rule a reason', () => {
    expect(rules.filter(({ comment }) => !comment)).toEqual([]);
  });
});
