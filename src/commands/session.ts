import { Option } from 'commander';
import type { Clock } from '../clock.ts';
import { Problem } from '../problem.ts';
import type { Wait } from '../provision/aws/watch.ts';
import type { Pipeline } from '../provision/pipeline.ts';
import type { LoadedSettings } from '../settings/load.ts';
import type { Settings } from '../settings/settings.ts';
import { noteProfile } from '../suggest.ts';
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
  allowHttpEndpoint?: boolean;
}

/** What a command works with. The modules behind it are loaded when it is first asked for them: `--help` needs none. */
export interface Session {
  readonly flags: GlobalFlags;
  readonly streams: Streams;
  readonly terminal: Terminal;
  readonly interrupt: Interrupt;
  readonly cloud: Cloud;
}

/** The settings of the file, or the defaults where there is none. Asks AWS nothing. */
export async function settingsOf(session: Session): Promise<LoadedSettings> {
  const { loadSettings } = await import('../settings/load.ts');
  const loaded = await loadSettings(session.flags, session.streams.env);
  const { profile } = loaded.settings;
  noteProfile(profile === session.streams.env.AWS_PROFILE ? undefined : profile);
  return loaded;
}

/** A pipeline, and the clock that it lives by. */
export interface Opened extends LoadedSettings {
  pipeline: Pipeline;
  clock: Clock;
  /**
   * The password of the settings' database, asked for once: before any progress where the plan says that it is needed.
   */
  password: (settings: Settings) => Promise<string>;
}

/** The pipeline of the settings' stack; a line says what stands in for AWS. */
export async function openPipeline(
  session: Session,
  loaded: LoadedSettings,
  options: { simulate?: { pace: number } } = {},
): Promise<Opened> {
  const { terminal, interrupt, streams } = session;
  let asked: Promise<string> | undefined;
  const password = ({ database }: Settings) => {
    asked ??= databasePassword(session, database);
    return asked;
  };
  const opened = await session.cloud({
    settings: loaded.settings,
    given: loaded.given,
    env: streams.env,
    signal: interrupt.signal,
    onCall: call => terminal.call(call),
    onWait: wait => terminal.note(waitWords(wait)),
    isAsking: () => terminal.isAsking,
    simulate: options.simulate,
    password,
    mfaCode: terminal.isInteractive ? device => mfaCode(session, device) : undefined,
    allowHttpEndpoint: session.flags.allowHttpEndpoint,
  });
  for (const { url, services, origin } of opened.pipeline.standIns) {
    const what = services.length === 0 ? 'AWS' : `AWS's ${services.join(', ')}`;
    terminal.warn(`${url} stands in for ${what}, because of ${origin}.`);
  }
  return { ...opened, ...loaded, password };
}

/**
 * The pipeline of a stack that may stand: without a settings file it is opened by what its last provision was given,
 * which a line says, and by the defaults only where no record of that is to be had. `ignoresRecord`: by the defaults in
 * any case.
 */
export async function openStack(session: Session, options: { ignoresRecord?: boolean } = {}): Promise<Opened> {
  const loaded = await settingsOf(session);
  const opened = await openPipeline(session, loaded);
  if (loaded.from.kind !== 'defaults' || options.ignoresRecord) return opened;
  const record = await opened.pipeline.deployed();
  if (!record) return opened;
  const { recordFile, recordName } = await import('../provision/resources/settings-record.ts');
  const unusable = (why: string): Opened => {
    session.terminal.warn(`${recordName} ${why}: the defaults are used. Name a settings file with --settings.`);
    return { ...opened, from: { kind: 'defaults', why } };
  };
  if ('damaged' in record) return unusable(record.damaged);
  if ('hidden' in record) return unusable(`cannot be read (${record.hidden.replace(/\.$/, '')})`);
  try {
    const { loadSettings } = await import('../settings/load.ts');
    const { settings, given, from } = await loadSettings(session.flags, session.streams.env, recordFile(record));
    session.terminal.note(
      `There is no salesreport.yaml here: the settings are those of the last provision of stack ${settings.stack}, by salesreport ${record.tool}.`,
    );
    return { ...opened, pipeline: opened.pipeline.settled(settings, given), settings, given, from };
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'settings') throw error;
    return unusable(`cannot be used (${error.message.replace(/\.$/, '')})`);
  }
}

/** The six digits that an MFA device shows. */
async function mfaCode({ terminal }: Session, device: string): Promise<string> {
  for (;;) {
    const code = (await terminal.hidden(`MFA code of ${device}: `)).replaceAll(' ', '');
    if (/^\d{6}$/.test(code)) return code;
    terminal.warn('An MFA code has six digits.');
  }
}

/** `AWS has not answered ec2:DescribeVpcs and 3 other calls for 20 s.` */
const waitWords = ({ operation, seconds, others }: Wait): string => {
  const more = others === 0 ? '' : ` and ${others} other call${others === 1 ? '' : 's'}`;
  return `AWS has not answered ${operation}${more} for ${seconds} s; still waiting.`;
};

export const passwordVariable = 'SALESREPORT_DATABASE_PASSWORD';

/**
 * The password of a database that the user already has. It is never in a file, a flag or an output. Throws Problem
 * `password-empty` for an empty variable, and `password-needed` where there is neither a variable nor a terminal.
 */
export async function databasePassword(
  { streams: { env }, terminal }: Session,
  { user, host }: { user: string; host?: string | undefined },
  what = 'Password',
): Promise<string> {
  const place = host === undefined ? user : `${user} at ${host}`;
  const given = env[passwordVariable];
  if (given) return given;
  if (given === '')
    throw new Problem(
      'password-empty',
      `${passwordVariable} is empty: set it to the password of ${place}, or unset it to be asked at a terminal.`,
      { exit: 'usage' },
    );
  if (!terminal.isInteractive)
    throw new Problem(
      'password-needed',
      `Set ${passwordVariable} to the password of ${place}, because there is no terminal to ask at.`,
      { exit: 'usage' },
    );
  for (;;) {
    const typed = await terminal.hidden(`${what} of ${place}: `);
    if (typed !== '') return typed;
    terminal.warn('A password cannot be empty.');
  }
}

/** Of a command that asks AWS beforehand whether it may do what it is to do. */
export const skipPermissionCheckOption = (): Option =>
  new Option('--skip-permission-check', 'skip the check of your AWS permissions');

/**
 * Throws Problem `confirmation-needed` where the command would have to ask and cannot: to be called before any call to
 * AWS.
 */
export function verifyCanAsk(session: Session, what: string): void {
  if (session.flags.yes || session.terminal.isInteractive) return;
  throw new Problem(
    'confirmation-needed',
    `${what} asks before it changes anything, and there is no terminal to ask at: add --yes.`,
    { exit: 'usage' },
  );
}

export const declined = () => new Problem('declined', 'Nothing was changed.');
