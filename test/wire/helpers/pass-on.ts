import { type IncomingMessage, request as send } from 'node:http';
import type { Request } from './operation-of.ts';

export interface Answer {
  status: number;
  /** Names and values in turn. */
  headers: string[];
  body: Buffer;
}

const bytesOf = async (message: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  return Buffer.concat(chunks);
};

/** The whole request, as it came to a proxy. */
export async function readRequest(incoming: IncomingMessage): Promise<Request> {
  const { method = '', url = '', headers } = incoming;
  return { method, url, headers, body: await bytesOf(incoming) };
}

/** Asks the emulator the same, on a connection of its own. */
export function passOn(emulator: string, { method, url, headers, body }: Request): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = send(new URL(url, emulator), { method, headers, agent: false }, async answer => {
      try {
        resolve({ status: answer.statusCode!, headers: answer.rawHeaders, body: await bytesOf(answer) });
      } catch (error) {
        reject(error);
      }
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
