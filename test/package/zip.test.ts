import { unzipSync } from 'fflate';
import { afterEach, describe, expect, it } from 'vitest';
import { reproducibleZip } from '../../scripts/zip.js';

const files: [string, Uint8Array][] = [
  ['nodejs/b.js', Buffer.from('b'.repeat(2000))],
  ['nodejs/a.js', Buffer.from('a')],
  ['LICENSE', Buffer.from('MIT')],
];
const zone = process.env.TZ;

afterEach(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

/** The entries of a zip's central directory. https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT 4.3.12 */
function entries(zip: Buffer): { name: string; madeBy: number; time: number; date: number; mode: number }[] {
  const found = [];
  const signature = Buffer.from('PK\x01\x02', 'latin1');
  for (let at = zip.indexOf(signature); at >= 0; at = zip.indexOf(signature, at + 1))
    found.push({
      name: zip.toString('utf8', at + 46, at + 46 + zip.readUInt16LE(at + 28)),
      madeBy: zip.readUInt8(at + 5),
      time: zip.readUInt16LE(at + 12),
      date: zip.readUInt16LE(at + 14),
      mode: zip.readUInt32LE(at + 38) >>> 16,
    });
  return found;
}

describe('reproducibleZip', () => {
  it('is the same bytes in every time zone', () => {
    const seen = Intl.supportedValuesOf('timeZone').map(name => {
      process.env.TZ = name;
      return { hour: new Date(0).getHours(), bytes: Buffer.from(reproducibleZip(new Map(files))).toString('base64') };
    });
    expect(new Set(seen.map(({ hour }) => hour)).size).toBeGreaterThan(20);
    expect(new Set(seen.map(({ bytes }) => bytes)).size).toBe(1);
  });

  it('is the same bytes whatever the order of the files', () => {
    expect(reproducibleZip(new Map(files.toReversed()))).toEqual(reproducibleZip(new Map(files)));
  });

  it('holds plain files of one date, sorted, that everybody may read', () => {
    const date = (1 << 5) | 1;
    const common = { madeBy: 3, time: 0, date, mode: 0o100644 };
    expect(entries(Buffer.from(reproducibleZip(new Map(files))))).toEqual([
      { name: 'LICENSE', ...common },
      { name: 'nodejs/a.js', ...common },
      { name: 'nodejs/b.js', ...common },
    ]);
  });

  it('gives back what went in', () => {
    expect(Object.entries(unzipSync(reproducibleZip(new Map(files)))).sort()).toEqual(
      files.map(([name, bytes]) => [name, new Uint8Array(bytes)]).sort(),
    );
  });
});
