/** Talks to a running server, and says in a sentence why that did not work. */
import { readFileSync } from 'node:fs';
import { request as requestHttp, type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import { join } from 'node:path';
import { CliFault, codeOf, EXIT, fileFault } from './fault.js';

export interface Server {
  readonly url: URL;
  readonly token: string;
}

export interface ServerOptions {
  readonly url?: string;
  readonly tokenFile?: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

const DEFAULT_URL = 'http://127.0.0.1:8420';

/** Where the server is and who asks: option, then environment, then the token that the first start left beside the data. */
export function serverFrom(options: ServerOptions, env: Environment): Server {
  return { url: urlFrom(options, env), token: tokenFrom(options, env) };
}

function urlFrom({ url }: ServerOptions, env: Environment): URL {
  const parsed = URL.parse(url ?? (env['LIGGARE_URL'] || DEFAULT_URL));
  if (parsed === null || !['http:', 'https:'].includes(parsed.protocol)) throw new CliFault('the address of the server is an http or https URL, such as http://127.0.0.1:8420 (--url, LIGGARE_URL)');
  if (parsed.username !== '' || parsed.password !== '') throw new CliFault('the address of the server holds no password: give the token by --token-file or LIGGARE_TOKEN');
  return parsed;
}

function tokenFrom({ tokenFile }: ServerOptions, env: Environment): string {
  if (tokenFile === undefined && env['LIGGARE_TOKEN']) return checked(env['LIGGARE_TOKEN'], 'LIGGARE_TOKEN');
  const file = tokenFile ?? join(env['LIGGARE_DATA'] || './data', 'token');
  try {
    return checked(readFileSync(file, 'utf8'), `"${file}"`);
  } catch (error) {
    if (error instanceof CliFault) throw error;
    if (tokenFile === undefined && codeOf(error) === 'ENOENT')
      throw new CliFault(`there is no token in "${file}" (hint: the first start of a server leaves one there; else give --token-file FILE or LIGGARE_TOKEN)`, EXIT.failed, { cause: error });
    throw fileFault(file, error) ?? error;
  }
}

/** What a header cannot carry is no token, and would break the request without a word. */
function checked(text: string, where: string): string {
  const token = text.trim();
  if (!/^[\x21-\x7e]{8,512}$/.test(token)) throw new CliFault(`${where} holds no token`);
  return token;
}

export interface Ask {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface Reply {
  readonly status: number;
  readonly body: unknown;
}

/** One request and its JSON answer, whatever its status. Rejects with `CliFault` when no server answers, or none of ours. */
export async function ask(server: Server, path: string, { method = 'GET', headers = {}, body }: Ask = {}): Promise<Reply> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const request = open(server, path, { method, headers: { ...headers, ...(text !== undefined && { 'content-type': 'application/json' }) } });
  const response = responseTo(request, server);
  request.end(text);
  return replyIn(await response, server);
}

export function open({ url, token }: Server, path: string, { headers, ...options }: RequestOptions & { readonly headers: Readonly<Record<string, string>> }): ClientRequest {
  const address = new URL(`${url.pathname.replace(/\/$/, '')}${path}`, url);
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  return request(address, { ...options, headers: { accept: 'application/json', authorization: `Bearer ${token}`, ...headers } });
}

export function responseTo(request: ClientRequest, server: Server): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', resolve);
    request.once('error', (error) => reject(unreachable(server, error)));
  });
}

export async function replyIn(response: IncomingMessage, server: Server): Promise<Reply> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  } catch (error) {
    throw unreachable(server, error);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  if (text === '') return { status: response.statusCode ?? 0, body: undefined };
  try {
    return { status: response.statusCode ?? 0, body: JSON.parse(text) as unknown };
  } catch (error) {
    throw notOurs(server, error);
  }
}

export function notOurs({ url }: Server, cause?: unknown): CliFault {
  return new CliFault(`what answers at ${url.origin} is no Liggare server, or an older one (hint: check --url and LIGGARE_URL)`, EXIT.failed, { cause });
}

export function unreachable({ url }: Server, error: unknown): CliFault {
  const code = codeOf(error);
  if (code === 'ECONNREFUSED') return new CliFault(`no server answers at ${url.origin} (hint: start one with "npm start", or say where it is with --url)`, EXIT.failed, { cause: error });
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return new CliFault(`there is no host ${url.hostname} (hint: check --url)`, EXIT.failed, { cause: error });
  if (code?.startsWith('HPE_') === true || code === 'EPROTO') return new CliFault(`what answers at ${url.origin} does not speak ${url.protocol.slice(0, -1)} (hint: check --url)`, EXIT.failed, { cause: error });
  return new CliFault(`the connection to ${url.origin} broke${code === undefined ? '' : ` (${code})`}`, EXIT.failed, { cause: error });
}

/** The body of a reply that went well; else throws the fault that it tells. */
export function expectOk(reply: Reply, server: Server): unknown {
  if (reply.status >= 200 && reply.status < 300) return reply.body;
  throw faultIn(reply, server);
}

interface Problem {
  readonly code?: string;
  readonly title?: string;
  readonly pointer?: string;
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
  readonly alternatives?: readonly string[];
}

/** A problem (RFC 9457) as one sentence; it holds nothing that was sent. */
export function faultIn({ status, body }: Reply, server: Server): CliFault {
  const problem = (typeof body === 'object' && body !== null ? body : {}) as Problem;
  const { origin } = server.url;
  if (problem.code === undefined) return notOurs(server);
  if (status === 401) return new CliFault(`the server at ${origin} does not accept the token: it is unknown, expired or revoked (hint: --token-file, LIGGARE_TOKEN)`);
  if (problem.code === 'NotPermitted') return new CliFault("the token does not give the right to this (hint: an officer's does)");
  if (problem.code === 'NotFound') return new CliFault(`the server at ${origin} does not know this: it is older than this program`);
  if (status === 503) return new CliFault(`the server at ${origin} cannot answer now; try again`);
  const places = (problem.errors ?? []).map(({ pointer, detail }) => `${pointer} ${detail}`);
  const rest = [...places, ...(problem.alternatives === undefined ? [] : [`known: ${problem.alternatives.join(', ')}`])];
  const title = (problem.title ?? 'it was refused').replace(/\.$/, '');
  const place = problem.pointer !== undefined && places.length === 0 ? ` (${problem.pointer})` : '';
  return new CliFault(`${title}${place}${rest.length > 0 ? `: ${rest.join('; ')}` : ''}`);
}
