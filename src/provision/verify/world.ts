import { salesreport } from '../../suggest.ts';
import type { Found } from '../engine/resource.ts';
import { inUseOf, type Survey } from '../engine/survey.ts';
import type { Stack } from '../stack.ts';
import type { Finding } from './join.ts';

/** What a walk reads: the stack, and what is there of it. */
export interface Walked {
  stack: Stack;
  world: Survey;
}

/** The resource that serves, as its own file finds it. */
export const servingIn = <F extends Found>({ world }: Walked, id: string): F | undefined =>
  inUseOf(world, id) as F | undefined;

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
