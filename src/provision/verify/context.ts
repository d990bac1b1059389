import { salesreport } from '../../suggest.ts';
import { type Inventory, inUseOf } from '../engine/inventory.ts';
import type { Found } from '../engine/resource.ts';
import type { Stack } from '../stack.ts';
import type { Finding } from './root-cause.ts';

/** What a walk reads: the stack, and what is there of it. */
export interface VerifyContext {
  stack: Stack;
  inventory: Inventory;
}

/** The resource that serves, as its own file finds it. */
export const servingIn = <F extends Found>({ inventory }: VerifyContext, id: string): F | undefined =>
  inUseOf(inventory, id) as F | undefined;

/** The repair of almost everything. */
export const repair = (what: string): string => `run ${salesreport`provision`}, which ${what}`;

export const ok = (hop: string, detail?: string): Finding => ({ hop, state: 'ok', ...(detail ? { detail } : {}) });

/** `problem: advice.` as one sentence, with the command that the advice is about. */
export const broken = (hop: string, problem: string, advice: string, command?: string): Finding => ({
  hop,
  state: 'broken',
  why: `${problem}: ${advice}.`,
  ...(command ? { command } : {}),
});
