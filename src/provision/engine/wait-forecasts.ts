import type { Progress } from './outcome.ts';
import type { AnyResource } from './resource.ts';

/** Tells, while something is removed that AWS may hold for very long, what else is going on and what comes after it. */
export class WaitForecasts {
  readonly #resources: readonly AnyResource[];
  readonly #progress: Progress;
  readonly #running = new Set<string>();
  readonly #over = new Set<string>();

  constructor(resources: readonly AnyResource[], progress: Progress) {
    this.#resources = resources;
    this.#progress = progress;
  }

  begin(id: string): void {
    this.#running.add(id);
    this.#tell();
  }

  end(id: string): void {
    this.#running.delete(id);
    this.#over.add(id);
    this.#tell();
  }

  #tell(): void {
    const slow = this.#resources.find(({ id, release }) => release && this.#running.has(id));
    if (!slow) return;
    const waiting = neededBy(slow);
    const titles = (which: (id: string) => boolean) =>
      this.#resources.filter(({ id }) => id !== slow.id && !this.#over.has(id) && which(id)).map(({ title }) => title);
    this.#progress.outlook?.({
      id: slow.id,
      title: slow.title,
      ...slow.release!,
      beside: titles(id => !waiting.has(id)),
      after: titles(id => waiting.has(id)),
    });
  }
}

/** All that can go only when this is gone. */
function neededBy(resource: AnyResource, found: Set<string> = new Set()): Set<string> {
  for (const need of Object.values(resource.needs)) {
    if (found.has(need.id)) continue;
    found.add(need.id);
    neededBy(need, found);
  }
  return found;
}
