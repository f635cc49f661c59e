/** What an error of the driver or of the server means to a caller. No word of theirs is handed on: they name hosts and users, and quote values. */
import { DatabaseUnavailable, DatabaseUnusable, StatementFailed } from './database.js';

/** Nothing of the transaction was written and it may be sent again: serialization_failure, deadlock_detected. */
export function isWorthARetry(error: unknown): boolean {
  return error instanceof StatementFailed && (error.code === '40001' || error.code === '40P01');
}

/** The database's own errors as they are, and everything else as one of them; an error that is none of the driver's is a bug and stays. */
export function faultOf(error: unknown): unknown {
  if (typeof error !== 'object' || error === null || error instanceof DatabaseUnavailable || error instanceof DatabaseUnusable || error instanceof StatementFailed) return error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const message = 'message' in error && typeof error.message === 'string' ? error.message : '';
  if (code !== undefined && UNREACHABLE.has(code)) return unavailable(code);
  if (code !== undefined && CERTIFICATE.test(code)) return unusable('its certificate is not to be trusted', code, 'give the authority’s certificate with sslrootcert, and the host’s name as the certificate has it');
  if (code !== undefined && SQLSTATE.test(code)) return faultOfServer(code, 'constraint' in error && typeof error.constraint === 'string' ? error.constraint : undefined);
  if (/does not support SSL/.test(message)) return unusable('it speaks no TLS', 'no TLS', 'set ssl = on there, or say sslmode=disable where the network is its own protection');
  if (DROPPED.test(message)) return unavailable('no answer');
  return /password must be a string|SASL|SCRAM/i.test(message) ? unusable('it wants a password that was not given, or another one', 'SASL', 'check user and password') : error;
}

const SQLSTATE = /^[0-9A-Z]{5}$/;
const UNREACHABLE = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN', 'ENOENT', 'ECONNABORTED']);
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL|^EPROTO$/;
/** pg's own sentences, which have no code. */
const DROPPED = /^Connection terminated|^timeout exceeded when trying to connect|^Query read timeout|not queryable|^Client was closed|after calling end on the pool|^timeout expired/;

/**
 * connection_exception 08, insufficient_resources 53, operator_intervention 57 but for a database that was dropped (57P04; 57014 is the
 * statement's time limit), system_error 58, lock_not_available, idle_in_transaction_session_timeout, and 25006: it only reads, as a primary does that was demoted.
 */
function faultOfServer(code: string, constraint: string | undefined): Error {
  if (code === '57P04' || code === '3D000') return unusable('there is no such database', code, 'make it, with ENCODING UTF8, or correct its name');
  if (code.startsWith('28')) return unusable('it does not let this user in', code, 'check user, password and pg_hba.conf');
  if (code === '42501') return unusable('this user may not do what is needed', code, 'let the user own the schema, or grant CREATE on the database');
  if (/^(08|53|57|58)|^(25006|25P03|55P03)$/.test(code)) return unavailable(code);
  return new StatementFailed(code, constraint);
}

function unavailable(code: string): DatabaseUnavailable {
  return new DatabaseUnavailable(`PostgreSQL cannot be reached now (${code})`);
}

function unusable(why: string, code: string, hint: string): DatabaseUnusable {
  return new DatabaseUnusable(`PostgreSQL cannot be used: ${why} (${code}; hint: ${hint})`);
}
