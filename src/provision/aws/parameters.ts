import type { Parameter } from '@aws-sdk/client-ssm';
import type { Names } from '../names.ts';
import type { Look } from './look.ts';
import type { Input, Output } from './operation.ts';

type Ask = (input: Input<'ssm:GetParametersByPath'>) => Promise<Output<'ssm:GetParametersByPath'>>;

/** Every parameter below a path, however deep, secrets as cipher text. Ten at most come at once, perhaps none with more to follow (API reference, GetParametersByPath). */
export async function parametersBelow(Path: string, ask: Ask): Promise<Parameter[]> {
  const parameters: Parameter[] = [];
  for (let token: string | undefined, isMore = true; isMore; isMore = token !== undefined) {
    const page: Output<'ssm:GetParametersByPath'> = await ask({ Path, Recursive: true, ...(token ? { NextToken: token } : {}) });
    parameters.push(...(page.Parameters ?? []));
    token = page.NextToken;
  }
  return parameters;
}

/** What the stack keeps in SSM: its password and its locks. One question, however many ask it. */
export const parametersIn = (look: Look, { parameters }: Pick<Names, 'parameters'>): Promise<Parameter[]> =>
  parametersBelow(parameters, input => look.read('ssm:GetParametersByPath', input));
