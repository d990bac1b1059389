import { z } from 'zod';
import { schema } from './schema.ts';

/** As much of JSON Schema as our schema uses. */
interface Node {
  type?: string;
  description?: string;
  default?: unknown;
  enum?: string[];
  minimum?: number;
  maximum?: number;
  properties?: Record<string, Node>;
}

/** docs/settings.schema.json, for editors. */
export function buildJsonSchema(): string {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return `${JSON.stringify({ $schema, title: 'salesreport.yaml', ...rest }, null, 2)}\n`;
}

/** docs/settings.md. */
export function buildSettingsPage(): string {
  const root = z.toJSONSchema(schema, { io: 'input' }) as Node;
  return `<!-- Made from src/settings/schema.ts by npm run docs. -->

# Settings

Every setting has a default, so no file is needed. To change one, write it into \`salesreport.yaml\`, or into another file that \`--settings\` names:

\`\`\`yaml
# yaml-language-server: $schema=./node_modules/salesreport/docs/settings.schema.json
stack: salesreport
region: eu-west-1
schedule: cron(0 18 ? * MON-SAT *)
timezone: Europe/Berlin
currency: EUR
\`\`\`

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
  const entries = Object.entries(node.properties ?? {});
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
  if (value === undefined || JSON.stringify(value) === '{}') return 'none';
  return `\`${value}\``;
}

function takesOf({ type, enum: values, minimum, maximum }: Node): string {
  if (values) return values.map(value => `\`${value}\``).join(', ');
  if (type === 'boolean') return '`true`, `false`';
  if (type === 'object') return 'names and values';
  if (type === 'integer') return minimum !== undefined && minimum > 0 ? `${minimum} to ${maximum}` : 'a number';
  return 'text';
}
