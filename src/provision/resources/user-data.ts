import cafe from '../../../database/cafe.sql';
import schema from '../../../database/schema.sql';
import type { Stack } from '../stack.ts';
import { passwordParameter } from './role-policies.ts';

/**
 * What a host runs at its first start: it installs a systemd unit that sets the host up, and tries again every 15 s
 * until it is done. Each step may be repeated, and says on the console how it went. No secret stands in it: user-data
 * can be read by anyone who may describe the instance.
 *
 * The start does not wait for the unit: cloud-init runs this script within the boot that the unit is a part of.
 */
const unit = (setUp: string): string => `#!/bin/bash
set -eu
install -d -m 755 /opt/salesreport
cat >/opt/salesreport/set-up <<'END-OF-SET-UP'
${setUp}END-OF-SET-UP
chmod 755 /opt/salesreport/set-up
cat >/etc/systemd/system/salesreport.service <<'END-OF-UNIT'
[Unit]
Description=Set-up of the sales report host
Wants=network-online.target
After=network-online.target
StartLimitIntervalSec=0
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/opt/salesreport/set-up
TimeoutStartSec=15min
Restart=on-failure
RestartSec=15
[Install]
WantedBy=multi-user.target
END-OF-UNIT
systemctl daemon-reload
systemctl enable --now --no-block salesreport.service
`;

/** Begins a set-up: names its steps, and tells the console when one fails. */
const steps = `#!/bin/bash
set -euo pipefail
step=begin
trap 'echo "SALESREPORT FAILED $step" >/dev/console' ERR
`;

const ready = 'echo "SALESREPORT READY" >/dev/console\n';

/** A text in single quotes for the shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** `10.0.0.0/16` as MariaDB names a range of client addresses: `10.0.0.0/255.255.0.0`. */
export function clientRange(cidr: string): string {
  const [address = '', prefix = ''] = cidr.split('/');
  const mask = (0xffffffff << (32 - Number(prefix))) >>> 0;
  return `${address}/${[24, 16, 8, 0].map(shift => (mask >>> shift) & 255).join('.')}`;
}

/**
 * User-data of the database host: MariaDB 10.11 with the shop's schema, its first data, and a SQL user that can only
 * SELECT. Under 16 KB.
 */
export function databaseHostUserData(stack: Pick<Stack, 'region' | 'settings' | 'names'>): string {
  const { region, settings } = stack;
  const { name, user, seed } = settings.database;
  const client = `'${user}'@'${clientRange(settings.network.cidr)}'`;
  // Where a privilege is granted, `_` in a schema's name stands for any character unless a backslash precedes it.
  const shop = name.replaceAll('_', '\\_');
  const data = `
step=data
mariadb ${name} <<'END-OF-SQL'
${cafe}
END-OF-SQL
`;
  return unit(`${steps}
step=packages
rpm -q mariadb1011-server >/dev/null || dnf install -y -q mariadb1011-server

step=secret
password=$(aws ssm get-parameter --region ${region} --name ${quoted(passwordParameter(stack))} --with-decryption --query Parameter.Value --output text)

step=server
cat >/etc/my.cnf.d/zz-salesreport.cnf <<'END'
[mariadbd]
bind-address=0.0.0.0
skip-name-resolve=ON
local-infile=OFF
event-scheduler=ON
default-time-zone=+00:00
character-set-server=utf8mb4
collation-server=utf8mb4_general_ci
END
systemctl enable mariadb
systemctl restart mariadb

# As they are installed, nameless users may log in, and everybody may use the schemas test and test_*.
step=schema
mariadb <<'END-OF-SQL'
DELETE FROM mysql.global_priv WHERE User = '';
DELETE FROM mysql.db WHERE User IN ('', 'PUBLIC') AND Db LIKE 'test%';
FLUSH PRIVILEGES;
CREATE DATABASE IF NOT EXISTS \`${name}\`;
END-OF-SQL
mariadb ${name} <<'END-OF-SQL'
${schema}
END-OF-SQL
${seed === 'cafe' ? data : ''}
step=user
escaped=$(printf %s "$password" | sed -e 's/\\\\/\\\\\\\\/g' -e "s/'/''/g")
mariadb <<END-OF-SQL
CREATE USER IF NOT EXISTS ${client} IDENTIFIED BY '$escaped';
ALTER USER ${client} IDENTIFIED BY '$escaped';
REVOKE ALL PRIVILEGES, GRANT OPTION FROM ${client};
GRANT SELECT ON \\\`${shop}\\\`.* TO ${client};
END-OF-SQL

${ready}`);
}

/** User-data of the administration host: the MariaDB client. */
export const cliHostUserData = (): string =>
  unit(`${steps}
step=packages
rpm -q mariadb1011 >/dev/null || dnf install -y -q mariadb1011

${ready}`);
