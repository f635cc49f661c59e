/** Plain HTTP to a node of a cluster, with what a caller goes by: status, Retry-After, code, and how long it took. */
import { setTimeout as pause } from 'node:timers/promises';
import type { ServerProcess } from '../crash/server.js';

export interface Told {
  readonly status: number;
  /** Undefined where no such header came. */
  readonly retryAfter: string | undefined;
  readonly code: string | undefined;
  readonly body: unknown;
  readonly tookMs: number;
}

export interface Asking {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Rejects when nobody listens, or nobody answers within two minutes. */
export async function ask(node: ServerProcess, path: string, { method = 'GET', token = node.officer, headers = {}, body }: Asking = {}): Promise<Told> {
  const began = performance.now();
  const reply = await fetch(`http://127.0.0.1:${node.start.port}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'liggare-purpose': 'internal-audit', connection: 'close', ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(120_000),
  });
  const text = await reply.text();
  const parsed: unknown = text.startsWith('{') ? JSON.parse(text) : text;
  const code = typeof parsed === 'object' && parsed !== null && 'code' in parsed ? String(parsed.code) : undefined;
  return { status: reply.status, retryAfter: reply.headers.get('retry-after') ?? undefined, code, body: parsed, tookMs: performance.now() - began };
}

export function tell(node: ServerProcess, token: string, command: string, id: string, body: object): Promise<Told> {
  return ask(node, `/v1/commands/${command}`, { method: 'POST', token, headers: { 'idempotency-key': id }, body });
}

export interface Recorded {
  readonly status: 'recorded' | 'unchanged' | 'duplicate';
  readonly about: readonly string[];
  readonly events: readonly { readonly id: string; readonly type: string; readonly stream: string; readonly revision: number; readonly position: string }[];
}

/** What a command that was taken was answered; throws for any other answer. */
export function recordedIn({ status, body }: Told): Recorded {
  if (status !== 200) throw new Error(`answered ${status}: ${JSON.stringify(body)}`);
  return body as Recorded;
}

/** Asks again until it holds, and gives how many milliseconds that took. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, withinMs = 60_000): Promise<number> {
  const began = performance.now();
  while (performance.now() - began < withinMs) {
    if (await holds()) return performance.now() - began;
    await pause(50);
  }
  throw new Error(`not within ${withinMs} ms: ${what}`);
}

export async function isReady(node: ServerProcess): Promise<boolean> {
  return (await ask(node, '/readyz').catch(() => undefined))?.status === 200;
}

/** A new address in each call of a test: people are invented. */
export const addressOf = (name: string): { readonly kind: string; readonly value: string } => ({ kind: 'email', value: `${name}@example.org` });

export const consent = { service: 'newsletter', purposes: ['newsletter'], type: 'expressed' } as const;
export const withdrawal = { service: 'newsletter', purposes: ['newsletter'] } as const;
