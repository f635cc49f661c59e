/** Who calls: by bearer token, before anything else of a request is looked at. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor, Vault } from '#vault/vault.js';
import { EdgeFault, problemHeaders } from './problem.js';
import { isAway } from './stores-fault.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose token it came with; null only where no token is needed. */
    actor: Actor | null;
  }
}

/** The system that officers and auditors speak for: they use no system of their own. */
export const CONSOLE_SYSTEM = 'console';

export function systemOf(actor: Actor): string {
  return actor.system ?? CONSOLE_SYSTEM;
}

/** How long a token is not looked up again: the longest that a revocation by another process can take to be noticed. */
const REMEMBERED_MS = 1_000;
const MOST_REMEMBERED = 1_000;
/** How long a token is known without the vault: a node that is split from it alone would not hear of a revocation. */
const KNOWN_WHILE_AWAY_MS = 300_000;

interface Remembered {
  readonly actor: Actor;
  readonly until: number;
  /** When the vault last said so. */
  readonly askedAt: number;
}

export class Authentication {
  readonly #known = new Map<string, Remembered>();

  constructor(
    private readonly vault: Pick<Vault, 'actorOf'>,
    private readonly clock: () => number = Date.now,
  ) {}

  /** Whose token it is; undefined when it is unknown, expired or revoked. Answers at once for one that was seen lately. */
  of(token: string): Actor | undefined | Promise<Actor | undefined> {
    const now = this.clock();
    const known = this.#known.get(token);
    return known !== undefined && now < known.until ? valid(known.actor, now) : this.#lookUp(token, now);
  }

  /** A token was revoked here: nothing is remembered any more. */
  forget(): void {
    this.#known.clear();
  }

  async #lookUp(token: string, now: number): Promise<Actor | undefined> {
    const found = await this.#inVault(token, now);
    if (found === undefined) {
      this.#known.delete(token);
      return undefined;
    }
    if (this.#known.size >= MOST_REMEMBERED) this.#known.clear();
    this.#known.set(token, { ...found, until: now + REMEMBERED_MS });
    return valid(found.actor, now);
  }

  /** While the vault is away nobody can revoke a token there, and who was known a moment ago is known still. */
  async #inVault(token: string, now: number): Promise<Omit<Remembered, 'until'> | undefined> {
    try {
      const actor = await this.vault.actorOf(token);
      return actor && { actor, askedAt: now };
    } catch (error) {
      const known = this.#known.get(token);
      if (!isAway(error) || known === undefined || now >= known.askedAt + KNOWN_WHILE_AWAY_MS) throw error;
      return known;
    }
  }
}

function valid(actor: Actor, now: number): Actor | undefined {
  if (actor.revokedAt !== undefined) return undefined;
  return actor.expiresAt === undefined || now < Date.parse(actor.expiresAt) ? actor : undefined;
}

const WITHOUT_TOKEN: ReadonlySet<string> = new Set(['/healthz', '/readyz']);
/** A browser asks for a password where a page wants one, and the token is that. */
const WITH_PASSWORD = /^\/(docs(\/.*)?|openapi\.json)$/;
const BEARER = /^Bearer +([A-Za-z0-9._~+/=-]{1,512})$/i;

/** Fastify's `onRequest` hook: no address is answered without a token but health, unknown ones included. */
export function authenticating(authentication: Authentication) {
  return (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void => {
    const path = pathOf(request.url);
    if (WITHOUT_TOKEN.has(path)) return done();
    const isPage = WITH_PASSWORD.test(path);
    const token = tokenIn(request.headers.authorization, isPage);
    if (token === undefined) return unauthenticated(reply, isPage);
    const found = authentication.of(token);
    if (found instanceof Promise) {
      found.then((actor) => admit(actor, request, reply, isPage, done), done);
      return;
    }
    admit(found, request, reply, isPage, done);
  };
}

function admit(actor: Actor | undefined, request: FastifyRequest, reply: FastifyReply, isPage: boolean, done: () => void): void {
  if (actor === undefined) return unauthenticated(reply, isPage);
  request.actor = actor;
  done();
}

function unauthenticated(reply: FastifyReply, isPage: boolean): void {
  const { problem } = new EdgeFault('Unauthenticated');
  const asked = isPage ? { 'www-authenticate': 'Basic realm="liggare (any name; the token as password)", charset="UTF-8"' } : {};
  void reply.code(problem.status).headers({ ...problemHeaders(problem), ...asked }).send(JSON.stringify(problem));
}

function tokenIn(header: string | undefined, isPage: boolean): string | undefined {
  if (header === undefined) return undefined;
  const bearer = BEARER.exec(header)?.[1];
  if (bearer !== undefined || !isPage || !/^Basic /i.test(header)) return bearer;
  const pair = Buffer.from(header.slice(6), 'base64').toString('utf8');
  const password = pair.slice(pair.indexOf(':') + 1);
  return BEARER.exec(`Bearer ${password}`)?.[1];
}

export function pathOf(url: string): string {
  const end = url.indexOf('?');
  return end === -1 ? url : url.slice(0, end);
}

/** The caller of a request that has passed the hook. */
export function actorIn(request: FastifyRequest): Actor {
  if (request.actor === null) throw new EdgeFault('Unauthenticated');
  return request.actor;
}
