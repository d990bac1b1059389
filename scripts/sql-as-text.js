/**
 * Vite plugin: `import schema from './schema.sql'` gives the file's text, as esbuild's text loader does in the built
 * program.
 */
export const sqlAsText = () => ({
  name: 'sql-as-text',
  enforce: 'pre',
  transform(text, id) {
    return id.endsWith('.sql') ? { code: `export default ${JSON.stringify(text)};`, map: null } : undefined;
  },
});
