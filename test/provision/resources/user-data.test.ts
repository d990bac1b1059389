import { describe, expect, it } from 'vitest';
import { namesOf } from '../../../src/provision/names.ts';
import { clientRange, cliHostUserData, databaseHostUserData } from '../../../src/provision/resources/user-data.ts';
import { schema } from '../../../src/settings/schema.ts';

/** EC2 takes 16 KB of user-data, before base64 (EC2 user guide, "Run commands at launch"). */
const limit = 16_384;

const userData = (settings: object = {}, region = 'eu-west-1'): string => {
  const parsed = schema.parse(settings);
  return databaseHostUserData({ region, settings: parsed, names: namesOf(parsed.stack) });
};

const longest = {
  stack: `s${'x'.repeat(18)}`,
  network: { cidr: '100.127.128.0/17' },
  database: { name: `n${'_'.repeat(62)}`, user: `u${'x'.repeat(62)}`, seed: 'cafe' },
};

describe('user-data of the database host', () => {
  it('fits into what EC2 takes with the longest settings, with 4 KB to spare', () => {
    expect(Buffer.byteLength(userData(longest, 'ap-southeast-1'))).toBeLessThan(limit - 4096);
  });

  it('ends each of its texts where it is meant to end', () => {
    const lines = userData().split('\n');
    for (const end of ['END-OF-SET-UP', 'END-OF-UNIT']) expect(lines.filter(line => line === end)).toHaveLength(1);
    expect(lines.filter(line => line === 'END-OF-SQL')).toHaveLength(
      lines.filter(line => /<<'?END-OF-SQL/.test(line)).length,
    );
  });

  it('holds the data of the café unless no data is wanted', () => {
    expect(userData()).toContain('Crème Brûlée');
    expect(userData()).toContain('CREATE EVENT IF NOT EXISTS');
    const bare = userData({ database: { seed: 'none' } });
    expect(bare).not.toContain('INSERT');
    expect(bare).toContain('CREATE TABLE IF NOT EXISTS `order`');
  });

  it('grants on the very schema, in whose name _ stands for itself', () => {
    expect(userData({ database: { name: 'my_shop' } })).toContain(
      "GRANT SELECT ON \\`my\\_shop\\`.* TO 'salesreport'@'10.0.0.0/255.255.0.0';",
    );
  });

  it('is the same each time', () => {
    expect(userData(longest)).toBe(userData(longest));
  });
});

describe('user-data of the administration host', () => {
  it('installs the client and no server', () => {
    expect(cliHostUserData()).toContain('dnf install -y -q mariadb1011\n');
    expect(cliHostUserData()).not.toContain('mariadb1011-server');
  });
});

describe('clientRange', () => {
  it.each([
    ['10.0.0.0/16', '10.0.0.0/255.255.0.0'],
    ['172.16.128.0/17', '172.16.128.0/255.255.128.0'],
    ['192.168.4.0/22', '192.168.4.0/255.255.252.0'],
    ['100.64.0.16/28', '100.64.0.16/255.255.255.240'],
  ])('%s is %s to MariaDB', (cidr, range) => {
    expect(clientRange(cidr)).toBe(range);
  });
});
