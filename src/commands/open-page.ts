import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Problem } from '../problem.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { isTooManyFiles } from '../too-many-files.ts';
import { fileNameOf, writeOutput } from './output-file.ts';

/** Where a program to open a page with is looked for. */
interface Place {
  env: NodeJS.ProcessEnv;
  platform: NodeJS.Platform;
}

/**
 * The program that shows a file, and its arguments: $BROWSER, which may be a list and hold flags, and else the
 * platform's own. Undefined where nothing could show it: on a machine without a display.
 */
export function openerOf(file: string, { env, platform }: Place): [string, ...string[]] | undefined {
  const browser = env.BROWSER?.split(':').find(Boolean);
  if (browser) {
    const [program = '', ...flags] = browser.trim().split(/\s+/);
    return flags.some(flag => flag.includes('%s'))
      ? [program, ...flags.map(flag => flag.replaceAll('%s', file))]
      : [program, ...flags, file];
  }
  if (platform === 'darwin') return ['open', file];
  // What cmd's `start` does, without a shell that would read the path.
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', file];
  return env.DISPLAY || env.WAYLAND_DISPLAY ? ['xdg-open', file] : undefined;
}

/**
 * Where programs, their settings and the display are, on each platform. Whatever else is set may be a secret of a shop
 * or of AWS.
 */
const needed =
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_\w+|TZ|TMPDIR|BROWSER|DISPLAY|WAYLAND_\w+|XAUTHORITY|XDG_\w+|DBUS_SESSION_BUS_ADDRESS|DESKTOP_SESSION|GNOME_DESKTOP_SESSION_ID|KDE_FULL_SESSION|KDE_SESSION_VERSION|MATE_DESKTOP_SESSION_ID|WSL_\w+|WSLENV|__CF_USER_TEXT_ENCODING|SYSTEMROOT|SYSTEMDRIVE|WINDIR|COMSPEC|PATHEXT|TEMP|TMP|USERPROFILE|USERNAME|HOMEDRIVE|HOMEPATH|APPDATA|LOCALAPPDATA|PROGRAMDATA|PROGRAMFILES(\(X86\))?)$/;

/** What of an environment a browser needs. */
const browserEnv = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(env).filter(([name]) => needed.test(process.platform === 'win32' ? name.toUpperCase() : name)),
  );

/**
 * Writes a page into a folder of its own below the system's temporary one, and has it shown. Says where it is, and how
 * to see it where nothing here can show it. Returns the file's path. Throws Problem `out` where it cannot be written.
 */
export async function openPage(
  html: string,
  name: string,
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const file = await written(html, `${fileNameOf(name)}.html`);
  const opener = openerOf(file, { env, platform: process.platform });
  if (opener && (await started(opener, browserEnv(env)))) terminal.note(`Opened ${file}.`);
  else
    terminal.note(
      `The page is ${file}: open it in a browser, or name one in $BROWSER, since none could be started here.`,
    );
  return file;
}

async function written(html: string, name: string): Promise<string> {
  try {
    const file = join(await mkdtemp(join(tmpdir(), 'salesreport-')), name);
    await writeOutput(file, html);
    return file;
  } catch (cause) {
    if (isTooManyFiles(cause)) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    throw new Problem('out', `The page cannot be written into ${tmpdir()} (${code}): name a file for it with --out.`, {
      cause,
    });
  }
}

/** Whether the program could be started. It goes on by itself. */
async function started([program, ...args]: [string, ...string[]], env: NodeJS.ProcessEnv): Promise<boolean> {
  const child = spawn(program, args, { detached: true, stdio: 'ignore', env });
  try {
    await once(child, 'spawn');
    child.unref();
    return true;
  } catch {
    return false;
  }
}
