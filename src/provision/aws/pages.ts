import { Problem } from '../../problem.ts';
import type { Input, Operation, Output } from './operation.ts';

/** Whose callers ask for the pages one by one: S3 counts keys, and of readers a page is enough to show. */
const byTheirCallers = /^(s3:|sns:ListSubscriptions)/;

/** Where an answer says that more follows, and where the next question repeats it (the services' API references). */
const tokens = [
  ['NextToken', 'NextToken'],
  ['nextToken', 'nextToken'],
  ['NextMarker', 'Marker'],
  ['Marker', 'Marker'],
] as const;

type Fields = Record<string, unknown>;

/**
 * The whole answer to a question of which AWS may answer a part, perhaps with an empty list and more to follow (EC2 API
 * reference, "Pagination"). Nothing is concluded from one page then, whoever asks. Throws Problem `pages` where AWS
 * gives the same token again and again.
 */
export async function wholeAnswer<O extends Operation>(
  operation: O,
  input: Input<O>,
  ask: (input: Input<O>) => Promise<Output<O>>,
): Promise<Output<O>> {
  const first = await ask(input);
  if (byTheirCallers.test(operation)) return first;
  let whole = first as Fields;
  for (let more = nextOf(whole); more; ) {
    const page = (await ask({ ...input, ...more })) as Fields;
    const lists = Object.entries(page).map(([name, value]) => [name, joined(whole[name], value)]);
    whole = {
      ...whole,
      ...Object.fromEntries(tokens.map(([name]) => [name, undefined])),
      ...Object.fromEntries(lists),
    };
    const next = nextOf(whole);
    if (next && JSON.stringify(next) === JSON.stringify(more))
      throw new Problem('pages', `AWS answers ${operation} with the same page again and again: try again in a minute.`);
    more = next;
  }
  return whole as Output<O>;
}

const joined = (before: unknown, after: unknown): unknown =>
  Array.isArray(before) && Array.isArray(after) ? [...before, ...after] : after;

function nextOf(answer: Fields): Fields | undefined {
  const [from, to] = tokens.find(([name]) => typeof answer[name] === 'string' && answer[name] !== '') ?? [];
  return from && { [to!]: answer[from] };
}
