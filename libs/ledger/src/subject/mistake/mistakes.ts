/**
 * What was recorded in error is destroyed: the values that the event sealed, and what it made people be found by. The event that says so is
 * the recorded intent; from it on the values read as erased, and at every start they are destroyed again (`architecture.md` §4).
 */
import { parseCanonical } from '#audit/canonical.js';
import { RiderRefused, type EventStore } from '#event-store/event-store.js';
import { parseWhen } from '#law/when.js';
import type { IdentifierKind, Vault, VaultWrite } from '#vault/vault.js';
import { decode } from '../../encoding.js';
import type { Envelope } from '../../envelope.js';
import type { Registers } from '../../registers.js';
import { everyEvent, foldPerson, readPerson } from '../merge/person.js';
import { subjectStream, type SubjectState } from '../subject.js';
import type { MistakeData } from './mistake.events.js';

export interface MistakeParts {
  readonly log: EventStore;
  readonly vault: Vault;
  readonly registers: Registers;
}

/** `revision`: of the event on `stream` that says so; gives its id. Safe to repeat; O(events of the person), or one look-up where it was done before. */
export async function destroyMistake(stream: string, revision: number, parts: MistakeParts): Promise<string> {
  const said = await eventAt(parts.log, stream, revision);
  const { on, revision: at } = said.data as MistakeData['RecordedInError'];
  const wrong = await eventAt(parts.log, subjectStream(on), at);
  const sealed = wrong.sealed ?? [];
  const values = sealed.map(({ slot, holding }) => ({ event: wrong.id, slot, holding }));
  const opened = await parts.vault.open(values);
  if (opened.length > 0 && opened.every(({ kind }) => kind === 'erased')) return said.id;
  const links = await linksAnew(stream, wrong, parts);
  const destruction = { intent: said.id, recordedAt: said.recordedAt, owner: wrong.stream, made: { values, identifiers: sealed.map(({ holding }) => holding) } };
  try {
    await parts.vault.destroy(destruction, links);
  } catch (fault) {
    // Somebody else has claimed what its end had released: the link is there again, and whoever looks finds both.
    if (!(fault instanceof RiderRefused)) throw fault;
    await parts.vault.destroy(destruction, links.filter(({ op }) => op !== 'claim'));
  }
  return said.id;
}

async function eventAt(log: EventStore, stream: string, revision: number): Promise<Envelope> {
  for await (const [event] of log.readStream(stream, { from: revision, limit: 1 })) if (event !== undefined) return decode(event);
  throw new Error(`${stream}@${revision} is spoken of but not in the log`);
}

/** An identifier that had not ended, and a name that was not another: found by again what the event had put an end to. */
async function linksAnew(stream: string, wrong: Envelope, { log, vault, registers }: MistakeParts): Promise<readonly VaultWrite[]> {
  const person = await readPerson(log, stream);
  const state = foldPerson(person);
  const places = [...identifiersAnew(wrong, state), ...namesAnew(wrong, state, registers)];
  const writes: VaultWrite[] = [];
  for (const { kind, identifier, event, slot, shared, ...times } of places) {
    const told = everyEvent(person).find(({ id }) => id === event);
    const [value] = await vault.open([{ event, slot, holding: identifier }]);
    const index = value?.kind === 'opened' ? vault.blindIndex(kind, String(parseCanonical(value.text))) : undefined;
    if (told === undefined || index === undefined) continue;
    const from = times.from ?? parseWhen(decode(told).occurredAt)?.earliest ?? decode(told).recordedAt;
    const owner = told.stream;
    if (times.to === undefined && !shared) writes.push({ op: 'claim', kind, index, owner });
    writes.push({ op: 'link', kind, index, owner, identifier, from, ...(times.to !== undefined && { to: times.to }), shared });
  }
  return writes;
}

interface Findable {
  readonly kind: IdentifierKind;
  readonly identifier: string;
  /** Where the value is sealed. */
  readonly event: string;
  readonly slot: string;
  readonly shared: boolean;
  readonly from?: string;
  readonly to?: string;
}

function identifiersAnew({ type, data }: Envelope, { identity }: SubjectState): readonly Findable[] {
  const known = type === 'SubjectIdentifierUnlinked' ? identity.identifiers.get(String(data['identifier'])) : undefined;
  if (known === undefined) return [];
  const { kind, identifier, event, use, from, to } = known;
  return [{ kind, identifier, event, slot: 'value', shared: use === 'shared', from, ...(to !== undefined && { to }) }];
}

function namesAnew({ sealed = [] }: Envelope, { holding: { holdings } }: SubjectState, registers: Registers): readonly Findable[] {
  return [...new Set(sealed.map(({ holding }) => holding))].flatMap((id): readonly Findable[] => {
    const known = holdings.get(id);
    const last = known?.current.at(-1);
    if (known === undefined || last === undefined || registers.newestPolicy(known.controller ?? '')?.model.category(known.category)?.identifier !== 'name') return [];
    return [{ kind: 'name', identifier: id, event: last.event, slot: last.slot, shared: true }];
  });
}

