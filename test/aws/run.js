// Bundles the run on AWS and starts it: npm run test:aws.
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundleProgram } from '../../scripts/bundles.js';
import { writeFolder } from '../../scripts/write-folder.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
// Inside the package, so that what looks for the built function finds it; outside dist, so that it is not packed.
const folder = join(root, 'node_modules', '.cache', `salesreport-aws-${process.pid}`);
const { files } = await bundleProgram(root, { main: 'test/aws/main.ts' });
await writeFolder(folder, files);
const { main, removeFolder } = await import(pathToFileURL(join(folder, 'main.js')).href);
try {
  process.exitCode = await main(process.argv.slice(2), root);
} finally {
  removeFolder(folder);
}
