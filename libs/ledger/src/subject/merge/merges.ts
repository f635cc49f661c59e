/**
 * Carries merges to their end, one append after the other (`architecture.md` §2). Each step is decided on what the log holds at that
 * moment, at the exact revision, under an id that follows from what caused it: whoever resumes, and however often, writes nothing twice.
 */
import { derivedEventIdText, LEDGER_SYSTEM, uuidV8OfHex } from '#audit/event-id.js';
import { WrongExpectedRevision, type EventStore } from '#event-store/event-store.js';
import { RULES_VERSION } from '#law/data/rules-version.js';
import type { Vault } from '#vault/vault.js';
import type { RecordedEvent } from '../../answer.js';
import { subjects } from '../../catalogue-entry.js';
import { decode, encode } from '../../encoding.js';
import type { Envelope } from '../../envelope.js';
import { Unavailable } from '../../refusals.js';
import type { Remembered, StreamCache } from '../../stream-cache.js';
import { SUBJECT_PREFIX, subjectOf, subjectStream, type SubjectState } from '../subject.js';
import { keptOnBoth } from './kept.js';
import type { MergeData } from './merge.events.js';
import { closedBy, openTaking, type Taking } from './merge.state.js';

export interface MergeParts {
  readonly log: EventStore;
  readonly vault: Pick<Vault, 'commandHmac'>;
  readonly streams: StreamCache;
}

/** Steps that are lost to somebody else's append before a caller is told to come again. */
const MAX_STEPS = 64;

/** A survivor, and the merge of theirs that is not done. */
interface Waiting {
  readonly stream: string;
  readonly merge: string;
}

type Known = Remembered<SubjectState>;
/** An event to be made: what its envelope says beyond its place and time. */
type Made = Pick<Envelope, 'type' | 'data' | 'correlationId' | 'causationId'> & Partial<Envelope>;

export class Merges {
  readonly #parts: MergeParts;

  constructor(parts: MergeParts) {
    this.#parts = parts;
  }

  /** The stream where a person is told of now: their own, unless they were merged away. Finishes a half-done un-merge on the way. */
  async survivorOf(stream: string, now: string): Promise<string> {
    return (await this.wayFrom(stream, now)).survivor;
  }

