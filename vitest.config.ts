import { defineConfig } from 'vitest/config';
import { sqlAsText } from './scripts/sql-as-text.js';

const plugins = [sqlAsText()];

export default defineConfig({
  test: {
    projects: [
      {
        plugins,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/wire/**'],
          testTimeout: 20_000,
          sequence: { shuffle: true },
        },
      },
      // Servers take the machine's whole attention: one file at a time.
      {
        plugins,
        test: {
          name: 'wire',
          include: ['test/wire/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
