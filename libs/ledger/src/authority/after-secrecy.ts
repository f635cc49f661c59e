/**
 * Disclosures that the person could not be told of, once they may be: the record then shows them like any other (GDPR Art. 15(1)(c)). They
 * stay on the authority's stream; nothing of them is on the person's own, before or after.
 */
import type { EventStore, Position, StoredEvent } from '#event-store/event-store.js';
import { earliestOf } from '../told-time.js';
import type { ViewReader } from '#projection/view.js';
import { decode } from '../encoding.js';
import { swedishDay } from '../period.js';
import type { ActEntry } from '../record/record.entries.js';
import type { AuthorityData } from './authority.events.js';
import { AUTHORITY_PREFIX } from './authority.state.js';
import { scopes, SECRET_TABLE } from './secret-disclosures.view.js';

export interface AfterSecrecy {
  /** Everybody whom the person took in, and themselves. */
  readonly subjects: readonly string[];
  /** The instant in the world that is asked about. */
  readonly valid: string;
  /** What was known: no event after it. */
  readonly position: Position | undefined;
}

/** One range of rows for each subject, and one event read for each row. */
export async function disclosuresAfterSecrecy({ log, views }: { readonly log: EventStore; readonly views: ViewReader }, { subjects, valid, position }: AfterSecrecy): Promise<readonly ActEntry[]> {
  const events: StoredEvent[] = [];
  for (const subject of subjects)
    for (const row of await views.rows(SECRET_TABLE, [scopes.subject(subject)]))
      if (position === undefined || String(row['position']) <= position)
        for await (const batch of log.readStream(String(row['stream']), { from: Number(row['revision']), limit: 1 })) events.push(...batch);
  const today = swedishDay(valid);
  const ended = new Set(events.map(decode).filter(({ type, data }) => type === 'SecrecyEnded' && (data as AuthorityData['SecrecyEnded']).on <= today).map(({ data }) => data['disclosure']));
  return events.map(decode).flatMap((event) => {
    if (event.type !== 'SecretDisclosurePerformed' || earliestOf(event) > valid) return [];
    const { subject: _subject, gagUntil, ...data } = event.data as AuthorityData['SecretDisclosurePerformed'];
    if (!ended.has(data.disclosure) && (gagUntil === undefined || gagUntil >= today)) return [];
    const { id, occurredAt, recordedAt, controller, service, verdict, failed, stream, sealed } = event;
    return [
      {
        kind: 'act',
        event: id,
        type: 'PersonalDataDisclosed',
        occurredAt,
        recordedAt,
        ...(controller !== undefined && { controller }),
        ...(service !== undefined && { service }),
        ...(verdict !== undefined && { verdict }),
        ...(failed !== undefined && { failed }),
        data: { ...data, recipient: stream.slice(AUTHORITY_PREFIX.length), role: 'authority' },
        references: (sealed ?? []).map(({ slot, holding }) => ({ event: id, slot, holding })),
      } as const,
    ];
  });
}
