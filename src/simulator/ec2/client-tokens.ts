import { AwsError } from '../aws-error.ts';
import { invalidParameter } from './refusals.ts';

/**
 * What was made under which ClientToken: the same token and parameters give the same thing again, even when it has died
 * since.
 */
export class ClientTokens {
  private readonly made = new Map<string, { parameters: string; thing: unknown }>();

  /** The thing that this token made before, or what `make` makes now. Without a token every call makes one. */
  once<T>(operation: string, input: { ClientToken?: string }, make: () => T): T {
    const token = input.ClientToken;
    if (token === undefined) return make();
    if (token.length > 64) throw invalidParameter(`The client token '${token}' is longer than 64 characters.`);
    const parameters = canonical(input);
    const before = this.made.get(`${operation} ${token}`);
    if (before && before.parameters !== parameters)
      throw new AwsError(
        'IdempotentParameterMismatch',
        'The request uses the same client token as a previous, but non-identical request. Do not reuse a client token with different requests, unless the requests are identical',
      );
    const thing = before ? (before.thing as T) : make();
    this.made.set(`${operation} ${token}`, { parameters, thing });
    return thing;
  }
}

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, member: unknown) =>
    member !== null && typeof member === 'object' && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
