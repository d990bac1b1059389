import { build } from 'esbuild';

const shared = {
  bundle: true,
  platform: 'node',
  // The SDK's CommonJS builds cannot be shaken: with them the program is twice as large.
  mainFields: ['module', 'main'],
  loader: { '.sql': 'text' },
  legalComments: 'none',
  charset: 'utf8',
  metafile: true,
  write: false,
  logLevel: 'warning',
};

/** Dependencies in CommonJS call `require` for Node's own modules; an ES module has none. */
const requireForEsm = `import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);`;

/** ES modules that Node 20 runs: every dynamic import becomes a chunk of its own, loaded when first used. */
export const bundleForNode = (root, entryPoints, options = {}) =>
  build({
    ...shared,
    absWorkingDir: root,
    entryPoints,
    outdir: 'dist',
    format: 'esm',
    splitting: true,
    target: 'node20.19',
    chunkNames: 'chunks/[name]-[hash]',
    banner: { js: requireForEsm },
    ...options,
  });

/** The function as one CommonJS file: `require` finds a layer on every Node, `import` only on Lambda's own. */
export const bundleFunction = root =>
  build({
    ...shared,
    absWorkingDir: root,
    entryPoints: { 'function/index': 'src/report/handler.ts' },
    outdir: 'dist',
    format: 'cjs',
    target: 'node24',
    external: ['mysql2', 'mysql2/*'],
    supported: { 'dynamic-import': false },
    // Names stay, so that a stack trace in the function's log can be read.
    minifyWhitespace: true,
    minifySyntax: true,
  });
