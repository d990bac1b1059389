import { z } from 'zod';
import { type CheckRule, checkRules, firmChecks } from '../check-limits.ts';
import { schema } from './schema.ts';

/** As much of JSON Schema as our schema uses. */
interface Node {
  type?: string;
  description?: string;
  default?: unknown;
  enum?: string[];
  minimum?: number;
  maximum?: number;
  pattern?: string;
  anyOf?: Node[];
  properties?: Record<string, Node>;
  patternProperties?: Record<string, Node>;
}

/** docs/reference/settings.schema.json, for editors. */
export function buildJsonSchema(): string {
  const { $schema, ...rest } = z.toJSONSchema(schema, {
    io: 'input',
    override: ({ jsonSchema }) => allowWholeNames(jsonSchema as Node),
  });
  return `${JSON.stringify({ $schema, title: 'salesreport.yaml', ...rest }, null, 2)}\n`;
}

/** A setting may also stand outside its section, by its whole name. */
function allowWholeNames(node: Node): void {
  const sections = Object.entries(node.properties ?? {}).filter(([, inner]) => inner.properties !== undefined);
  if (sections.length === 0) return;
  const names = sections.map(([name]) => name.replaceAll('.', '\\.')).join('|');
  node.patternProperties = { [`^(${names})\\.`]: {} };
}

/** docs/reference/settings.md. */
export function buildSettingsPage(): string {
  const root = z.toJSONSchema(schema, { io: 'input' }) as Node;
  return `<!-- Made from src/settings/schema.ts by npm run docs. -->

# Settings

Every setting has a default, so no file is needed. To change one, write it into \`salesreport.yaml\`, or into another file that \`--settings\` names:

\`\`\`yaml
# yaml-language-server: $schema=./node_modules/salesreport/docs/reference/settings.schema.json
stack: salesreport
region: eu-west-1
schedule: cron(0 18 ? * MON-SAT *)
timezone: Europe/Berlin
currency: EUR
\`\`\`

A setting can stand in its section or be written by its whole name, as messages name it: \`network.adminCidr: none\` is the same as \`adminCidr: none\` in
\`network\`, and \`day.zero.warn\` in \`checks\` the same as \`warn\` in \`day.zero\`.

A flag wins over the environment, the environment over the file, the file over the default.

| setting | flag | environment |
|---|---|---|
| \`stack\` | \`--stack\` | \`SALESREPORT_STACK\` |
| \`region\` | \`--region\` | \`AWS_REGION\`, \`AWS_DEFAULT_REGION\` |
| \`profile\` | \`--profile\` | \`AWS_PROFILE\` |

Two things are never in a file, because they are or hold a password: \`SALESREPORT_DATABASE_PASSWORD\` is the password of \`database.host\` when you
provision, and \`SALESREPORT_DATABASE_URL\` (or \`--database-url\`) is the database for \`salesreport run --dry-run\`.

${sectionsOf(root, '')
  .map(
    ({ name, rows }) =>
      `## ${name === '' ? 'The pipeline' : `\`${name}\``}\n\n| setting | default | takes | |\n|---|---|---|---|\n${rows.join('\n')}\n`,
  )
  .join('\n')}`;
}

function sectionsOf(node: Node, path: string): { name: string; rows: string[] }[] {
  // Each check is a section of two settings, which stand better in the section of all of them.
  const entries = Object.entries(node.properties ?? {}).flatMap(([key, inner]) =>
    key.includes('.')
      ? Object.entries(inner.properties!).map(([last, limit]) => [`${key}.${last}`, limit] as const)
      : [[key, inner] as const],
  );
  const isSection = (inner: Node) => inner.properties !== undefined;
  const name = (key: string) => (path === '' ? key : `${path}.${key}`);
  const rows = entries
    .filter(([, inner]) => !isSection(inner))
    .map(([key, inner]) => `| \`${key}\` | ${defaultOf(inner)} | ${takesOf(inner)} | ${inner.description} |`);
  return [
    { name: path, rows },
    ...entries.filter(([, inner]) => isSection(inner)).flatMap(([key, inner]) => sectionsOf(inner, name(key))),
  ];
}

function defaultOf({ default: value }: Node): string {
  if (value === undefined || ['{}', '[]'].includes(JSON.stringify(value))) return 'none';
  return `\`${value}\``;
}

function takesOf({ type, enum: values, minimum, maximum, pattern, anyOf }: Node): string {
  if (anyOf)
    return anyOf.some(one => one.pattern?.includes('%')) ? 'a count, a percentage, `never`' : 'a count, `never`';
  if (pattern?.includes('h|never')) return 'hours, `never`';
  if (values) return values.map(value => `\`${value}\``).join(', ');
  if (type === 'boolean') return '`true`, `false`';
  if (type === 'object') return 'names and values';
  if (type === 'integer') return minimum !== undefined && minimum > 0 ? `${minimum} to ${maximum}` : 'a number';
  return 'text';
}

/** docs/reference/checks.md. */
export function buildChecksPage(): string {
  const firm = Object.entries(firmChecks).map(([id, tests]) => `| \`${id}\` | ${tests} | | always blocks |`);
  const ruled = (Object.entries(checkRules) as [string, CheckRule][]).map(([id, rule]) => {
    const { tests, warn, block = 'never', hold } = rule;
    const acts = hold === undefined ? blockWords(block) : `holds above ${hold}`;
    return `| \`${id}\` | ${tests} | ${warn === 'never' ? 'never' : `above ${warn}`} | ${acts}${rule.percentOf && String(block).endsWith('%') ? ` of ${rule.percentOf}` : ''} |`;
  });
  return `<!-- Made from src/check-limits.ts by npm run docs. -->

# Checks of the data

Before a report is sent its data are checked. \`salesreport check\` runs the same checks alone, and \`salesreport check --explain\` shows how the database finds
what they need.

- **warns**: the report is sent, with a notice before the numbers.
- **blocks**: it goes to nobody. \`salesreport run --send-anyway --reason "…"\` sends it all the same.
- **holds**: it waits for its data, at most \`report.holdHours\`; then it is sent, marked INCOMPLETE.

A check that could not run itself warns, as \`error\`. A check acts on more than its limit: above 0 is one or more. Limits are settings, each by the name of its
check, as [settings](settings.md#checks) lists them:

\`\`\`yaml
checks:
  order.amount.null: { warn: 5, block: 2% }
  data.fresh: { hold: 6h }
  product.orphan.group: { warn: never }
\`\`\`

| check | what it finds | warns | |
|---|---|---|---|
${[...firm, ...ruled].join('\n')}

Hours are open hours. The shop is open in an hour that had orders at the same time in each of the four weeks before, and not on a day in \`report.closed\`.
Until it is four weeks old it has none. \`day.zero\` looks at the whole window in those weeks: of a time in which most of them had no order, none are missed.
`;
}

const blockWords = (block: unknown): string => (block === 'never' ? 'never blocks' : `blocks above ${block}`);
