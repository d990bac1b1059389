import { zipSync } from 'fflate';

const unix = 3;
const mode = 0o100644;

/** A zip of name -> bytes that depends on nothing else: names sorted, one date, mode 0644, no folders or links. */
export function reproducibleZip(files) {
  // ZIP keeps wall-clock time without a zone, and fflate takes it from the local clock: local midnight is the same
  // bytes in every zone.
  const mtime = new Date(1980, 0, 1);
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  return zipSync(Object.fromEntries(sorted), { level: 9, mtime, os: unix, attrs: mode * 0x10000 });
}
