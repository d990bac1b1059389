import type { Clock } from '../clock.ts';
import { Problem } from '../problem.ts';
import type { Pipeline } from '../provision/pipeline.ts';
import type { Settings } from '../settings/settings.ts';
import type { Streams, Terminal } from '../terminal/terminal.ts';
import type { Cloud } from './cloud.ts';
import type { Interrupt } from './interrupt.ts';

/** Flags that every command takes, before or after its name. */
export interface GlobalFlags {
  stack?: string;
  profile?: string;
  region?: string;
  settings?: string;
  json?: boolean;
  quiet?: boolean;
  verbose?: boolean;
  color?: boolean;
  yes?: boolean;
}

/** What a command works with. The modules behind it are loaded when it is first asked for them: `--help` needs none. */
export interface Session {
  readonly flags: GlobalFlags;
  readonly streams: Streams;
  readonly terminal: Terminal;
  readonly interrupt: Interrupt;
  readonly cloud: Cloud;
}

export async function settingsOf(session: Session): Promise<Settings> {
  const { loadSettings } = await import('../settings/load.ts');
  return loadSettings(session.flags, session.streams.env);
}

/** The pipeline of the settings' stack; a line says so when something else stands in for AWS. */
export async function openPipeline(
  session: Session,
  settings: Settings,
  options: { simulate?: { pace: number } } = {},
): Promise<{ pipeline: Pipeline; clock: Clock }> {
  const { terminal, interrupt, streams } = session;
  const opened = await session.cloud({
    settings,
    env: streams.env,
    signal: interrupt.signal,
    onCall: call => terminal.call(call),
    simulate: options.simulate,
    password: () => databasePassword(session, settings.database),
  });
  if (opened.pipeline.endpoint)
    terminal.warn(`${opened.pipeline.endpoint} stands in for AWS, because an AWS_ENDPOINT_URL is set.`);
  return opened;
}

/** The password of a database that the user already has. It is never in a file, a flag or an output. */
export async function databasePassword(session: Session, { user, host }: { user: string; host?: string }): Promise<string> {
  const { env } = session.streams;
  if (env.SALESREPORT_DATABASE_PASSWORD) return env.SALESREPORT_DATABASE_PASSWORD;
  if (session.terminal.isInteractive) return session.terminal.hidden(`Password of ${user} at ${host}: `);
  throw new Problem(
    'password-needed',
    `Set SALESREPORT_DATABASE_PASSWORD to the password of ${user} at ${host}, because there is no terminal to ask at.`,
    {
      exit: 'usage',
    },
  );
}

/** Throws Problem `confirmation-needed` where the command would have to ask and cannot: to be called before any call to AWS. */
export function verifyCanAsk(session: Session, what: string): void {
  if (session.flags.yes || session.terminal.isInteractive) return;
  throw new Problem(
    'confirmation-needed',
    `${what} asks before it changes anything, and there is no terminal to ask at: add --yes.`,
    { exit: 'usage' },
  );
}

export const declined = () => new Problem('declined', 'Nothing was changed.');
