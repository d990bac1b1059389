/** Who must be done before whom, by id. */
export type Graph = ReadonlyMap<string, readonly string[]>;

/**
 * Visits every node once all its predecessors are done, everything else in parallel. `visit` gets the results of the
 * direct predecessors and must not throw: a failure is a result. A cycle is a mistake in the catalogue and throws
 * before anything is visited.
 */
export async function walk<T>(
  graph: Graph,
  visit: (id: string, before: ReadonlyMap<string, T>) => Promise<T>,
): Promise<Map<string, T>> {
  verifyAcyclic(graph);
  const results = new Map<string, T>();
  const running = new Map<string, Promise<T>>();
  const run = (id: string): Promise<T> => {
    const started = running.get(id);
    if (started) return started;
    const predecessors = (graph.get(id) ?? []).filter(before => graph.has(before));
    const result = Promise.all(predecessors.map(run)).then(async values => {
      const outcome = await visit(id, new Map(predecessors.map((before, index) => [before, values[index] as T])));
      results.set(id, outcome);
      return outcome;
    });
    running.set(id, result);
    return result;
  };
  await Promise.all([...graph.keys()].map(run));
  return results;
}

/** The same nodes with every arrow turned round. */
export function reversed(graph: Graph): Graph {
  const turned = new Map<string, string[]>([...graph.keys()].map(id => [id, []]));
  for (const [id, before] of graph) for (const other of before) turned.get(other)?.push(id);
  return turned;
}

/** The length of the longest path, where each node takes `duration(id)`; and the path. */
export function longestPath(graph: Graph, duration: (id: string) => number): { length: number; path: string[] } {
  const best = new Map<string, { length: number; path: string[] }>();
  const longestTo = (id: string): { length: number; path: string[] } => {
    const known = best.get(id);
    if (known) return known;
    const before = (graph.get(id) ?? []).filter(other => graph.has(other)).map(longestTo);
    const longest = before.reduce((a, b) => (b.length > a.length ? b : a), { length: 0, path: [] as string[] });
    const result = { length: longest.length + duration(id), path: [...longest.path, id] };
    best.set(id, result);
    return result;
  };
  verifyAcyclic(graph);
  return [...graph.keys()].map(longestTo).reduce((a, b) => (b.length > a.length ? b : a), { length: 0, path: [] });
}

function verifyAcyclic(graph: Graph): void {
  const done = new Set<string>();
  const enter = (id: string, trail: readonly string[]): void => {
    if (trail.includes(id)) throw new Error(`The catalogue has a cycle: ${[...trail, id].join(' -> ')}`);
    if (done.has(id)) return;
    for (const before of graph.get(id) ?? []) enter(before, [...trail, id]);
    done.add(id);
  };
  for (const id of graph.keys()) enter(id, []);
}
