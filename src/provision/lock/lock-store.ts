import type { Parameter } from '@aws-sdk/client-ssm';
import type { Aws } from '../aws/aws.ts';
import { hasName, unlessNotFound } from '../aws/errors.ts';
import type { Input, Operation, Output } from '../aws/operation.ts';
import { listOf, type Owner } from '../aws/owner.ts';
import { type ParametersOf, parametersBelow, parametersIn } from '../aws/parameters.ts';
import type { Snapshot } from '../aws/snapshot.ts';
import { withinStep } from '../engine/step.ts';
import { type LockEntry, type LockRecord, recordFrom } from './record.ts';

/** The changing operations that the lock calls. */
export const lockOperations: readonly Operation[] = ['ssm:PutParameter', 'ssm:DeleteParameter'];

/** What a lock may be called; anything else there is none. */
const numbers = /^[1-9]\d{0,8}$/;

/**
 * The locks of a stack as SSM parameters, `<path>/<number>`. Its calls are held back neither by the lease nor by
 * Ctrl-C.
 */
export class LockStore {
  readonly #aws: Aws;
  readonly #owner: Owner;
  readonly #of: ParametersOf;

  constructor(aws: Aws, owner: Owner, of: ParametersOf) {
    this.#aws = aws;
    this.#owner = owner;
    this.#of = of;
  }

  nameOf(number: number): string {
    return `${this.#of.names.lockPath}/${number}`;
  }

  /** All that AWS shows, the newest last. */
  async standing(): Promise<LockEntry[]> {
    return this.#locksIn(
      await parametersBelow(this.#of.names.lockPath, false, input => this.#call('ssm:GetParametersByPath', input)),
    );
  }

  /** The same as a look sees them, which asks for all parameters of the stack at once. */
  async seenIn(snapshot: Snapshot): Promise<LockEntry[]> {
    return this.#locksIn(await parametersIn(snapshot, this.#of));
  }

  /** Makes a lock, unless that number is taken. The answer of the put decides. */
  async make(number: number, record: LockRecord): Promise<boolean> {
    try {
      await this.#call('ssm:PutParameter', {
        Name: this.nameOf(number),
        Type: 'String',
        Value: JSON.stringify(record),
        Description: 'Keeps two operators of a sales report apart while one of them changes it',
        Tags: listOf(this.#owner.tags('lock')),
      });
      return true;
    } catch (error) {
      if (hasName(error, 'ParameterAlreadyExists')) return false;
      throw error;
    }
  }

  /** Writes a lock anew and gives its version: 1 when it had gone meanwhile. */
  async overwrite(number: number, record: LockRecord): Promise<number> {
    const { Version = 0 } = await this.#call('ssm:PutParameter', {
      Name: this.nameOf(number),
      Type: 'String',
      Value: JSON.stringify(record),
      Overwrite: true,
    });
    return Version;
  }

  /** Whether AWS knew it. */
  async remove(number: number): Promise<boolean> {
    const answer = await unlessNotFound(this.#call('ssm:DeleteParameter', { Name: this.nameOf(number) }));
    return answer !== undefined;
  }

  #call<O extends Operation>(operation: O, input: Input<O>): Promise<Output<O>> {
    const step = { id: 'lock', waiting: () => {} };
    return withinStep(step, () => this.#aws.exempt(() => this.#aws.call(operation, input)));
  }

  #locksIn(parameters: readonly Parameter[]): LockEntry[] {
    const path = this.nameOf(0).slice(0, -1);
    return parameters
      .filter(({ Name = '' }) => Name.startsWith(path) && numbers.test(Name.slice(path.length)))
      .map(({ Name = '', Value = '', Version = 0, LastModifiedDate }) => ({
        name: Name,
        number: Number(Name.slice(path.length)),
        version: Version,
        modifiedAt: LastModifiedDate?.getTime() ?? 0,
        ...recordFrom(Value),
      }))
      .sort((a, b) => a.number - b.number);
  }
}
