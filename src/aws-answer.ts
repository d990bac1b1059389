/** An answer as it came over HTTP. Names of headers are in small letters. */
export interface HttpAnswer {
  statusCode: number;
  headers: Record<string, string>;
  body: Uint8Array;
}

/**
 * What was asked: the SDK's own schema of the operation, `[9, namespace, name, traits, input, output]`, and its
 * protocol.
 */
export interface Question {
  /** Such as `aws.protocols#ec2Query`. */
  protocol: string;
  method: string;
  operation: OperationSchema;
}

export type OperationSchema = readonly [number, string, string, unknown, unknown, unknown];
type Traits = number | Record<string, unknown>;
type Structure = readonly [number, string, string, Traits, readonly string[], readonly unknown[]];

/** What an operation's output is made of, as far as it tells what an answer's body must be. */
interface Shape {
  /** No output at all in the model. */
  isUnit: boolean;
  /** Whether any of it stands in the body. */
  hasBody: boolean;
  /** Names that the root element may have, where the body is XML; none where the body is a string or bytes. */
  roots: readonly string[];
  isStream: boolean;
}

const structure = 3;
const streamingBlob = 42;
/** The bit of `httpPayload` among a member's traits (@smithy/core, translateTraits). */
const payloadBit = 16;

const deref = (schema: unknown): unknown => (typeof schema === 'function' ? deref(schema()) : schema);
const isStructure = (schema: unknown): schema is Structure => Array.isArray(schema) && schema[0] === structure;

/** A member's target and its own traits. */
function memberOf(schema: unknown): { target: unknown; traits: Traits } {
  const given = deref(schema);
  if (Array.isArray(given) && given.length === 2) return { target: deref(given[0]), traits: given[1] as Traits };
  return { target: given, traits: 0 };
}

const isPayload = (traits: Traits): boolean =>
  typeof traits === 'number' ? (traits & payloadBit) !== 0 : traits.httpPayload !== undefined;

/** Of what is in a header or is the status. */
const isElsewhere = (traits: Traits): boolean =>
  typeof traits === 'number'
    ? (traits & 32) !== 0
    : ['httpHeader', 'httpPrefixHeaders', 'httpResponseCode'].some(trait => traits[trait] !== undefined);

const xmlNameOf = (traits: Traits): string[] =>
  typeof traits === 'object' && typeof traits.xmlName === 'string' ? [traits.xmlName] : [];

const shapes = new WeakMap<OperationSchema, Shape>();

/** What the model says of an operation's output. */
export function shapeOf(operation: OperationSchema): Shape {
  const known = shapes.get(operation);
  if (known) return known;
  const output = deref(operation[5]);
  const shape = isStructure(output)
    ? shapeOfStructure(output)
    : { isUnit: true, hasBody: false, roots: [], isStream: false };
  shapes.set(operation, shape);
  return shape;
}

function shapeOfStructure([, , name, traits, names, members]: Structure): Shape {
  const all = names.map((member, index) => ({ member, ...memberOf(members[index]) }));
  const payload = all.find(one => isPayload(one.traits));
  if (!payload) {
    const hasBody = all.some(one => !isElsewhere(one.traits));
    return { isUnit: false, hasBody, roots: [...xmlNameOf(traits), name], isStream: false };
  }
  const { target, member } = payload;
  const roots = isStructure(target) ? [...xmlNameOf(payload.traits), ...xmlNameOf(target[3]), target[2], member] : [];
  const isStream = target === streamingBlob || (Array.isArray(target) && target[4] === streamingBlob);
  return { isUnit: false, hasBody: true, roots, isStream };
}

/**
 * Why an answer cannot be AWS's own answer to a question, as the end of a sentence (`an HTML page`, `an empty answer`);
 * undefined where it can. What an inspecting proxy, a captive portal or a broken connection makes of an answer would
 * otherwise read as an empty list, or as `not found`. Each of AWS's answers has a request id (API references, "Common
 * response headers"); the rest follows from the protocol and the SDK's model.
 */
