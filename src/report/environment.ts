/**
 * The function's environment: written by provision from the settings, read by the handler. Kept in one list so that neither side can name
 * a variable that the other does not know. Values are strings; DB_PASSWORD is set only with `database.secret: env`.
 */
export const environmentNames = [
  'DB_HOST',
  'DB_PORT',
  'DB_NAME',
  'DB_USER',
  'DB_TLS',
  'DB_PASSWORD_PARAMETER',
  'DB_PASSWORD',
  'TOPIC_ARN',
  'STACK',
  'SCHEDULE',
  'TIME_ZONE',
  'CURRENCY',
  'LOCALE',
] as const;

export type EnvironmentName = (typeof environmentNames)[number];
export type FunctionEnvironment = Partial<Record<EnvironmentName, string>>;
