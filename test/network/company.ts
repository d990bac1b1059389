import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import {
  createServer as createHttpServer,
  request as forward,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const file = (name: string): string => join(import.meta.dirname, 'certificates', name);

/**
 * The company's certificate authority, which nobody else trusts. Made for these tests, with a key that signs nothing
 * any more.
 */
export const authority = file('authority.pem');

/** A request as the server saw it. */
interface Asked {
  host: string;
  /** `AssumeRole`, `GET /path`. */
  what: string;
  /** The access key that signed it. */
  key: string | undefined;
  body: URLSearchParams;
}

export interface Answer {
  status?: number;
  body: string;
  headers?: Record<string, string>;
}

export type Answers = (asked: Asked) => Answer | undefined;

const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();

/** STS as it answers, in XML. */
const sts = (action: string, result: string): Answer => ({
  body: `<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${action}Result>${result}</${action}Result><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></${action}Response>`,
});

export const refusal = (status: number, code: string, message: string): Answer => ({
  status,
  body: `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>r-2</RequestId></ErrorResponse>`,
});

const usual: Answers = ({ what }) => {
  if (what === 'GetCallerIdentity')
    return sts(
      what,
      '<Arn>arn:aws:iam::123456789012:user/ann</Arn><UserId>AIDA</UserId><Account>123456789012</Account>',
    );
  if (what === 'AssumeRole')
    return sts(
      what,
      `<Credentials><AccessKeyId>ASSUMED</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>${inAnHour()}</Expiration></Credentials>`,
    );
  return undefined;
};

/** Stops what a test has opened. */
export class Opened {
  readonly #closing: (() => Promise<unknown>)[] = [];

  add(close: () => Promise<unknown>): void {
    this.#closing.push(close);
  }

  async close(): Promise<void> {
    await Promise.all(this.#closing.splice(0).map(close => close()));
  }

  /** Listens on a free port of loopback. */
  async listen(server: Server): Promise<number> {
    const sockets = new Set<Socket>();
    server.on('connection', (socket: Socket) => {
      sockets.add(socket.once('close', () => sockets.delete(socket)).on('error', () => {}));
    });
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
    this.add(async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise(done => server.close(done));
    });
    return (server.address() as AddressInfo).port;
  }

  /**
   * A server that answers as AWS does, with TLS by the company's authority or without. `answers` come before what it
   * answers usually.
   */
  async aws(answers: Answers = () => undefined, options: { tls?: boolean; certificate?: string } = {}) {
    const asked: Asked[] = [];
    const respond = async (request: IncomingMessage, response: ServerResponse) => {
      const body = new URLSearchParams(Buffer.concat(await request.toArray()).toString());
      const one: Asked = {
        host: request.headers.host ?? '',
        what: body.get('Action') ?? `${request.method} ${request.url?.replace(/\?.*/, '')}`,
        key: request.headers.authorization?.match(/Credential=([^/]+)/)?.[1],
        body,
      };
      asked.push(one);
      const answer = answers(one) ?? usual(one) ?? refusal(400, 'UnknownOperation', `no answer to ${one.what}`);
      response.writeHead(answer.status ?? 200, {
        'content-type': 'text/xml',
        'x-amzn-requestid': 'r-1',
        ...answer.headers,
      });
      response.end(answer.body);
    };
    const { tls = true, certificate = 'server.pem' } = options;
    const keys = tls ? { key: readFileSync(file('server.key')), cert: readFileSync(file(certificate)) } : {};
    const port = await this.listen(tls ? createTlsServer(keys, respond) : createHttpServer(respond));
    return { asked, port, url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}` };
  }

  /** A proxy that connects everybody to `port`, whatever host they ask for. `answer` is what it says instead. */
  async proxy(port: number, options: { answer?: string; authorization?: string; hangs?: boolean } = {}) {
    const connected: string[] = [];
    const server = createHttpServer((request, response) => {
      connected.push(`${request.method} ${request.url}`);
      if (options.answer) return response.writeHead(Number(options.answer.split(' ')[0])).end();
      const { method, headers } = request;
      const onward = forward(
        { host: '127.0.0.1', port, method, path: new URL(request.url!).pathname, headers },
        answer => {
          response.writeHead(answer.statusCode!, answer.headers);
          answer.pipe(response);
        },
      );
      request.pipe(onward);
      return undefined;
    });
    server.on('connect', (request: IncomingMessage, socket: Socket) => {
      connected.push(request.url!);
      if (options.hangs) return;
      const wanted = options.authorization;
      const answer =
        wanted && request.headers['proxy-authorization'] !== wanted
          ? '407 Proxy Authentication Required'
          : options.answer;
      if (answer) return socket.end(`HTTP/1.1 ${answer}\r\nContent-Length: 0\r\n\r\n`);
      const upstream = connect(port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        upstream.pipe(socket).pipe(upstream);
      });
      upstream.on('error', () => socket.destroy());
      socket.on('error', () => upstream.destroy()).on('close', () => upstream.destroy());
      return;
    });
    const own = await this.listen(server);
    return { connected, port: own, url: `http://127.0.0.1:${own}` };
  }

  /** A home folder with an AWS configuration. Gives the environment of a person who lives there. */
  async home(config = '', credentials = ''): Promise<NodeJS.ProcessEnv & { HOME: string }> {
    const home = await mkdtemp(join(tmpdir(), 'network-'));
    this.add(() => rm(home, { recursive: true }));
    await mkdir(join(home, '.aws'));
    await writeFile(join(home, '.aws/config'), config);
    await writeFile(join(home, '.aws/credentials'), credentials);
    return { PATH: process.env.PATH, HOME: home, AWS_EC2_METADATA_DISABLED: 'true' };
  }
}

/** Runs the built program in an empty folder, as a process of its own. */
export async function salesreport(
  line: string,
  env: NodeJS.ProcessEnv,
): Promise<{ code: number; stdout: string; stderr: string }> {
  const args = [join(root, 'bin/salesreport.js'), ...line.split(' ')];
  return await new Promise(done =>
    execFile(process.execPath, args, { env, cwd: env.HOME, timeout: 60_000 }, (error, stdout, stderr) =>
      done({
        code: error ? ((error.code as unknown as number | null) ?? -1) : 0,
        stdout,
        stderr: stderr.replace(/\s+/g, ' ').trim(),
      }),
    ).stdin?.end(),
  );
}
