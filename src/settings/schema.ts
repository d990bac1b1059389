// As a namespace, so that the bundler can leave zod's translations out: they are half of it.
import * as z from 'zod';
import { type CheckRule, checkRules, type Limit, type Limits, type RuledCheck } from '../check-limits.ts';
import { isZone } from '../schedule/zone.ts';
import { isCidr, isPrivateCidr } from './cidr.ts';

/** CloudWatch Logs takes these and no other number of days: PutRetentionPolicy in its API reference. */
const retentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** What MariaDB takes without quoting; it stands in SQL, in user-data and in the function's environment. */
const identifier = /^[A-Za-z_][A-Za-z0-9_]{0,62}$/;

const text = (pattern: RegExp, must: string) => z.string(must).regex(pattern, must);
const whole = (from: number, to: number, unit: string) => {
  const must = `must be a whole number from ${from} to ${to}${unit && ` ${unit}`}`;
  return z.int(must).min(from, must).max(to, must);
};
const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, `must be ${listOr(values)}`);
const yesOrNo = () => z.boolean('must be true or false');
const subnet = () =>
  z
    .string('must be a CIDR such as 10.0.0.0/20')
    .refine(value => isPrivateCidr(value, 16, 28), 'must be a private IPv4 CIDR of /16 to /28, such as 10.0.0.0/20');

const zoneNames = () =>
  z.array(
    text(
      /^[a-z]{2,4}[a-z0-9-]{2,30}$/,
      'must be the name or id of an availability zone such as eu-west-1a or euw1-az1',
    ),
    'must be a list of availability zones such as [eu-west-1a, eu-west-1b]',
  );

function listOr(values: readonly string[]): string {
  return values.length === 1 ? values[0]! : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
}

const network = z.strictObject({
  cidr: subnet().default('10.0.0.0/16').describe('IPv4 range of the VPC.'),
  subnets: z
    .strictObject({
      publicA: subnet()
        .default('10.0.0.0/20')
        .describe('Public subnet in the first availability zone; the hosts are here.'),
      publicB: subnet().default('10.0.16.0/20').describe('Public subnet in the second availability zone.'),
      privateA: subnet()
        .default('10.0.128.0/20')
        .describe('Private subnet in the first availability zone; the function runs here.'),
      privateB: subnet()
        .default('10.0.144.0/20')
        .describe('Private subnet in the second availability zone; the function runs here too.'),
    })
    .prefault({}),
  zones: zoneNames()
    .length(2, 'must be two availability zones such as [eu-west-1a, eu-west-1b]')
    .optional()
    .describe(
      'The two availability zones of the subnets, by name or id. Without it: the first two that offer the instance type of the hosts. They are chosen when a subnet is made; one that is there stays where it is.',
    ),
  avoidZones: zoneNames()
    .optional()
    .describe('Availability zones to avoid, by name or id: the other way to choose them.'),
  adminCidr: z
    .string('must be auto, none or a CIDR such as 203.0.113.7/32')
    .refine(
      value => value === 'auto' || value === 'none' || isCidr(value),
      'must be auto, none or a CIDR such as 203.0.113.7/32',
    )
    .default('auto')
    .describe(
      'Who may reach the hosts by SSH. `auto` asks checkip.amazonaws.com for your address once, when the rule is first made; `none` makes no rule.',
    ),
  webPorts: yesOrNo().default(true).describe('Whether ports 80 and 443 of the hosts are open to the internet.'),
});

const hosts = z.strictObject({
  instanceType: text(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/, 'must be an EC2 instance type such as t4g.micro')
    .default('t4g.micro')
    .describe('EC2 instance type of both hosts.'),
  cli: yesOrNo()
    .optional()
    .describe(
      'Whether to create the administration host, `CLI Host`. Without it: only if the database host is created too.',
    ),
});

