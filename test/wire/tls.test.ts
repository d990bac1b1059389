import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Mariadb, startMariadb } from './helpers/mariadb.ts';
import { runProgram } from './helpers/salesreport.ts';
import { makeShop, shopLogin } from './helpers/shop.ts';

let mariadb: Mariadb;
const folder = mkdtempSync(join(tmpdir(), 'salesreport-tls-'));
const at = (name: string) => join(folder, name);
const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' });

/** An authority of our own, and a key with a certificate of it for each of these names. */
function certify(certificates: Record<string, string>): void {
  const subject = ['-subj', '/CN=salesreport test'];
  openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '2',
    ...subject,
    '-keyout',
    at('ca.key'),
    '-out',
    at('ca.pem'),
  );
  for (const [file, name] of Object.entries(certificates)) {
    openssl(
      'req',
      '-newkey',
      'rsa:2048',
      '-nodes',
      ...subject,
      '-keyout',
      at(`${file}.key`),
      '-out',
      at(`${file}.csr`),
    );
    writeFileSync(at(`${file}.ext`), `subjectAltName=${name}\n`);
    const signed = [
      '-CA',
      at('ca.pem'),
      '-CAkey',
      at('ca.key'),
      '-CAcreateserial',
      '-days',
      '2',
      '-extfile',
      at(`${file}.ext`),
    ];
    openssl('x509', '-req', '-in', at(`${file}.csr`), ...signed, '-out', at(`${file}.pem`));
    chmodSync(at(`${file}.key`), 0o644);
  }
}

beforeAll(async () => {
  chmodSync(folder, 0o755);
  certify({ right: 'DNS:localhost', wrong: 'DNS:db.example.com' });
  mariadb = await startMariadb();
  await makeShop(mariadb, 'shop');
});

afterAll(async () => {
  await mariadb?.stop();
  rmSync(folder, { recursive: true });
});

/** Starts the server anew with this certificate. */
async function serve(certificate: string | undefined): Promise<void> {
  const config = certificate
    ? `[mariadbd]\nssl_cert=${at(`${certificate}.pem`)}\nssl_key=${at(`${certificate}.key`)}\n`
    : '';
  writeFileSync(join(mariadb.configFolder, 'tls.cnf'), config);
  await mariadb.restart();
}

/** The preview of the shop's report over TLS, from a server with this certificate. */
async function preview(certificate: string | undefined, env: NodeJS.ProcessEnv = {}) {
  await serve(certificate);
  const { user, password } = shopLogin;
  const url = `mysql://${user}:${password}@localhost:${mariadb.port}/shop?tls=true`;
  return runProgram('http://127.0.0.1:1', ['run', '--dry-run', '--database-url', url], env);
}

test('an authority that is trusted and the right name', async () => {
  const { exit, stdout, stderr } = await preview('right', { NODE_EXTRA_CA_CERTS: at('ca.pem') });
  expect(exit, stderr).toBe(0);
  expect(stdout).toContain(': no sales were recorded.');
});

test('the settings ask for TLS as a URL does', async () => {
  await serve('right');
  const { user, password } = shopLogin;
  const settings = (tls: boolean) => {
    const file = at(`tls-${tls}.yaml`);
    writeFileSync(
      file,
      `database:\n  host: localhost\n  port: ${mariadb.port}\n  name: shop\n  user: ${user}\n  tls: ${tls}\n`,
    );
    return ['run', '--dry-run', '--settings', file];
  };
  const env = { SALESREPORT_DATABASE_PASSWORD: password };
  const trusted = await runProgram('http://127.0.0.1:1', settings(true), { ...env, NODE_EXTRA_CA_CERTS: at('ca.pem') });
  expect(trusted.exit, trusted.stderr).toBe(0);
  const stranger = await runProgram('http://127.0.0.1:1', settings(true), env);
  expect(stranger.stderr).toMatch(/certificate of the database at localhost cannot be trusted/);
  expect((await runProgram('http://127.0.0.1:1', settings(false), env)).exit).toBe(0);
});

test.each([
  ['an authority that nobody knows', 'right', {}, /certificate of the database at localhost cannot be trusted/],
  ['another name', 'wrong', { NODE_EXTRA_CA_CERTS: at('ca.pem') }, /cannot be trusted \(.*\): it must name localhost/],
  ['no TLS at all', undefined, {}, /The database at localhost has no TLS: turn it on there, or set tls to false\./],
])('%s is refused', async (_what, certificate, env, sentence) => {
  const { exit, stdout, stderr } = await preview(certificate, env);
  expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
  expect(stderr).toMatch(sentence);
  expect(stderr).not.toContain(shopLogin.password);
});
