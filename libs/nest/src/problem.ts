/**
 * What goes wrong at the edge, as RFC 9457 problem details with a stable `code`. No problem repeats what somebody sent: codes, member
 * names and known alternatives are all it says.
 */
import { isAway } from './stores-fault.js';

/**
 * What a blocked ask recorded, as its caller is told it: further members of the problem (RFC 9457 §3.2). Nothing in it differs when the
 * same ask is sent again.
 */
export interface BlockedAnswer {
  readonly commandId: string;
  readonly about: readonly string[];
  readonly verdict: string;
  readonly decision: object;
  readonly events: readonly object[];
}

/** One fault, by the JSON pointer (RFC 6901) of the member it is about. */
export interface Fault {
  readonly pointer: string;
  readonly detail: string;
}

export interface Problem extends Partial<BlockedAnswer> {
  /** `urn:liggare:problem:<code>`: names the code, and is no address (RFC 9457 §3.1.1). */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail?: string;
  readonly pointer?: string;
  readonly errors?: readonly Fault[];
  readonly alternatives?: readonly string[];
  readonly article?: string;
}

const edgeProblems = {
  Invalid: { status: 400, title: 'The body does not have the form that this takes.' },
  MalformedJson: { status: 400, title: 'The body is not JSON.' },
  InvalidCloudEvent: { status: 400, title: 'The event is no CloudEvent 1.0 that this takes.' },
  IdempotencyKeyMissing: { status: 400, title: 'The header Idempotency-Key is missing: the id of this command, unique in its system.' },
  PurposeMissing: { status: 400, title: 'The header Liggare-Purpose says what the values are opened for, in one of the known codes.' },
  UnusableTime: { status: 400, title: 'The time is no instant and no date.' },
  BadRequest: { status: 400, title: 'The request is malformed.' },
  Unauthenticated: { status: 401, title: 'A valid bearer token is needed.' },
  NotPermitted: { status: 403, title: 'The token does not give the right to this.' },
  Blocked: { status: 403, title: 'Not permitted. The ask and this answer are recorded.' },
  SourceMismatch: { status: 403, title: 'The source of the event is not the system of the token.' },
  NotFound: { status: 404, title: 'There is nothing at this address.' },
  NoSuchToken: { status: 404, title: 'There is no token of this id.' },
  AlreadyRunning: { status: 409, title: 'This is running already.' },
  BodyTooLarge: { status: 413, title: 'The body is larger than this takes.' },
  UnsupportedMediaType: { status: 415, title: 'This takes no body of this content type.' },
  UnusableId: { status: 422, title: 'An id has characters outside its set, or holds personal data; use a pseudonymous id.' },
  UnknownCommand: { status: 422, title: 'There is no command of this type.' },
  UnknownAsk: { status: 422, title: 'There is no ask of this name; one names an act that the gate is asked to authorise.' },
  UnknownDataClassification: { status: 422, title: 'The classification of the data is unknown here; it would not be treated as it asks.' },
  UnknownRules: { status: 422, title: 'The rules of this version are not loaded.' },
  UnknownSystem: { status: 422, title: 'No system of this id is in the policy.' },
  Unavailable: { status: 503, title: 'The ledger cannot answer now; try again.' },
  InternalError: { status: 500, title: 'Something in the ledger is wrong; nothing more is known to be recorded.' },
} as const satisfies Record<string, { readonly status: number; readonly title: string }>;

export type EdgeCode = keyof typeof edgeProblems;
type Details = Omit<Problem, 'type' | 'title' | 'status' | 'code'>;

/** Thrown at the edge; the filter answers with it. */
export class EdgeFault extends Error {
  override readonly name = 'EdgeFault';
  readonly problem: Problem;
  constructor(code: EdgeCode, details: Details = {}) {
    const { title, status } = edgeProblems[code];
    super(title);
    this.problem = { type: typeOf(code), title, status, code, ...details };
  }
}

/** An ask that the gate blocked: no fault of the sender's, and recorded. Whoever sent it is answered with it all the same (403). */
export class BlockedAsk extends EdgeFault {
  constructor({ commandId, about, verdict, decision, events }: BlockedAnswer) {
    super('Blocked', { commandId, about, verdict, decision, events });
  }
}

/** A fault in the form of what was sent, at one place. */
export function invalidAt(code: EdgeCode, pointer: string, detail: string): EdgeFault {
  return new EdgeFault(code, { pointer, errors: [{ pointer, detail }] });
}

/** The ledger's refusals, told by their form: this room does not know the ledger. */
interface RefusalLike extends Error {
  readonly code: string;
  readonly status: number;
  readonly article: string;
  readonly detail: { readonly pointer?: string; readonly alternatives?: readonly string[] };
}

/** The problem of anything thrown. `within`: where the command stands in what was sent (`/data` in a CloudEvent). */
export function problemOf(error: unknown, within = ''): Problem {
  if (error instanceof EdgeFault) return error.problem;
  if (isRefusal(error)) {
    const { code, status, message, article, detail } = error;
    const { pointer, alternatives } = detail;
    return { type: typeOf(code), title: message, status, code, ...(pointer !== undefined && { pointer: within + pointer }), ...(alternatives && { alternatives }), article };
  }
  if (error instanceof Error && (error.name === 'Unavailable' || isAway(error))) {
    const isStopped = error.cause instanceof Error && error.cause.name === 'StoreStopped';
    const { problem } = new EdgeFault('Unavailable');
    return isStopped ? { ...problem, detail: 'The log takes no more commands until its operator has looked; whether this one was recorded, the same command again will tell.' } : problem;
  }
  return frameworkProblem(error);
}

/** What Fastify and Nest throw carries a status; what has none, or a server's, is ours to mend. */
function frameworkProblem(error: unknown): Problem {
  const status = statusOf(error);
  const code: EdgeCode =
    status === 401 ? 'Unauthenticated'
    : status === 403 ? 'NotPermitted'
    : status === 404 || status === 405 ? 'NotFound'
    : status === 413 ? 'BodyTooLarge'
    : status === 415 ? 'UnsupportedMediaType'
    : status >= 400 && status < 500 ? 'BadRequest'
    : 'InternalError';
  return new EdgeFault(code).problem;
}

function statusOf(error: unknown): number {
  if (!(error instanceof Error)) return 500;
  if (hasStatus(error)) return error.getStatus();
  return 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
}

/** As Nest's own exceptions have it; this file knows no framework. */
function hasStatus(error: object): error is { getStatus(): number } {
  return 'getStatus' in error && typeof error.getStatus === 'function';
}

function isRefusal(error: unknown): error is RefusalLike {
  return error instanceof Error && error.name === 'Refusal' && 'code' in error && 'status' in error && 'detail' in error;
}

function typeOf(code: string): string {
  return `urn:liggare:problem:${code}`;
}

/** Seconds after which a caller may well try again. */
export const RETRY_AFTER_SECONDS = 5;

export function problemHeaders({ code, status }: Problem): Readonly<Record<string, string>> {
  return {
    'content-type': 'application/problem+json; charset=utf-8',
    ...(status === 503 && { 'retry-after': String(RETRY_AFTER_SECONDS) }),
    ...(code === 'Unauthenticated' && { 'www-authenticate': 'Bearer realm="liggare"' }),
  };
}
