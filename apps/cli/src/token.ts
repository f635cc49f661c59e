/** `liggare token`: who may talk to a running server. */
import { EXIT, type ExitCode } from './fault.js';
import { padded } from './layout.js';
import { ask, expectOk, serverFrom, type Environment, type ServerOptions } from './server.js';

export interface CreateTokenOptions extends ServerOptions {
  readonly name: string;
  readonly role: string;
  readonly system?: string;
  readonly expires?: string;
  readonly json?: true;
}

interface ActorShown {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly system?: string;
  readonly expiresAt?: string;
  readonly revokedAt?: string;
}

/** The token goes to stdout alone, so that it can be piped; what to know about it to stderr. */
export async function createToken(options: CreateTokenOptions, env: Environment): Promise<ExitCode> {
  const server = serverFrom(options, env);
  const { name, role, system, expires } = options;
  const body = { name, role, ...(system !== undefined && { system }), ...(expires !== undefined && { expires }) };
  const made = expectOk(await ask(server, '/v1/tokens', { method: 'POST', body }), server) as { readonly token: string; readonly id: string };
  process.stdout.write(options.json === true ? `${JSON.stringify(made)}\n` : `${made.token}\n`);
  if (options.json !== true) process.stderr.write(`This token is shown once and kept nowhere (id ${made.id}).\n`);
  return EXIT.done;
}

export async function listTokens(options: ServerOptions & { readonly json?: true }, env: Environment): Promise<ExitCode> {
  const server = serverFrom(options, env);
  const { tokens } = expectOk(await ask(server, '/v1/tokens'), server) as { readonly tokens: readonly ActorShown[] };
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify(tokens)}\n`);
    return EXIT.done;
  }
  for (const { id, name, role, system, expiresAt, revokedAt } of tokens) {
    const state = revokedAt !== undefined ? `revoked ${revokedAt.slice(0, 10)}` : expiresAt !== undefined ? `until ${expiresAt.slice(0, 10)}` : '';
    process.stdout.write(`${[id, padded(role, 8), padded(system ?? '', 18), padded(name, 24), state].join('  ').trimEnd()}\n`);
  }
  return EXIT.done;
}

export async function revokeToken(id: string, options: ServerOptions, env: Environment): Promise<ExitCode> {
  const server = serverFrom(options, env);
  expectOk(await ask(server, `/v1/tokens/${encodeURIComponent(id)}`, { method: 'DELETE' }), server);
  process.stderr.write('The token is revoked.\n');
  return EXIT.done;
}