export function doubtOf(answer: HttpAnswer, question: Question): string | undefined {
  const { statusCode, headers } = answer;
  const type = headers['content-type'] ?? '';
  const hasId = Object.keys(headers).some(name => /^x-amzn?-request-?id$/.test(name) && headers[name]);
  const isPage = /\bhtml\b/i.test(type);
  const text = once(() => new TextDecoder().decode(answer.body));
  if (statusCode < 200 || statusCode >= 300) {
    if (hasId || isErrorOfAws(text())) return doubtOfError(answer, question, text);
    return isPage ? 'an HTML page' : 'an error that is not one of AWS';
  }
  const shape = shapeOf(question.operation);
  const { length } = answer.body;
  const isOpaque = shape.hasBody && shape.roots.length === 0;
  if (isPage && !isOpaque) return 'an HTML page';
  const isXml = /query$/i.test(question.protocol);
  if (!isXml && !hasId) return length === 0 ? 'an empty answer without a request id' : 'an answer without a request id';
  if (question.method === 'HEAD') return undefined;
  if (isXml) return doubtOfQuery(text(), question, shape);
  // With the request id it is AWS's; of a body that says nothing nothing is read.
  if (!shape.hasBody && /#rest/.test(question.protocol)) return undefined;
  if (isOpaque) return isFramed(headers) ? undefined : 'an answer of which nobody can tell whether it is whole';
  if (length === 0) return shape.isUnit ? undefined : 'an empty answer';
  return question.protocol === 'aws.protocols#restXml' ? doubtOfXml(text(), shape) : doubtOfJson(text());
}

/** An error that broke off is as little AWS's word as an answer that did: its name decides whether a thing is gone. */
function doubtOfError({ body }: HttpAnswer, { method, protocol }: Question, text: () => string): string | undefined {
  const broken = 'an error that is not whole';
  if (method === 'HEAD') return undefined;
  const isXml = /query$|xml$/i.test(protocol);
  // In JSON the error's name may be in a header alone.
  if (body.length === 0) return isXml ? broken : undefined;
  if (isXml) return errorRoots.includes(rootOf(text()) ?? '') ? undefined : broken;
  return doubtOfJson(text()) && broken;
}

const errorRoots = ['Response', 'ErrorResponse', 'Error'];

const isFramed = (headers: Record<string, string>): boolean =>
  headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;

/**
 * EC2 and the services of the query protocol: `<NameResponse>` with a request id in it, and `<NameResult>` where there
 * is output.
 */
function doubtOfQuery(text: string, { protocol, operation }: Question, { isUnit }: Shape): string | undefined {
  if (text.trim() === '') return 'an empty answer';
  const root = rootOf(text);
  if (root === undefined) return 'an answer that is not whole';
  const name = operation[2];
  if (root !== `${name}Response`) return root.toLowerCase() === 'html' ? 'an HTML page' : `an answer of <${root}>`;
  if (!/<requestId>[^<]+<\/requestId>/i.test(text)) return 'an answer without a request id';
  const isEc2 = protocol === 'aws.protocols#ec2Query';
  return isEc2 || isUnit || text.includes(`<${name}Result`) ? undefined : `an answer without <${name}Result>`;
}

/** S3 may tell an error with a status of success, which the SDK knows. */
function doubtOfXml(text: string, { roots }: Shape): string | undefined {
  const root = rootOf(text);
  if (root === undefined) return 'an answer that is not whole';
  return root === 'Error' || roots.includes(root) ? undefined : `an answer of <${root}>`;
}

function doubtOfJson(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? undefined
      : 'an answer that is no object';
  } catch {
    return 'an answer that is not whole';
  }
}

/** AWS's errors in XML have one of these roots and a request id in them. */
const isErrorOfAws = (text: string): boolean =>
  errorRoots.includes(rootOf(text) ?? '') && /<requestId>[^<]+<\/requestId>/i.test(text);

const tag =
  /<(\/?)([A-Za-z_][\w.:-]*)(?:\s+[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*\s*(\/?)>|<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[[\s\S]*?\]\]>|<!DOCTYPE[^>[]*>|</g;

/** The name of the root element of a text that is one whole, well-formed XML document. */
export function rootOf(text: string): string | undefined {
  const open: string[] = [];
  let root: string | undefined;
  let end = 0;
  for (const match of text.matchAll(tag)) {
    const [whole, closing, name, empty] = match;
    // Nothing but space stands outside of the root.
    if (open.length === 0 && /[^\s\uFEFF]/.test(text.slice(end, match.index))) return undefined;
    end = match.index + whole.length;
    if (name === undefined) {
      if (whole === '<') return undefined;
      continue;
    }
    if (closing) {
      if (open.pop() !== name) return undefined;
      continue;
    }
    if (open.length === 0) {
      if (root !== undefined) return undefined;
      root = name;
    }
    if (!empty) open.push(name);
  }
  return open.length === 0 && /^\s*$/.test(text.slice(end)) ? root : undefined;
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
