import { defineConfig } from 'vitest/config';
import { sqlAsText } from './scripts/sql-as-text.js';

const plugins = [sqlAsText()];
/** As in the bundles: the SDK's advice on Node versions is not for whoever runs the tests. */
const env = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };

/** They replace a module, which whoever has loaded it before would not see. */
const replacing = ['test/report/deliver/deliver.test.ts', 'test/report/deliver/killed.test.ts'];

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
      { plugins, test: { ...unit, name: 'unit-replacing', include: replacing } },
      {
        plugins,
        test: {
          name: 'wire',
          env,
          include: ['test/wire/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        plugins,
        test: {
          name: 'tidb',
          env,
          include: ['test/tidb/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
