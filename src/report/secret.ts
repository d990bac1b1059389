import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { answeredByAws } from '../exchange.ts';
import type { FunctionEnvironment } from '../function-contract.ts';
import { Problem } from '../problem.ts';
import { salesreport } from '../suggest.ts';
import { patience } from './patience.ts';

const redacted = '[REDACTED]';

/**
 * A value that shows itself only when asked by name: printed, logged, compared or put into JSON, it is `[REDACTED]`.
 */
export class Secret {
  readonly #value: string;
  /** Of the parameter that it was read from. */
  readonly version: number | undefined;

  constructor(value: string, version?: number) {
    this.#value = value;
    this.version = version;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return redacted;
  }

  toJSON(): string {
    return redacted;
  }

  /** What console.log and util.inspect show. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return redacted;
  }
}

export type ParameterClient = Pick<SSMClient, 'send'>;

/** The function's client for its one parameter. */
export const parameterClient = (): ParameterClient =>
  answeredByAws(new SSMClient({ maxAttempts: 2, requestHandler: patience }));

/**
 * The database password: from SSM under the name in the environment, or from the environment itself where
 * `database.secret: env` put it. Throws Problem `secret`.
 */
export async function readPassword(environment: FunctionEnvironment, client: ParameterClient): Promise<Secret> {
  if (environment.DB_PASSWORD !== undefined) return new Secret(environment.DB_PASSWORD);
  const Name = environment.DB_PASSWORD_PARAMETER;
  const repair = `run ${salesreport`provision`}, which repairs it`;
  if (!Name) throw new Problem('secret', `The function's environment names no password parameter: ${repair}.`);
  try {
    const { Parameter } = await client.send(new GetParameterCommand({ Name, WithDecryption: true }));
    return new Secret(Parameter?.Value ?? '', Parameter?.Version);
  } catch (cause) {
    const { name, message } = cause as Error;
    throw new Problem(
      'secret',
      `The function cannot read the password parameter ${Name} (${name}: ${message}): ${repair}.`,
      {
        cause,
      },
    );
  }
}
