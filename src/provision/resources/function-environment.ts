import type { FunctionEnvironment } from '../../function-contract.ts';
import { reportOptionsOf } from '../../settings/report-options.ts';
import { canonicalJson } from '../aws/policy-document.ts';
import type { Difference } from '../engine/outcome.ts';
import { archiveName } from '../names.ts';
import { arn, type Stack } from '../stack.ts';
import { passwordParameter } from './role-policies.ts';

/** Variables whose values are never shown: ours, and by its name what somebody else put there. */
const isSecret = (name: string): boolean =>
  name !== 'DB_PASSWORD_PARAMETER' && /PASS|SECRET|TOKEN|KEY|CREDENTIAL|URL|DSN/i.test(name);

/**
 * The database host's fixed address: the tenth of public subnet a (AWS keeps the first four), so DB_HOST is known
 * before the host is.
 */
export function databaseHostAddress({ settings }: Stack): string {
  const bytes = settings.network.subnets.publicA.split('/')[0]!.split('.').map(Number);
  return [...bytes.slice(0, 3), bytes[3]! + 10].join('.');
}

/** The function's environment by the settings. `password` stands in it only with `database.secret: env`. */
export function functionEnvironment(stack: Stack, password: string | undefined): FunctionEnvironment {
  const { names, settings } = stack;
  const { database } = settings;
  return {
    DB_HOST: database.host ?? databaseHostAddress(stack),
    DB_PORT: String(database.port),
    DB_NAME: database.name,
    DB_USER: database.user,
    DB_TLS: String(database.tls),
    ...(database.secret === 'env'
      ? { DB_PASSWORD: password ?? '' }
      : { DB_PASSWORD_PARAMETER: passwordParameter(stack) }),
    TOPIC_ARN: arn(stack, 'sns', names.topic),
    OPERATORS_TOPIC_ARN: arn(stack, 'sns', names.operatorsTopic),
    STACK: settings.stack,
    SCHEDULE: settings.schedule,
    TIME_ZONE: settings.timezone,
    ...(settings.currency ? { CURRENCY: settings.currency } : {}),
    LOCALE: settings.locale,
    ARCHIVE_BUCKET: archiveName(stack),
    ACCOUNT: stack.account,
    REPORT: JSON.stringify(reportOptionsOf(settings)),
  };
}

/** How two environments differ; what is secret is named and not shown. */
export function environmentDifferences(is: FunctionEnvironment, wanted: FunctionEnvironment): Difference[] {
  const names = [...new Set([...Object.keys(is), ...Object.keys(wanted)])].sort() as (keyof FunctionEnvironment)[];
  const shown = (name: keyof FunctionEnvironment, value: string | undefined) =>
    value === undefined ? 'not set' : isSecret(name) ? '***' : value;
  return names
    .filter(name => is[name] !== wanted[name])
    .map(name => ({
      what: `environment variable ${name}`,
      is: shown(name, is[name]),
      wanted: shown(name, wanted[name]),
      ...(is[name] !== undefined && wanted[name] !== undefined ? wordsOf(name, is[name], wanted[name]) : {}),
      how: 'update',
      operations: ['lambda:UpdateFunctionConfiguration'],
    }));
}

function wordsOf(name: string, is: string, wanted: string): { words?: string } {
  if (isSecret(name)) return { words: `environment variable ${name} holds another secret` };
  return name === 'REPORT' ? { words: reportChanges(is, wanted) } : {};
}

/** `report.closed: none -> ["SUN"]`, option by option: as a whole it is too long to be read. */
function reportChanges(is: string, wanted: string): string | undefined {
  const [before, after] = [optionsOf(is), optionsOf(wanted)];
  const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    key => canonicalJson(before[key] ?? null) !== canonicalJson(after[key] ?? null),
  );
  const value = (of: unknown) => (of === undefined ? 'none' : JSON.stringify(of));
  return changed.length === 0
    ? undefined
    : `report options: ${changed.map(key => `${key} ${value(before[key])} -> ${value(after[key])}`).join(', ')}`;
}

function optionsOf(json: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(json));
  } catch {
    return {};
  }
}
