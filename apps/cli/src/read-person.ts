/** `liggare record` and `liggare trail`: one person, named by id, or by an identifier that is read from stdin and so in no history. */
import type { SearchHit, TrailReply } from '#ledger/queries.js';
import { CliFault, EXIT, type ExitCode } from './fault.js';
import { styleFor } from './layout.js';
import { recordText, type ShownReply } from './record-text.js';
import { ask, expectOk, serverFrom, type Environment, type Server, type ServerOptions } from './server.js';
import { trailHead, trailLineText } from './trail-text.js';
import { word, type Language } from './words.js';

export const SEARCHED_BY = ['email', 'phone', 'personnummer', 'customer-number', 'device-id', 'name'] as const;

export interface ReadOptions extends ServerOptions {
  readonly by?: (typeof SEARCHED_BY)[number];
  readonly known?: string;
  readonly valid?: string;
  readonly lang?: Language;
  readonly purpose: string;
  readonly case?: string;
  readonly atLeast?: string;
  readonly json?: true;
}

/** Lines a page: the server gives no more. */
const PAGE = 200;

export async function printRecord(subject: string | undefined, options: ReadOptions, env: Environment): Promise<ExitCode> {
  const server = serverFrom(options, env);
  const reply = await recordOf(server, await subjectMeant(subject, options, server), options);
  process.stdout.write(options.json === true ? `${JSON.stringify(reply)}\n` : `${recordText(reply, languageOf(options, env), styleFor(process.stdout, env))}\n`);
  return EXIT.done;
}

export async function recordOf(server: Server, subject: string, options: ReadOptions): Promise<ShownReply> {
  return (await get(server, `/v1/subjects/${subject}/record?${asOf(options).toString()}`, options)) as ShownReply;
}

/** Page after page, so that a long trail shows at once and is held nowhere whole. JSON: one line of it an event. */
export async function printTrail(subject: string | undefined, options: ReadOptions, env: Environment): Promise<ExitCode> {
  const server = serverFrom(options, env);
  const language = languageOf(options, env);
  const style = styleFor(process.stdout, env);
  const meant = await subjectMeant(subject, options, server);
  let isFirst = true;
  for await (const page of trailPages(server, meant, { ...options, lang: language })) {
    if (isFirst && options.json !== true) process.stdout.write(`${trailHead(page, language, style)}\n`);
    if (isFirst && options.json !== true && page.lines.length === 0 && page.next === undefined) process.stdout.write(`${word('empty', language)}\n`);
    isFirst = false;
    for (const line of page.lines) process.stdout.write(options.json === true ? `${JSON.stringify(line)}\n` : `${trailLineText(line, language, style)}\n`);
  }
  return EXIT.done;
}

export async function* trailPages(server: Server, subject: string, options: ReadOptions & { readonly lang: Language }): AsyncGenerator<TrailReply> {
  for (let after: string | undefined; ; ) {
    const query = asOf(options);
    query.set('lang', options.lang);
    query.set('limit', String(PAGE));
    if (after !== undefined) query.set('after', after);
    const page = (await get(server, `/v1/subjects/${subject}/audit-trail?${query.toString()}`, options)) as TrailReply;
    yield page;
    if (page.next === undefined) return;
    after = page.next;
  }
}


async function get(server: Server, path: string, options: ReadOptions): Promise<unknown> {
  const reply = await ask(server, path, { headers: headersOf(options) });
  if (reply.status === 404 && isRefusal(reply.body, 'SubjectNotRegistered')) throw new CliFault(`nobody is registered under this id${options.known === undefined && options.valid === undefined ? '' : ', or nothing had happened to them by then'}`);
  return expectOk(reply, server);
}

/** The id that was given, or the one person whom an identifier from stdin fits. */
async function subjectMeant(subject: string | undefined, options: ReadOptions, server: Server): Promise<string> {
  if (subject !== undefined && options.by !== undefined) throw new CliFault('give a person\'s id, or --by with the identifier on stdin, not both', EXIT.usage);
  if (subject !== undefined) {
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(subject)) throw new CliFault('a person\'s id is a UUID (hint: --by email reads an e-mail address from stdin)', EXIT.usage);
    return subject.toLowerCase();
  }
  if (options.by === undefined) throw new CliFault('say who: a person\'s id, or --by email (phone, personnummer, customer-number, device-id, name) with the identifier on stdin', EXIT.usage);
  const hits = await search(server, options.by, await identifierFromStdin(options.by), options);
  const ids = [...new Set(hits.map((hit) => hit.subject))];
  const [only] = ids;
  if (only === undefined) throw new CliFault('nobody is found by this identifier');
  if (ids.length > 1) throw new CliFault(`${ids.length} people are found by this identifier; give one of their ids: ${ids.join(', ')}`);
  return only;
}

/** People whom an identifier or a whole name fits now. */
export async function search(server: Server, kind: string, value: string, options: Pick<ReadOptions, 'purpose' | 'case'>): Promise<readonly SearchHit[]> {
  const reply = await ask(server, '/v1/subjects/search', { method: 'POST', headers: headersOf(options), body: { kind, value } });
  return (expectOk(reply, server) as { readonly subjects: readonly SearchHit[] }).subjects;
}

async function identifierFromStdin(kind: string): Promise<string> {
  if (process.stdin.isTTY === true) process.stderr.write(`${kind}, then Enter and Ctrl-D: `);
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) chunks.push(chunk);
  const value = Buffer.concat(chunks).toString('utf8').trim();
  if (value === '' || value.includes('\n')) throw new CliFault('stdin holds one identifier, on one line', EXIT.usage);
  return value;
}

export function headersOf({ purpose, case: about }: Pick<ReadOptions, 'purpose' | 'case'>): Record<string, string> {
  if (about !== undefined && !/^[\x20-\x7e]{1,200}$/.test(about)) throw new CliFault('--case is a number of up to 200 plain characters', EXIT.usage);
  return { 'liggare-purpose': purpose, ...(about !== undefined && { 'liggare-case': about }) };
}

function asOf({ known, valid, atLeast }: ReadOptions): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ known, valid, atLeast })) if (value !== undefined) query.set(name, value);
  return query;
}

export function languageOf({ lang }: Pick<ReadOptions, 'lang'>, env: Environment): Language {
  return lang ?? (/^en/i.test(env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || '') ? 'en' : 'sv');
}

function isRefusal(body: unknown, code: string): boolean {
  return typeof body === 'object' && body !== null && 'code' in body && body.code === code;
}

