import type { Engine } from './engine/engine.ts';
import type { Progress } from './engine/outcome.ts';
import type { StackLock } from './lock/lock.ts';
import type { AwsResource, Stack } from './stack.ts';

/**
 * What the verbs of a pipeline work with: the stack, its catalogue, the engine, and the lock that keeps other operators
 * away meanwhile.
 */
export interface Context {
  readonly stack: Stack;
  readonly resources: readonly AwsResource[];
  readonly lock: StackLock;
  /** Not of what stands in for AWS: it knows no permissions, and may do what it is asked to try. */
  readonly asksPermissions: boolean;
  engine(progress: Progress): Engine;
}

/** Shows what a run waits for before it can begin. */
export function waitingFor(progress: Progress, title: string): (reason: string | undefined) => void {
  let started = false;
  return reason => {
    if (!started) progress.started({ id: 'lock', title, action: 'look' });
    started = true;
    progress.waiting('lock', reason);
  };
}
