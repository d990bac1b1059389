import { Readable } from 'node:stream';
import type { DeserializeMiddleware, Pluggable } from '@smithy/types';
import { doubtOf, type OperationSchema, shapeOf } from './aws-answer.ts';

/** What came in place of AWS's answer: the call may have taken effect, as where no answer came. */
export class FalseAnswer extends Error {
  override readonly name = 'FalseAnswer';
  /** `an HTML page`, `an answer that is not whole`. */
  readonly what: string;
  readonly status: number;
  /** For the SDK's own retries: asking again may bring AWS's answer. */
  readonly $retryable = { throttling: false };

  constructor(what: string, status: number, cause?: unknown) {
    super(`${what} (HTTP ${status})`, { cause });
    this.what = what;
    this.status = status;
  }
}

/** An HTTP request on its way; only its body is of interest here. */
interface Request {
  method: string;
  body?: unknown;
}

interface Response {
  statusCode: number;
  headers: Record<string, string>;
  body: unknown;
}

interface Handler {
  handle(request: Request, options: { abortSignal?: AbortSignal }): Promise<{ response: Response }>;
}

interface SdkClient {
  config: object;
}

/**
 * How an attempt is bounded: `signal` breaks it off, and `moved` is called at each piece of a large body that has gone
 * out.
 */
export interface Bounds {
  signal?: AbortSignal;
  moved?: () => void;
}

/** Larger bodies are sent in pieces, so that it shows whether they get on. */
const piece = 64 * 1024;

/**
 * The last step of every call of a client: sends the request, reads the answer whole, and throws FalseAnswer where it
 * cannot be AWS's. `boundsOf` takes the bounds of the attempt out of the middleware's arguments.
 */
export function exchange(
  client: SdkClient,
  boundsOf: (args: object) => Bounds = () => ({}),
): Pluggable<object, object> {
  const { config } = client as { config: { requestHandler: Handler; protocol?: { getShapeId(): string } } };
  const step: DeserializeMiddleware<object, object> = (_next, context) => async args => {
    const { signal, moved } = boundsOf(args);
    const request = args.request as Request;
    if (moved) inPieces(request, moved);
    const { response } = await config.requestHandler.handle(request, signal ? { abortSignal: signal } : {});
    const body = await whole(response, signal);
    const { operationSchema: operation } =
      (context as { __smithy_context?: { operationSchema?: OperationSchema } }).__smithy_context ?? {};
    const protocol = config.protocol?.getShapeId();
    if (!operation || !protocol) throw new Error(`The SDK gives no model of ${String(context.commandName)}.`);
    const { statusCode, headers } = response;
    const doubt = doubtOf({ statusCode, headers, body }, { protocol, method: request.method, operation });
    if (doubt) throw new FalseAnswer(doubt, statusCode);
    response.body = shapeOf(operation).isStream && statusCode < 300 ? Readable.from([body]) : body;
    return { response } as never;
  };
  // Of the steps about answers the one of low priority is next to the wire.
  return { applyToStack: stack => stack.add(step, { step: 'deserialize', priority: 'low', name: 'exchange' }) };
}

/** Makes a client refuse what cannot be AWS's answer. */
export function answeredByAws<C extends SdkClient & { middlewareStack: { use(plugin: never): void } }>(client: C): C {
  client.middlewareStack.use(exchange(client) as never);
  return client;
}

async function whole({ body, statusCode }: Response, signal: AbortSignal | undefined): Promise<Uint8Array> {
  try {
    const chunks: Uint8Array[] = [];
    for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) chunks.push(chunk);
    return Buffer.concat(chunks);
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new FalseAnswer('an answer that breaks off', statusCode, error);
  }
}

function inPieces(request: Request, moved: () => void): void {
  const { body } = request;
  if (!(body instanceof Uint8Array || typeof body === 'string') || body.length <= piece) return;
  const bytes = Buffer.from(body as Uint8Array);
  request.body = Readable.from(
    (function* () {
      for (let at = 0; at < bytes.length; at += piece) {
        moved();
        yield bytes.subarray(at, at + piece);
      }
    })(),
  );
}