const database = z.strictObject({
  seed: oneOf(['cafe', 'none'])
    .default('cafe')
    .describe(
      "What the database host starts with: `cafe` is the sample café's products and sales, `none` is empty tables.",
    ),
  host: text(
    /^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/,
    'must be a host name or an address such as db.example.com',
  )
    .optional()
    .describe(
      'Host name or address of a database that you already have. With it no database host is made, and `name` and `user` are required.',
    ),
  port: whole(1, 65535, '').default(3306).describe('TCP port of the database.'),
  name: text(identifier, 'must be a schema name of letters, digits and underscores')
    .default('cafe')
    .describe('Schema that holds the tables of the shop.'),
  user: text(identifier, 'must be a user name of letters, digits and underscores')
    .default('salesreport')
    .describe('SQL user of the report. On a database host of the stack it is created and can only SELECT.'),
  timezone: z
    .string('must be an IANA time zone such as Europe/Berlin')
    .refine(isZone, 'must be an IANA time zone such as Europe/Berlin')
    .default('UTC')
    .describe(
      'IANA time zone of the times that the database stores without one, as DATETIME and DATE do; a TIMESTAMP is in UTC whatever it says.',
    ),
  tls: yesOrNo()
    .default(false)
    .describe('Whether the connection to the database is encrypted and its certificate verified.'),
  secret: oneOf(['parameter', 'env'])
    .default('parameter')
    .describe(
      "Where the function finds the password: `parameter` is an SSM SecureString, `env` puts it into the function's environment.",
    ),
  passwordParameter: text(
    /^\/[A-Za-z0-9_.-]+(\/[A-Za-z0-9_.-]+)*$/,
    'must be the name of an SSM parameter such as /shop/database/password',
  )
    .optional()
    .describe(
      'Name of an SSM SecureString of yours that holds the password of `database.host`; without it the tool makes one and asks for the password.',
    ),
});

const functionSettings = z.strictObject({
  memory: whole(128, 10240, 'MB').default(256).describe('Memory of the function, in MB.'),
  timeout: whole(10, 900, 'seconds').default(60).describe('How long one run may take, in seconds.'),
  architecture: oneOf(['arm64', 'x86_64']).default('arm64').describe('Processor of the function.'),
});

const logs = z.strictObject({
  retentionDays: z
    .int('must be a number of days that CloudWatch Logs takes')
    .refine(days => retentionDays.includes(days), `must be one of ${retentionDays.join(', ')} days`)
    .default(90)
    .describe("How long the function's log is kept, in days."),
});

const archive = z.strictObject({
  keepDays: whole(30, 36500, 'days')
    .optional()
    .describe('How long the archive keeps reports, in days. Without it: for ever. The ledger is always kept.'),
});

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

