import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { bundleFunction, bundleProgram } from '../../scripts/bundles.js';
import { bundledPackages, licencesText } from '../../scripts/licences.js';

const root = resolve(import.meta.dirname, '../..');
const page = await bundleProgram(root, { page: 'src/report/render/html.ts' });

it('what draws the charts keeps its notice, and the licences of what it took over', async () => {
  const text = await licencesText(root, bundledPackages([page.metafile]));
  expect(text).toMatch(/^echarts [\d.]+ {2}Apache-2\.0$/m);
  expect(text).toMatch(/^zrender [\d.]+ {2}BSD-3-Clause$/m);
  expect(text).toContain('Apache ECharts\nCopyright 2017-');
  expect(text).toContain('Copyright (c) 2017, Baidu Inc.');
  expect(text).toContain('Mike Bostock');
});

it('charts are under 1 MB, and in a file of the function that is loaded when a page is made', async () => {
  const sizes = [...page.files.values()].map(({ length }) => length);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(1e6);
  const { metafile } = await bundleFunction(root);
  const packagesOf = (file: string): string[] => {
    const [, output] = Object.entries(metafile.outputs).find(([path]) => path.endsWith(file))!;
    return bundledPackages([{ outputs: { [file]: output } }]).map((folder: string) =>
      folder.replace(/^.*(?=node_modules)/, ''),
    );
  };
  expect(packagesOf('function/index.js')).toContain('node_modules/big.js');
  expect(packagesOf('function/index.js').filter(name => /echarts|zrender/.test(name))).toEqual([]);
  expect(packagesOf('function/html.js')).toContain('node_modules/echarts');
});
