import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { Mariadb } from './mariadb.ts';

/** What may go wrong once, and then not again: a command, or the SQL that holds this text (half of it still runs). */
export type Fault = 'dnf' | 'aws' | 'systemctl restart' | { sql: string };

export interface Run {
  exitCode: number | null;
  /** What the host's console shows. */
  console: string;
  /** What the host's log shows. */
  log: string;
  /** Each command that stood for a real one, with its arguments. */
  commands: string[];
  /** Every file that the run left in /etc and /opt, by its path. */
  files: Record<string, string>;
}

/**
 * Runs user-data as cloud-init does, whole and unchanged: `bash`, as root. It sees its own empty /opt and a small /etc
 * and /dev, in a mount namespace, so that this machine's stay as they are. Commands stand for what a host has and this
 * machine has not:
 * - `rpm` knows no package, `dnf` installs nothing;
 * - `aws ssm get-parameter` prints the password;
 * - `systemctl` restarts the given server, which reads /etc/my.cnf.d, and runs the unit's ExecStart until it succeeds,
 *   ten times at most, at once;
 * - `mariadb` is this machine's client, as long as no fault is due.
 */
export async function runUserData(
  userData: string,
  options: { mariadb: Mariadb; password: string; faults?: Fault[] },
): Promise<Run> {
  const { mariadb, password, faults = [] } = options;
  const folder = mkdtempSync(join(tmpdir(), 'salesreport-host-'));
  const at = (name: string) => join(folder, name);
  const supervisor = createServer(socket =>
    socket.once('data', () =>
      mariadb.restart().then(
        () => socket.end('done\n'),
        error => socket.end(`${error}\n`),
      ),
    ),
  );
  try {
    await new Promise<void>(resolve => supervisor.listen(0, '127.0.0.1', resolve));
    const { port } = supervisor.address() as { port: number };

    for (const name of ['etc/my.cnf.d', 'etc/mysql', 'etc/systemd/system', 'opt', 'dev', 'bin', 'faults'])
      mkdirSync(at(name), { recursive: true });
    const config = `[client]\nsocket=${mariadb.socket}\n!includedir /etc/my.cnf.d\n`;
    for (const name of ['etc/my.cnf', 'etc/mysql/my.cnf']) writeFileSync(at(name), config);
    for (const name of ['console', 'commands']) writeFileSync(at(name), '');
    writeFileSync(at('password'), `${password}\n`);
    writeFileSync(at('user-data'), userData);
    faults.forEach((fault, index) => {
      writeFileSync(at(`faults/${index}`), typeof fault === 'string' ? fault : fault.sql);
    });
    for (const [name, body] of Object.entries(commands(folder, port))) {
      writeFileSync(at(`bin/${name}`), `#!/bin/bash\n${body}`);
      chmodSync(at(`bin/${name}`), 0o755);
    }
    writeFileSync(at('host'), host(folder, mariadb.configFolder));

    const namespace = userInfo().uid === 0 ? ['--mount'] : ['--mount', '--map-root-user'];
    const child = spawn('unshare', [...namespace, 'bash', at('host')], {
      env: { PATH: `${at('bin')}:/usr/sbin:/usr/bin:/sbin:/bin` },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const log: Buffer[] = [];
    child.stdout.on('data', chunk => log.push(chunk));
    child.stderr.on('data', chunk => log.push(chunk));
    const exitCode = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', resolve);
    });
    return {
      exitCode,
      console: readFileSync(at('console'), 'utf8'),
      log: Buffer.concat(log).toString(),
      commands: readFileSync(at('commands'), 'utf8').split('\n').slice(0, -1),
      files: {
        ...filesOf(at('etc'), '/etc'),
        ...filesOf(at('opt'), '/opt'),
        ...filesOf(mariadb.configFolder, '/etc/my.cnf.d'),
      },
    };
  } finally {
    await new Promise(resolve => supervisor.close(resolve));
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Puts the host's folders over this machine's, for itself and what it starts alone, and runs the user-data. The console
 * is a pipe, since a file would be cut short by each `>`.
 */
const host = (folder: string, configFolder: string) => `set -e
mount --bind ${configFolder} ${folder}/etc/my.cnf.d
for device in null zero random urandom; do
  touch ${folder}/dev/$device
  mount --bind /dev/$device ${folder}/dev/$device
done
cp /etc/passwd /etc/group /etc/ld.so.cache ${folder}/etc/
mkfifo ${folder}/dev/console
for name in etc opt dev; do mount --rbind ${folder}/$name /$name; done
cat /dev/console >${folder}/console &
exec 9>/dev/console
status=0
bash ${folder}/user-data || status=$?
exec 9>&-
wait
exit $status
`;

function commands(folder: string, port: number): Record<string, string> {
  const note = `echo "$(basename "$0") $*" >>${folder}/commands\n`;
  /** Fails when a fault of this name is left, and takes it away. */
  const fault = (name: string) => `for fault in ${folder}/faults/*; do
  if [[ -e $fault && $(<"$fault") == "${name}" ]]; then rm "$fault"; exit 1; fi
done
`;
  return {
    rpm: `${note}exit 1\n`,
    dnf: note + fault('dnf'),
    aws: `${note}${fault('aws')}cat ${folder}/password\n`,
    systemctl: `${note}case "$*" in
  daemon-reload | 'enable mariadb') ;;
  'restart mariadb')
    ${fault('systemctl restart')}exec 3<>/dev/tcp/127.0.0.1/${port}
    echo restart >&3
    read -r answer <&3
    [[ $answer == done ]] || { echo "$answer" >&2; exit 1; } ;;
  'enable --now --no-block salesreport.service')
    program=$(sed -n 's/^ExecStart=//p' /etc/systemd/system/salesreport.service)
    for _ in $(seq 10); do "$program" && exit; done
    exit 1 ;;
  *) echo "systemctl $* is not expected" >&2; exit 1 ;;
esac
`,
    mariadb: `${note}sql=$(cat)
for fault in ${folder}/faults/*; do
  if [[ -e $fault && $sql == *"$(<"$fault")"* ]]; then
    rm "$fault"
    head -c $((\${#sql} / 2)) <<<"$sql" | /usr/bin/mariadb "$@"
    exit 1
  fi
done
/usr/bin/mariadb "$@" <<<"$sql"
`,
  };
}

function filesOf(folder: string, name: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile());
  return Object.fromEntries(
    entries.map(entry => {
      const path = join(entry.parentPath, entry.name);
      return [path.replace(folder, name), readFileSync(path, 'utf8')];
    }),
  );
}
