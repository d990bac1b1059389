import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Folders (`node_modules/...`) of the packages that left code in the outputs of esbuild's metafiles. */
export function bundledPackages(metafiles) {
  const outputs = metafiles.flatMap(metafile => Object.values(metafile.outputs));
  const inputs = outputs.flatMap(({ inputs }) =>
    Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0),
  );
  return inputs.map(([path]) => path.match(/^.*node_modules\/(@[^/]+\/)?[^/]+/)?.[0]).filter(Boolean);
}

/**
 * THIRD-PARTY-LICENSES.txt: every package with its version and licence, and each text once. Throws where a text is
 * missing.
 */
export async function licencesText(root, folders) {
  const read = await Promise.all([...new Set(folders)].map(folder => readLicence(join(root, folder))));
  const packages = [
    ...new Map(read.sort((a, b) => (a.title < b.title ? -1 : 1)).map(each => [each.title, each])).values(),
  ];
  // Apache's text names no holder, so a package that only refers to it (some of the SDK's do) shares the others'.
  const apache = packages.find(({ licence, text }) => licence === 'Apache-2.0' && text)?.text;
  const holders = new Map();
  for (const { title, licence, text = licence === 'Apache-2.0' ? apache : undefined } of packages) {
    if (!text) throw new Error(`${title} (${licence}) comes without its licence's text, so it cannot be distributed`);
    holders.set(text, [...(holders.get(text) ?? []), title]);
  }
  const list = packages.map(({ title, licence }) => `${title}  ${licence}\n`).join('');
  const sections = [...holders].map(([text, titles]) => `${'-'.repeat(80)}\n${titles.join('\n')}\n\n${text}\n`);
  return `salesreport contains these packages, as a whole or in part:\n\n${list}\n${sections.join('\n')}`;
}

async function readLicence(folder) {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const texts = await Promise.all((await licenceFiles(folder)).map(file => readFile(file, 'utf8')));
  const text = texts.map(each => each.replaceAll('\r\n', '\n').trim()).join('\n\n');
  return { title: `${name} ${version}`, licence: license, text: text || undefined };
}

/** A package's licence and notices; a folder of them is of what it took over from others. */
async function licenceFiles(folder) {
  const entries = (await readdir(folder, { withFileTypes: true })).filter(({ name }) =>
    /^(licen[cs]e|notice)/i.test(name),
  );
  const files = entries.map(async entry => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? (await readdir(path)).map(name => join(path, name)) : [path];
  });
  return (await Promise.all(files)).flat().sort();
}
