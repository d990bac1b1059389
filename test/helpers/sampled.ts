/**
 * Whether everything is tried, as in `npm run test:storm`, and not only the part of it that `npm test` has time for.
 */
export const isStorm = Boolean(process.env.STORM);

/** One of so many cases, from the first on; all of them in a storm, which runs each file that names this one. */
export const sampled = <T>(cases: readonly T[], every: number): T[] =>
  cases.filter((_, index) => isStorm || index % every === 0);

/** How often a property is tried: a quarter of it outside a storm. */
export const runs = (all: number): { numRuns: number } => ({ numRuns: isStorm ? all : Math.ceil(all / 4) });
