import type { Parameter } from '@aws-sdk/client-ssm';
import type { Settings } from '../../settings/settings.ts';
import type { Names } from '../names.ts';
import type { Input, Output } from './operation.ts';
import type { Snapshot } from './snapshot.ts';

type Ask = (input: Input<'ssm:GetParametersByPath'>) => Promise<Output<'ssm:GetParametersByPath'>>;

/**
 * Every parameter below a path, however deep. Ten at most come at once, perhaps none with more to follow (API
 * reference, GetParametersByPath).
 */
export async function parametersBelow(Path: string, WithDecryption: boolean, ask: Ask): Promise<Parameter[]> {
  const parameters: Parameter[] = [];
  for (let token: string | undefined, isMore = true; isMore; isMore = token !== undefined) {
    const page: Output<'ssm:GetParametersByPath'> = await ask({
      Path,
      Recursive: true,
      WithDecryption,
      ...(token ? { NextToken: token } : {}),
    });
    parameters.push(...(page.Parameters ?? []));
    token = page.NextToken;
  }
  return parameters;
}

/** Whose parameters are asked for. */
export interface ParametersOf {
  names: Pick<Names, 'parameters' | 'lockPath'>;
  settings: { database: Pick<Settings['database'], 'secret'> };
}

/**
 * What the stack keeps in SSM: its password and its locks. One question, however many ask it. The password comes as
 * cipher text, but where the function is given the value itself.
 */
export const parametersIn = (snapshot: Snapshot, { names, settings }: ParametersOf): Promise<Parameter[]> =>
  parametersBelow(names.parameters, settings.database.secret === 'env', input =>
    snapshot.read('ssm:GetParametersByPath', input),
  );
