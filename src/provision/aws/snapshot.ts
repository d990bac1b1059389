import type { Aws } from './aws.ts';
import { unlessNotFound } from './errors.ts';
import type { Input, Operation, Output } from './operation.ts';

/**
 * One look at the inventory: each question is asked once, however many resources ask it. What it saw grows old; take a new
 * look after a change.
 */
export class Snapshot {
  readonly #answers = new Map<string, Promise<unknown>>();

  constructor(readonly aws: Aws) {}

  /** The answer of a read. */
  read<O extends Operation>(operation: O, input: Input<O>): Promise<Output<O>> {
    return this.#once(operation, input, () => this.aws.call(operation, input));
  }

  /**
   * The answer of a read, or undefined where AWS says that the thing is not there. Of two questions about a thing that
   * another run makes or removes meanwhile, one may find it and the other not: it is there when both do.
   */
  find<O extends Operation>(operation: O, input: Input<O>): Promise<Output<O> | undefined> {
    return unlessNotFound(this.read(operation, input));
  }

  /** Every page of a list: `next` takes the token out of an answer and makes the question for the following page. */
  async pages<O extends Operation>(
    operation: O,
    input: Input<O>,
    next: (answer: Output<O>) => Partial<Input<O>> | undefined,
  ): Promise<Output<O>[]> {
    const answers: Output<O>[] = [];
    for (let question: Input<O> | undefined = input; question; ) {
      const answer: Output<O> = await this.read(operation, question);
      answers.push(answer);
      const more = next(answer);
      question = more && { ...input, ...more };
    }
    return answers;
  }

  #once<T>(operation: string, input: object, ask: () => Promise<T>): Promise<T> {
    const key = `${operation} ${JSON.stringify(input)}`;
    const answer = (this.#answers.get(key) as Promise<T> | undefined) ?? ask();
    this.#answers.set(key, answer);
    return answer;
  }
}
