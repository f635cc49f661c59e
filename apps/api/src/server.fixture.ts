/** A server of its own for a test, with a token of each kind, and what sends to it without a network. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfiguration } from '#nest/configuration.js';
import type { Actor } from '#vault/vault.js';
import { startServer, type RunningServer } from './server.js';

export interface TestServer {
  readonly server: RunningServer;
  /** Undefined when it runs in memory. */
  readonly data: string;
  readonly tokens: Readonly<Record<Actor['role'], string>>;
  readonly logged: readonly string[];
  close(): Promise<void>;
}

export function temporaryData(): { readonly data: string; remove(): void } {
  const root = mkdtempSync(join(tmpdir(), 'liggare-api-'));
  return { data: join(root, 'data'), remove: () => rmSync(root, { recursive: true, force: true }) };
}

export async function startTestServer(engine: 'memory' | 'sqlite' = 'memory'): Promise<TestServer> {
  const { data, remove } = temporaryData();
  const logged: string[] = [];
  try {
    const server = await startServer(readConfiguration({ LIGGARE_DATA: data, LIGGARE_LOG: `${engine}:`, LIGGARE_PORT: '0' }), { writeLog: (line) => void logged.push(line) });
    const { vault } = server.parts;
    const tokens = {
      upstream: (await vault.createActor({ name: 'crm', role: 'upstream', system: 'crm' })).token,
      officer: (await vault.createActor({ name: 'an officer', role: 'officer' })).token,
      auditor: (await vault.createActor({ name: 'an auditor', role: 'auditor' })).token,
    };
    return {
      server,
      data,
      tokens,
      logged,
      close: async () => {
        await server.close();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  /** The body as JSON; an empty object when it is none. */
  readonly body: JsonObject;
}

export interface JsonObject {
  readonly [member: string]: Json;
}
export type Json = string | number | boolean | null | JsonObject | readonly Json[];

export interface Sending {
  readonly method?: 'GET' | 'POST' | 'DELETE' | 'PUT' | 'PATCH';
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON, a text or bytes as they are. */
  readonly body?: object | string;
}

export async function send({ server }: TestServer, url: string, { method, token, headers, body }: Sending = {}): Promise<Reply> {
  const response = await server.app.inject({
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    url,
    headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { payload: body }),
  });
  return { status: response.statusCode, headers: response.headers, text: response.body, body: parsed(response.body) };
}

let lastId = 0;

/** One command through its typed route, as the upstream, under an id of its own. */
export function command(to: TestServer, name: string, body: object | string, { id = `test-${++lastId}`, token = to.tokens.upstream }: { readonly id?: string; readonly token?: string } = {}): Promise<Reply> {
  return send(to, `/v1/commands/${name}`, { token, headers: { 'idempotency-key': id }, body });
}

/** A CloudEvent with a command. */
export function event(name: string, data: object, attributes: object = {}): JsonObject {
  return { specversion: '1.0', id: `test-${++lastId}`, source: 'crm', type: `se.liggare.${name}.v1`, data: data as JsonObject, ...attributes };
}

export function email(value: string): object {
  return { identifier: { kind: 'email', value }, createIfMissing: true };
}

function parsed(text: string): JsonObject {
  try {
    const value = JSON.parse(text) as Json;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : { items: value };
  } catch {
    return {};
  }
}
