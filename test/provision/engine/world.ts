import { Problem } from '../../../src/problem.ts';
import { type Engine, noIntents } from '../../../src/provision/engine/engine.ts';
import type { Outcome, Progress } from '../../../src/provision/engine/outcome.ts';
import { type AnyResource, type Found, ready } from '../../../src/provision/engine/resource.ts';
import { VirtualClock } from '../../../src/simulator/virtual-clock.ts';

/** The smallest world that the engine can work on: named things, some of which take time. */
export class World {
  readonly clock = new VirtualClock({ start: Date.UTC(2026, 0, 1) });
  readonly things = new Map<string, { madeAt: number; ours: boolean; mended: boolean }>();
  readonly log: string[] = [];
  readonly finished: Outcome[] = [];

  engine(): Engine {
    const progress: Progress = {
      begin: () => {},
      started: ({ id, action }) => this.log.push(`${action} ${id}`),
      waiting: () => {},
      finished: outcome => this.finished.push(outcome),
    };
    return {
      clock: this.clock,
      jitter: () => 0.5,
      every: [2_000, 5_000],
      newSnapshot: () => this,
      progress,
      intents: noIntents,
      isLostAnswer: error => error instanceof Error && error.message === 'lost',
      isAlreadyThere: error => error instanceof Error && error.message === 'taken',
      isInUse: error => error instanceof Error && error.message === 'in use',
    };
  }

  /** A resource of one thing. `create` may be replaced to fail; `readyAfter` in ms. */
  resource(
    id: string,
    needs: Record<string, AnyResource> = {},
    options: {
      create?: () => undefined | 'lost';
      readyAfter?: number;
      mends?: boolean;
      wanted?: boolean;
      stuck?: boolean;
      madeByAws?: true;
      mayReturnWithin?: number;
      /** What holds it at each attempt to remove it, until there is nothing more. */
      heldBy?: string[];
      /** Why a teardown keeps it. */
      kept?: string;
    } = {},
  ): AnyResource {
    const {
      readyAfter = 0,
      mends = false,
      wanted = true,
      stuck = false,
      madeByAws,
      kept,
      mayReturnWithin,
      heldBy = [],
    } = options;
    let holder = '';
    return {
      id,
      title: id,
      wanted,
      ...(madeByAws ? { madeByAws } : {}),
      ...(mayReturnWithin ? { mayReturnWithin } : {}),
      holders: async () => ({ by: [holder], none: [], unasked: [] }),
      ...(kept ? { keep: async () => kept } : {}),
      needs,
      operations: { create: ['ec2:CreateVpc'], update: ['ec2:ModifyVpcAttribute'], remove: ['ec2:DeleteVpc'] },
      find: async () => {
        const thing = this.things.get(id);
        return thing
          ? [{ awsId: id, ours: thing.ours, ...(thing.ours ? {} : { owner: 'it belongs to stack other' }) }]
          : [];
      },
      create: async (): Promise<Found> => {
        const answer = options.create?.();
        this.things.set(id, { madeAt: this.clock.now(), ours: true, mended: false });
        if (answer === 'lost') throw new Error('lost');
        return { awsId: id, ours: true };
      },
      readiness: () => {
        const { madeAt } = this.things.get(id)!;
        return this.clock.now() >= madeAt + readyAfter ? ready : { state: 'waiting', why: `${id} is pending` };
      },
      differences: () =>
        mends && !this.things.get(id)?.mended
          ? [{ what: 'shape', is: 'bare', wanted: 'mended', how: 'update' as const }]
          : [],
      update: async () => {
        this.things.get(id)!.mended = true;
        this.log.push(`mended ${id}`);
      },
      remove: async () => {
        if (stuck) throw new Problem('stuck', `${id} is held`);
        holder = heldBy.shift() ?? '';
        if (holder) throw new Error('in use');
        this.things.delete(id);
      },
      ask: async () => ({
        asked: `look ${id}`,
        answer: this.things.has(id) ? 'there' : 'not found',
        gone: !this.things.has(id),
      }),
    };
  }
}