  /** The same, with the streams between: for a time the person was told of on each of them. */
  async wayFrom(stream: string, now: string): Promise<{ readonly survivor: string; readonly between: readonly string[] }> {
    if (!stream.startsWith(SUBJECT_PREFIX)) return { survivor: stream, between: [] };
    const way: string[] = [];
    for (let at = stream, seen = 0; ; seen++) {
      if (seen === MAX_STEPS) throw new TypeError('nobody is the survivor of this person: they were merged into each other');
      const closing = closedBy((await this.#parts.streams.load(at, subjects)).state.merge);
      if (closing === undefined) return { survivor: at, between: way.slice(1) };
      const into = subjectStream(closing.into);
      const taking = (await this.#parts.streams.load(into, subjects)).state.merge.takings.get(closing.merge);
      if (taking?.released !== undefined) await this.release(into, closing.merge, now);
      else {
        way.push(at);
        at = into;
      }
    }
  }

  /** Whether a person is told of on this stream still; asked under its queue, so that nobody hands them back before the append. Writes nothing. */
  async isPartOf(stream: string, person: string): Promise<boolean> {
    for (let at = person, seen = 0; at !== stream; seen++) {
      const closing = closedBy((await this.#parts.streams.load(at, subjects)).state.merge);
      if (closing === undefined || seen === MAX_STEPS) return false;
      const into = subjectStream(closing.into);
      if ((await this.#parts.streams.load(into, subjects)).state.merge.takings.get(closing.merge)?.released !== undefined) return false;
      at = into;
    }
    return true;
  }

  /** The merge that an event on the survivor's stream is a step of. */
  async mergeAt(stream: string, revision: number): Promise<string> {
    const [event] = await this.#read(stream, revision, 1);
    return (event?.data as MergeData['MergeAbandoned']).merge;
  }

  /** Finishes what is under way on a survivor, if anything is. */
  async settle(stream: string, now: string): Promise<void> {
    const open = openTaking((await this.#parts.streams.load(stream, subjects)).state.merge);
    if (open !== undefined) await this.finish(stream, open.merge, now);
  }

  /** Closes the other, then absorbs it; or abandons the merge. Gives the events that did. */
  async finish(stream: string, merge: string, now: string): Promise<readonly RecordedEvent[]> {
    for (let step = 0; step < MAX_STEPS; step++) {
      const taking = takingIn(await this.#fresh(stream), merge);
      const from = subjectStream(taking.from);
      if (taking.abandoned !== undefined) return this.#told(stream, taking.abandoned.revision);
      if (taking.absorbed !== undefined) return [...(await this.#told(from, await this.#closedAt(taking, stream))), ...(await this.#told(stream, taking.absorbed.revision))];
      await this.#step(stream, taking, now);
    }
    throw new Unavailable('the people to be merged were written by others at every attempt; try again');
  }

  /**
   * The other is read before the survivor. Where it may be closed and the merge is open then, nobody can have given the merge up: that takes
   * a merge of the other's own, which would stand at the revision that it is closed at.
   */
  async #step(stream: string, { merge, from: who }: Taking, now: string): Promise<void> {
    const from = subjectStream(who);
    const other = await this.#fresh(from);
    const own = await this.#fresh(stream);
    const taking = takingIn(own, merge);
    if (taking.absorbed !== undefined || taking.abandoned !== undefined) return;
    const closing = closedBy(other.state.merge);
    if (closing?.merge === merge) return this.#make(stream, own, this.#because(taking, 'SubjectAbsorbed', { merge, from: taking.from, revision: closing.revision }), now);
    if (closing !== undefined) return this.#make(stream, own, this.#because(taking, 'MergeAbandoned', { merge }), now);
    const open = openTaking(other.state.merge);
    if (open === undefined) return this.#make(from, other, this.#because(taking, 'SubjectMergedInto', { merge, into: subjectOf(stream) }), now);
    const greatest = await this.#greatestOfCircle(stream, taking);
    if (greatest === undefined) await this.finish(from, open.merge, now);
    else if (greatest.merge === merge) await this.#make(stream, own, this.#because(taking, 'MergeAbandoned', { merge }), now);
    else await this.finish(greatest.stream, greatest.merge, now);
  }

  /**
   * Where each waits for the next and the last for the first, the merge with the greatest id gives way; undefined where nobody waits in a
   * circle. Looked at twice: what is open both times was open in between, all of it at once, so that everybody finds the same greatest.
   */
  async #greatestOfCircle(stream: string, taking: Taking): Promise<Waiting | undefined> {
    const circle = await this.#circleFrom(stream, taking);
    const again = await this.#circleFrom(stream, taking);
    if (circle === undefined || again === undefined || circle.length !== again.length || circle.some(({ merge }, i) => merge !== again[i]?.merge)) return undefined;
    return circle.toSorted((a, b) => (a.merge < b.merge ? 1 : -1))[0];
  }

  async #circleFrom(stream: string, taking: Taking): Promise<readonly Waiting[] | undefined> {
    const circle: Waiting[] = [{ stream, merge: taking.merge }];
    for (let at = subjectStream(taking.from); at !== stream; ) {
      if (circle.some((waiting) => waiting.stream === at)) return undefined;
      const open = openTaking((await this.#fresh(at)).state.merge);
      if (open === undefined) return undefined;
      circle.push({ stream: at, merge: open.merge });
      at = subjectStream(open.from);
    }
    return circle;
  }

  /** Opens the other again, with copies of what stays on both in the same append. Gives the events that did. */
  async release(stream: string, merge: string, now: string): Promise<readonly RecordedEvent[]> {
    for (let step = 0; step < MAX_STEPS; step++) {
      const own = await this.#fresh(stream);
      const taking = takingIn(own, merge);
      const from = subjectStream(taking.from);
      const other = await this.#fresh(from);
      const closing = other.state.merge.closings.get(merge);
      if (closing === undefined || taking.released === undefined) throw new TypeError('only a merge that was done and is taken back can be released');
      if (closing.reversed !== undefined) return this.#told(from, closing.revision + 1, closing.reversed - closing.revision);
      const { event: causationId, revision } = taking.released;
      const meantime = await this.#read(stream, taking.started.revision + 1, revision - taking.started.revision - 1);
      const apart = { people: [taking.from, ...other.state.merge.family], annulled: own.state.mistake.annulled };
      const { correlationId } = taking.started;
      const copies = keptOnBoth(meantime, apart).map((kept): Made => ({ ...copyOf(kept), id: this.#idOf(causationId, `kept:${kept.id}`), correlationId, causationId: kept.id }));
      const reversed: Made = { id: this.#idOf(causationId, 'reversed'), type: 'SubjectMergeReversed', data: { merge, survivor: subjectOf(stream) }, correlationId, causationId };
      await this.#append(from, other, [...copies, reversed], now);
    }
    throw new Unavailable('the person to be handed back was written by others at every attempt; try again');
  }

  #because({ started }: Taking, type: keyof MergeData, data: Readonly<Record<string, unknown>>): Made {
    return { id: this.#idOf(started.event, type), type, data, correlationId: started.correlationId, causationId: started.event };
  }

  #idOf(causing: string, step: string): string {
    return uuidV8OfHex(this.#parts.vault.commandHmac(derivedEventIdText(causing, step), 'hex'));
  }

  #make(stream: string, known: Known, made: Made, now: string): Promise<void> {
    return this.#append(stream, known, [made], now);
  }

  /** At the revision that was looked at; when somebody else was quicker, the caller looks again. */
  async #append(stream: string, known: Known, made: readonly Made[], now: string): Promise<void> {
    const { log, streams } = this.#parts;
    const at = now > known.recordedAt ? now : known.recordedAt;
    const first = known.revision === 'none' ? 0 : known.revision + 1;
    const events = made.map((one, n) => encode({ id: '', version: 1, occurredAt: at, ...one, stream, revision: first + n, recordedAt: at, system: LEDGER_SYSTEM, rules: RULES_VERSION }));
    try {
      await streams.queued(stream, () => log.append({ stream, expected: known.revision, events }));
    } catch (fault) {
      if (!(fault instanceof WrongExpectedRevision)) throw fault;
    } finally {
      streams.forget(stream);
    }
  }

  /** As the log has it now: a step rests on two streams, and only one of them is looked at by its append. */
  async #fresh(stream: string): Promise<Known> {
    this.#parts.streams.forget(stream);
    return this.#parts.streams.load(stream, subjects);
  }

  async #closedAt({ absorbed }: Taking, stream: string): Promise<number> {
    const [event] = await this.#read(stream, absorbed?.revision ?? 0, 1);
    return (event?.data as MergeData['SubjectAbsorbed']).revision;
  }

  async #told(stream: string, from: number, limit = 1): Promise<readonly RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    for await (const batch of this.#parts.log.readStream(stream, { from, limit })) events.push(...batch.map(({ id, type, revision, position }) => ({ id, type, stream, revision, position })));
    return events;
  }

  async #read(stream: string, from: number, limit: number): Promise<readonly Envelope[]> {
    const events: Envelope[] = [];
    if (limit > 0) for await (const batch of this.#parts.log.readStream(stream, { from, limit })) events.push(...batch.map(decode));
    return events;
  }
}

function takingIn({ state }: Known, merge: string): Taking {
  const taking = state.merge.takings.get(merge);
  if (taking === undefined) throw new TypeError('the survivor knows nothing of this merge');
  return taking;
}

/** What was told, without who told it of whom: the copy's cause says where that stands. Strings that were sealed stay where they are. */
function copyOf({ type, version, occurredAt, controller, service, onBehalfOf, policy, data }: Envelope): Pick<Made, 'type' | 'data'> & Partial<Envelope> {
  return {
    type,
    version,
    occurredAt,
    ...(controller !== undefined && { controller }),
    ...(service !== undefined && { service }),
    ...(onBehalfOf !== undefined && { onBehalfOf }),
    ...(policy !== undefined && { policy }),
    data,
  };
}
