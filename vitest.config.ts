import { defineConfig } from 'vitest/config';
import { sqlAsText } from './scripts/sql-as-text.js';

const plugins = [sqlAsText()];
/** As in the bundles: the SDK's advice on Node versions is not for whoever runs the tests. */
const env = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };

export default defineConfig({
  test: {
    // By default one core is kept free, which is half of a small machine.
    maxWorkers: '100%',
    projects: [
      {
        plugins,
        test: {
          name: 'unit',
          env,
          include: ['test/**/*.test.ts'],
          exclude: ['test/wire/**', 'test/tidb/**'],
          testTimeout: 20_000,
          sequence: { shuffle: true },
        },
      },
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
