import type { Settings } from '../../settings/settings.ts';
import { salesreport } from '../../suggest.ts';

/**
 * What somebody's own database says of a login that it refuses, with what changes the password; undefined where `words`
 * are about something else, or the database is the stack's, whose host takes the stored password at each start.
 */
export function refusedLogin({ host, passwordParameter }: Settings['database'], words: string): string | undefined {
  if (host === undefined || !/ refuses .+: check the user and the password/.test(words)) return undefined;
  const advice = passwordParameter
    ? `the password is in ${passwordParameter}, which salesreport never writes`
    : `${salesreport`password set`} changes the stored password`;
  return `${words.trim().replace(/\.$/, '')}; ${advice}.`;
}
