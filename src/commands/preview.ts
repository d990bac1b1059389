import { type ExitReason, Problem } from '../problem.ts';
import type { Window } from '../report/facts.ts';
import type { Settings } from '../settings/settings.ts';
import type { RunOptions } from './run.ts';
import type { Session } from './session.ts';

/** Computes the report here and shows it: of the sample shop, or of a database that this machine reaches. Publishes nothing. */
export async function preview(
  session: Session,
  settings: Settings,
  window: Window | undefined,
  options: RunOptions,
): Promise<ExitReason> {
  throw new Problem('x', `${session}${settings}${window}${options}`);
}
