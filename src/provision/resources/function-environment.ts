import type { FunctionEnvironment } from '../../function-contract.ts';
import { arn, type Stack } from '../stack.ts';
import { passwordParameter } from './role-policies.ts';

/** Variables whose values are never shown. */
export const secretVariables: readonly (keyof FunctionEnvironment)[] = ['DB_PASSWORD'];

/** The database host's fixed address: the tenth of public subnet a (AWS keeps the first four), so DB_HOST is known before the host is. */
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
    ...(database.secret === 'env' ? { DB_PASSWORD: password ?? '' } : { DB_PASSWORD_PARAMETER: passwordParameter(stack) }),
    TOPIC_ARN: arn(stack, 'sns', names.topic),
    STACK: settings.stack,
    SCHEDULE: settings.schedule,
    TIME_ZONE: settings.timezone,
    ...(settings.currency ? { CURRENCY: settings.currency } : {}),
    LOCALE: settings.locale,
  };
}
