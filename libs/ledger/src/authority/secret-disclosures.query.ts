/** A page of what was told on authorities' streams: pseudonymous, nothing is opened, so no access line is written. */
import type { EventStore, Position, StoredEvent } from '#event-store/event-store.js';
import type { ViewReader } from '#projection/view.js';
import { decode } from '../encoding.js';
import { AUTHORITY_PREFIX } from './authority.state.js';
import { scopes, SECRET_TABLE, secretDisclosuresView } from './secret-disclosures.view.js';
import { eventAt } from '../queries.js';

export interface SecretPage {
  readonly authority?: string;
  readonly subject?: string;
  readonly limit: number;
  /** `next` of the page before. */
  readonly after?: Position;
}

export interface SecretLine {
  readonly position: Position;
  readonly event: string;
  readonly type: string;
  readonly authority: string;
  readonly occurredAt: string;
  readonly recordedAt: string;
  readonly actor?: string;
  readonly controller?: string;
  readonly verdict?: string;
  readonly failed?: readonly string[];
  readonly data: Readonly<Record<string, unknown>>;
}

export interface SecretReply {
  readonly position: Position | null;
  /** Newest first. */
  readonly lines: readonly SecretLine[];
  /** Give it as `after` for the next page; absent on the last. */
  readonly next?: Position;
}

/** Newest first. One row and one event read for each line. */
export async function readSecretDisclosures({ log, views }: { readonly log: EventStore; readonly views: ViewReader }, { authority, subject, limit, after }: SecretPage): Promise<SecretReply> {
  const position = await views.checkpoint(secretDisclosuresView.name);
  const scope = subject !== undefined ? scopes.subject(subject) : authority !== undefined ? scopes.authority(authority) : scopes.all;
  const page = await views.rows(SECRET_TABLE, [scope], { backwards: true, limit: limit + 1, ...(after !== undefined && { after: [scope, after] }) });
  const lines: SecretLine[] = [];
  for (const row of page.slice(0, limit)) lines.push(lineOf(await eventAt(log, String(row['stream']), Number(row['revision']))));
  const last = lines.at(-1);
  return { position: position ?? null, lines, ...(page.length > limit && last !== undefined && { next: last.position }) };
}

function lineOf(stored: StoredEvent): SecretLine {
  const { id, type, stream, occurredAt, recordedAt, actor, controller, verdict, failed, data } = decode(stored);
  return {
    position: stored.position,
    event: id,
    type,
    authority: stream.slice(AUTHORITY_PREFIX.length),
    occurredAt,
    recordedAt,
    ...(actor !== undefined && { actor }),
    ...(controller !== undefined && { controller }),
    ...(verdict !== undefined && { verdict }),
    ...(failed !== undefined && { failed }),
    data,
  };
}
