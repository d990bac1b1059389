/** A longer name is no slip of the pen, and comparing it would take its time. */
const longest = 64;

/**
 * The known name that `name` was probably meant to be: at most a third of its letters differ. Undefined when none is
 * that near.
 */
export function findNearest(name: string, known: readonly string[]): string | undefined {
  if (name.length > longest) return undefined;
  const ranked = known.map(candidate => ({
    candidate,
    distance: distance(name.toLowerCase(), candidate.toLowerCase()),
  }));
  const best = ranked.sort((a, b) => a.distance - b.distance || a.candidate.localeCompare(b.candidate))[0];
  return best && best.distance <= Math.max(1, Math.ceil(Math.max(name.length, best.candidate.length) / 3))
    ? best.candidate
    : undefined;
}

/** Letters to insert, delete, replace, or swap with their neighbour, until `a` is `b` (optimal string alignment). */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      row[j] = Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, rows[i - 1]![j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        row[j] = Math.min(row[j]!, rows[i - 2]![j - 2]! + 1);
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}
