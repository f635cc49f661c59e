import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import type { ClientConfig } from 'pg';
import { DatabaseUnusable } from './database.js';

/** What the URL may say besides where and who; anything else would be taken for granted and not be done. */
const KNOWN = new Set(['host', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey']);

/**
 * `postgres://user:password@host:port/database?sslmode=…&sslrootcert=…`. TLS with a verified certificate and name unless the host is this machine
 * or `sslmode=disable` says otherwise: left to itself the driver would speak in clear text to any host. `prefer`, `require` and
 * `verify-ca` are read as `verify-full`, as pg 8 reads them, and `no-verify` is refused. Throws `DatabaseUnusable`, which does not quote the URL.
 */
export function connectionOf(text: string): ClientConfig {
  const url = urlOf(text);
  const unknown = [...url.searchParams.keys()].find((name) => !KNOWN.has(name));
  if (unknown !== undefined) throw new DatabaseUnusable(`the PostgreSQL URL has a parameter that is not known (hint: ${[...KNOWN].join(', ')} are)`);
  const host = url.searchParams.get('host') ?? (decodeURIComponent(url.hostname).replace(/^\[(.+)\]$/, '$1') || 'localhost');
  const database = decodeURIComponent(url.pathname.slice(1));
  if (database === '') throw new DatabaseUnusable('the PostgreSQL URL names no database (hint: postgres://user@host:5432/database)');
  return {
    host,
    database,
    ...(url.port !== '' && { port: Number(url.port) }),
    ...(url.username !== '' && { user: decodeURIComponent(url.username) }),
    ...(url.password !== '' && { password: decodeURIComponent(url.password) }),
    ssl: tlsOf(url.searchParams, isLocal(host)),
  };
}

function urlOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'postgres:' || url?.protocol === 'postgresql:') return url;
  throw new DatabaseUnusable('that is not a PostgreSQL URL (hint: postgres://user@host:5432/database)');
}

function tlsOf(parameters: URLSearchParams, local: boolean): Exclude<ClientConfig['ssl'], undefined> {
  const mode = parameters.get('sslmode') ?? (local && !parameters.has('sslrootcert') ? 'disable' : 'verify-full');
  switch (mode) {
    case 'disable':
      return false;
    case 'prefer':
    case 'require':
    case 'verify-ca':
    case 'verify-full':
      return { rejectUnauthorized: true, ...pem('ca', parameters.get('sslrootcert')), ...pem('cert', parameters.get('sslcert')), ...pem('key', parameters.get('sslkey')) };
    default:
      throw new DatabaseUnusable('the PostgreSQL URL has an sslmode that is not taken (hint: verify-full, or disable)');
  }
}

function pem<Name extends string>(name: Name, file: string | null): { readonly [name in Name]?: string } {
  if (file === null || file === 'system') return {};
  try {
    const read: { [name in Name]?: string } = {};
    read[name] = readFileSync(file, 'utf8');
    return read;
  } catch {
    throw new DatabaseUnusable('a certificate or key file that the PostgreSQL URL names cannot be read (hint: check sslrootcert, sslcert and sslkey)');
  }
}

/** A Unix socket, or this machine by address or name. */
function isLocal(host: string): boolean {
  return host.startsWith('/') || host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