const report = z.strictObject({
  window: oneOf(['since-last-run', 'day'])
    .default('since-last-run')
    .describe(
      'What a report covers: `since-last-run` is the time since the report before, `day` the whole days that ended since then.',
    ),
  dayStart: text(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time such as 00:00 or 04:30, in quotes')
    .default('00:00')
    .describe("When the shop's day begins, in `timezone`. Used by `report.window: day`."),
  closed: z
    .array(
      z
        .string('must be a weekday or a date in quotes')
        .refine(
          day => weekdays.includes(day) || /^\d{4}-\d\d-\d\d$/.test(day),
          'must be a weekday such as sunday or a date such as "2026-12-25"',
        ),
      'must be a list of weekdays and dates such as [sunday, "2026-12-25"]',
    )
    .default([])
    .describe('Days on which the shop is closed: weekdays such as `sunday`, and dates. No sales are expected then.'),
  amountsInSubject: yesOrNo()
    .default(true)
    .describe('Whether the subject of the mail and the SMS show amounts, which others may see on a locked phone.'),
  holdHours: whole(0, 20, 'hours')
    .default(3)
    .describe('How long a report waits for late sales, in hours. Then it is sent, marked INCOMPLETE.'),
  query: z
    .string('must be a SELECT, or the name of a .sql file')
    .optional()
    .describe(
      "For a shop of another schema than the café's: a SELECT of its order lines, or the name of a `.sql` file beside the settings file that holds one; see [your own shop](../guide/your-shop.md).",
    ),
});

/** What a limit of a check can be; the check acts above it. */
function limit({ hours, percentOf }: CheckRule): z.ZodType<Limit, Limit> {
  const [pattern, takes] = hours
    ? [/^(\d+(\.\d+)?h|never)$/, 'hours such as 3h']
    : percentOf
      ? [/^(\d+(\.\d+)?%|never)$/, 'a count such as 0, a percentage such as 1%']
      : [/^never$/, 'a count such as 0'];
  const must = `must be ${takes} or never`;
  const words = z.string(must).regex(pattern, must);
  return hours ? words : z.union([z.int(must).min(0, must), words], must);
}

function limitsOf(rule: CheckRule): z.ZodType<Limits, Partial<Limits>> {
  const { warn, hold, block, percentOf } = rule;
  const share = percentOf ? `; % of ${percentOf}` : '';
  const acts = hold === undefined ? 'The report is blocked' : 'The report is held';
  const strict = limit(rule)
    .default(hold ?? block ?? 'never')
    .describe(`${acts} above this${share}.`);
  return z.strictObject({
    warn: limit(rule).default(warn).describe(`The report is sent with a notice above this${share}.`),
    ...(hold === undefined ? { block: strict } : { hold: strict }),
  });
}

const checks = z.strictObject(
  Object.fromEntries(Object.entries(checkRules).map(([id, rule]) => [id, limitsOf(rule).prefault({})])) as Record<
    RuledCheck,
    z.ZodPrefault<z.ZodType<Limits, Partial<Limits>>>
  >,
);

const iam = z.strictObject({
  path: text(/^\/([\x21-\x7e]{0,510}\/)?$/, 'must begin and end with a slash, such as /reports/')
    .default('/')
    .describe('IAM path of the roles and instance profiles.'),
  permissionsBoundary: text(/^arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/.+$/, 'must be the ARN of an IAM policy')
    .optional()
    .describe('ARN of an IAM policy that is set as the permissions boundary of each role.'),
});

const patience = z.strictObject({
  iam: whole(1, 900, 'seconds')
    .default(300)
    .describe(
      'How long to wait for a new role or instance profile to propagate, in seconds. It usually takes seconds, at worst 15 minutes.',
    ),
});

/**
 * Everything that can be set, with its default and its words: validation, types, docs/reference/settings.md and
 * docs/reference/settings.schema.json all come from here. What concerns more than one setting is in relations.ts.
 */
export const schema = z.strictObject({
  stack: text(
    /^[a-z](?:[a-z0-9-]{0,17}[a-z0-9])?$/,
    'must be 1 to 19 lower-case letters, digits and hyphens, begin with a letter and not end with a hyphen',
  )
    .default('salesreport')
    .describe(
      'Name of the pipeline. Two stacks live side by side in one account and region; any other name than `salesreport` is appended to the names of AWS resources.',
    ),
  region: text(/^[a-z]{2,4}(-[a-z]+)+-\d$/, 'must be an AWS region such as eu-west-1')
    .optional()
    .describe('AWS region. Without it, the region of the AWS profile.'),
  profile: text(/^.+$/, 'must be the name of an AWS profile')
    .optional()
    .describe('AWS profile whose credentials are used.'),
  schedule: z
    .string('must be an AWS schedule such as cron(0 16 ? * MON-SAT *)')
    .default('cron(0 16 ? * MON-SAT *)')
    .describe(
      'When the report is sent: `cron(minutes hours day-of-month month day-of-week year)` or `rate(value unit)` as AWS writes them.',
    ),
  timezone: z
    .string('must be an IANA time zone such as Europe/Berlin')
    .refine(isZone, 'must be an IANA time zone such as Europe/Berlin')
    .default('UTC')
    .describe(
      'IANA time zone of the schedule. `UTC` makes an EventBridge rule; any other zone uses EventBridge Scheduler, which follows its summer time.',
    ),
  currency: z
    .string('must be an ISO 4217 code such as EUR')
    .refine(code => Intl.supportedValuesOf('currency').includes(code), 'must be an ISO 4217 code such as EUR')
    .optional()
    .describe('ISO 4217 code of the amounts. Without it amounts carry no symbol.'),
  locale: z
    .string('must be a locale such as en-GB')
    .refine(isLocale, 'must be a locale that Node.js knows, such as en-GB')
    .default('en-US')
    .describe('Formats numbers and dates of the report; its text is English.'),
  // What every tagged service takes: EC2 keys of at most 127 characters, EventBridge Scheduler values of at least one,
  // IAM no two keys that differ by case only.
  tags: z
    .record(
      z
        .string()
        .regex(
          /^(?!aws:|salesreport:)[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,127}$/iu,
          'must be 1 to 127 letters, digits and _.:/=+-@, and not begin with aws: or salesreport:',
        ),
      z
        .string('must be text; put quotes around it')
        .regex(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,256}$/u, 'must be 1 to 256 letters, digits and _.:/=+-@'),
      'must be names and values such as team: sales',
    )
    .refine(
      tags => new Set(Object.keys(tags).map(key => key.toLowerCase())).size === Object.keys(tags).length,
      'must not hold two names that differ by case only, because IAM takes them for one',
    )
    // The VPC has most of the tool's own: its name, 4 of the owner, 2 of images, 6 of what is made with a ClientToken.
    .refine(
      tags => Object.keys(tags).length <= 37,
      'must be at most 37 tags, because AWS takes 50 and the tool adds its own',
    )
    .default({})
    .describe('Your own tags for every resource. A tag that you take out is removed where the last provision set it.'),
  network: network.prefault({}),
  hosts: hosts.prefault({}),
  database: database.prefault({}),
  report: report.prefault({}),
  archive: archive.prefault({}),
  checks: checks.prefault({}),
  function: functionSettings.prefault({}),
  logs: logs.prefault({}),
  iam: iam.prefault({}),
  patience: patience.prefault({}),
});

function isLocale(value: string): boolean {
  try {
    return Intl.NumberFormat.supportedLocalesOf(value).length === 1;
  } catch {
    return false;
  }
}
