import { createHash } from 'node:crypto';
import { operationOf, type Request } from './operation-of.ts';

const anId = /\b(?:vpc|subnet|igw|eipalloc|eipassoc|rtb|rtbassoc|sg|sgr|nat|vpce|i|vol|eni|dopt|acl)-[0-9a-f]{8,}\b/g;

/** Of which of our things an id in a request speaks: learned from the answer to the call that made it. */
export class Names {
  readonly #byId = new Map<string, string>();

  /** Takes note of the ids that come up first in the answer to a call that names a resource in its tags. */
  learn({ body }: Request, answer: Buffer): void {
    const pairs = new URLSearchParams(body.toString());
    const key = [...pairs].find(([, value]) => value === 'salesreport:resource')?.[0];
    const name = key && pairs.get(key.replace(/Key$/, 'Value'));
    if (!name) return;
    const known = [...body.toString().matchAll(anId)].map(([id]) => id);
    for (const [id] of answer.toString().matchAll(anId))
      if (!this.#byId.has(id) && !known.includes(id)) this.#byId.set(id, `${id.split('-')[0]}:${name}`);
  }

  /** The text with the things' names in place of their ids, and without what counts on from life to life. */
  in(text: string): string {
    return text
      .replace(anId, id => this.#byId.get(id) ?? id.split('-')[0]!)
      .replace(/\bAROA[A-Z0-9]+|(?<=<VersionId>)[^<]+|(?<=:layer:\w+:|\/layers\/\w+\/versions\/)\d+/g, '…');
  }
}

/**
 * What a changing call does, the same in each life of a stack: its operation and its parameters, without what is
 * another each time. The writing of a lock is several things at once: one for each create that it announces.
 */
export async function identitiesOf(request: Request, names: Names): Promise<string[]> {
  const operation = await operationOf(request);
  const { headers, url, body } = request;
  const text = names.in(`${url === '/' ? '' : url} ${body}`);
  if (operation === 'ssm:PutParameter' || operation === 'ssm:DeleteParameter') {
    const { Name, Value = '', Overwrite = false } = JSON.parse(body.toString());
    const lock = /\/lock\/\d+$/.test(Name) ? 'the lock' : Name;
    if (!Overwrite || lock === Name) return [`${operation} ${lock}`];
    return Object.keys(JSON.parse(Value).intents).map(id => `${operation} the lock, before ${id}`);
  }
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded');
  const shown = isForm ? formOf(text) : text.trim();
  return [
    `${operation} ${shown.length < 160 ? shown : `${shown.slice(0, 120)}… ${createHash('sha256').update(shown).digest('hex').slice(0, 8)}`}`,
  ];
}

const anotherEachTime = ['Action', 'Version', 'ClientToken'];

function formOf(text: string): string {
  const pairs = [...new URLSearchParams(text.trim())];
  // The time at which the address was asked for.
  const begun = pairs.find(([, value]) => value === 'salesreport:begun')?.[0].replace(/Key$/, 'Value');
  return pairs
    .filter(([key]) => key !== begun && !anotherEachTime.includes(key))
    .map(([key, value]) => `${key}=${value}`)
    .join(' ');
}
