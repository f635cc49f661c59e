/** What an error of a call means for who made it. */
import { AppendRefused, StoreUnusable } from '../event-store.js';

/** A call was made in vain. `away`: it may be answered another time. `notLeader`: elsewhere. `final`: never, as things are. */
export type Fault = { readonly kind: 'away' | 'notLeader'; readonly error: Error } | { readonly kind: 'final'; readonly error: Error };

/** No connection could be made. `refused`: whoever is there said no at once, or nobody is there. Nothing was sent. */
export class NotConnected extends Error {
  override readonly name = 'NotConnected';
  constructor(
    message: string,
    readonly refused: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A call took longer than this adapter waits; a server that stands still lets the client's own deadline pass for 20 s (dependencies, 2.4). */
export class TookTooLong extends Error {
  override readonly name = 'TookTooLong';
}

/** The server answered, and not with what became of the append. */
export class NotNow extends Error {
  override readonly name = 'NotNow';
}

/** The server ended a call that has no end. */
export class Ended extends Error {
  override readonly name = 'Ended';
}

/** gRPC's numbers. */
const CODE = { unknown: 2, permissionDenied: 7, unimplemented: 12, unauthenticated: 16 } as const;
const ACCESS_DENIED = 'EventStoreDB does not let this user read and write the log (hint: user and password stand in the URL, before the host)';
const STREAM_DELETED = 'a stream of this log was deleted for good in EventStoreDB, which a ledger never does (hint: restore the log from a backup)';
const CERTIFICATE = /certificate|altnames|self[- ]signed|wrong version number|packet length too long|ssl3?_|tlsv1|unable to get (local )?issuer/i;

/** Raw gRPC errors and the client's own alike: some calls give one, some the other (dependencies, 2.4). */
export function faultOf(error: unknown): Fault {
  if (!(error instanceof Error)) return { kind: 'final', error: new Error(String(error)) };
  if (error instanceof NotConnected || error instanceof TookTooLong || error instanceof NotNow || error instanceof Ended) return { kind: 'away', error };
  const { code } = error as { code?: unknown };
  if (typeof code !== 'number') return { kind: 'final', error };
  const exception = trailer(error, 'exception');
  if (exception === 'not-leader') return { kind: 'notLeader', error };
  if (exception === 'access-denied' || code === CODE.permissionDenied || code === CODE.unauthenticated) return unusable(ACCESS_DENIED, error);
  if (exception === 'stream-deleted') return unusable(STREAM_DELETED, error);
  if (exception === 'maximum-append-size-exceeded') return { kind: 'final', error: new AppendRefused(TOO_LARGE) };
  if (code === CODE.unimplemented) return unusable('the server at the log\'s URL does not speak EventStoreDB\'s protocol', error);
  if (CERTIFICATE.test(error.message)) return unusable(`EventStoreDB's certificate is not accepted: ${cause(error)} (hint: tls and tlsCAFile in the log's URL)`, error);
  return { kind: 'away', error };
}

/** The server could not say what it met: at the start of a read from a position, that no event begins there (23.10.6). */
export function isUnknown(error: unknown): boolean {
  return error instanceof Error && (error as { code?: unknown }).code === CODE.unknown && trailer(error, 'exception') === undefined;
}

const TOO_LARGE = 'EventStoreDB takes no append of this size';

/** What one append was answered with, other than success and another revision. */
export function refusedWith(why: string, message: string): Fault {
  switch (why) {
    case 'AccessDenied':
      return unusable(ACCESS_DENIED);
    case 'StreamDeleted':
      return unusable(STREAM_DELETED);
    case 'MaximumAppendSizeExceeded':
      return { kind: 'final', error: new AppendRefused(TOO_LARGE) };
    case 'BadRequest':
      return { kind: 'final', error: new AppendRefused('EventStoreDB calls this append malformed') };
    // A time-out of the server's own, no leader yet, too busy, or what a later server may say: the same ids again settle it.
    default:
      return { kind: 'away', error: new NotNow(`EventStoreDB answered an append with ${why}: ${message}`) };
  }
}

function unusable(sentence: string, cause?: Error): Fault {
  return { kind: 'final', error: new StoreUnusable(sentence, cause && { cause }) };
}

/** The last error of the connection, without the words of gRPC, Node and OpenSSL around it. */
const cause = ({ message }: Error): string =>
  message
    .replace(/^.*Last error: (Error: )?/s, '')
    .replace(/^[\dA-F]+:error:[\dA-F]+:[^:]*:[^:]*:/i, '')
    .replace(/(; if the root CA|:\.\.|\. ?Resolution note|\n).*$/s, '');

/** Of the call's trailers; `metadata` is a class of a package that this room does not name. */
function trailer(error: Error, name: string): string | undefined {
  const { metadata } = error as { metadata?: { get?: (name: string) => readonly (string | Buffer)[] } };
  return metadata?.get?.(name)[0]?.toString();
}
