import { readdirSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { sqlAsText } from './scripts/sql-as-text.js';

const plugins = [sqlAsText()];
/** As in the bundles: the SDK's advice on Node versions is not for whoever runs the tests. */
const env = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };

/** They replace a module, which whoever has loaded it before would not see. */
const replacing = ['test/report/deliver/deliver.test.ts', 'test/report/deliver/killed.test.ts'];

/** They mostly wait, for backoff, budgets and leases, and so run beside each other. */
const waiting = ['test/wire/false-answers.test.ts', 'test/wire/hanging.test.ts'];

const wire = { env, testTimeout: 300_000, hookTimeout: 300_000 };

/**
 * What `npm test` tries a part of, and a storm as a whole: the files that name how much, and those that count in seeds.
 */
const inStorm = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .map(name => `test/${name}`)
  .filter(
    name =>
      name.endsWith('.test.ts') &&
      (name.startsWith('test/storm/') || readFileSync(name, 'utf8').includes('/helpers/sampled.ts')),
  );

const unit = { env, testTimeout: 20_000, sequence: { shuffle: true } };

export default defineConfig({
  test: {
    // By default one core is kept free, which is half of a small machine.
    maxWorkers: '100%',
    projects: [
      {
        plugins,
        test: {
          ...unit,
          name: 'unit',
          // Loading the SDK anew for each file would take half of the time.
          isolate: false,
          include: ['test/**/*.test.ts'],
          exclude: ['test/wire/**', 'test/tidb/**', ...replacing],
        },
      },
      { plugins, test: { ...unit, name: 'storm', testTimeout: 600_000, isolate: false, include: inStorm } },
      { plugins, test: { ...unit, name: 'unit-replacing', include: replacing } },
      {
        plugins,
        test: {
          ...wire,
          name: 'wire',
          include: ['test/wire/**/*.test.ts'],
          exclude: waiting,
          // Servers take the machine's whole attention: one file at a time.
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
      {
        plugins,
        test: {
          ...wire,
          name: 'wire-waiting',
          include: waiting,
          maxWorkers: waiting.length,
          sequence: { groupOrder: 2 },
        },
      },
      { plugins, test: { ...wire, name: 'tidb', include: ['test/tidb/**/*.test.ts'] } },
    ],
  },
});
