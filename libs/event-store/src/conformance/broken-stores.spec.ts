import { describe, expect, it } from '@jest/globals';
import { conformanceChecks } from '../conformance.js';
import type { EventStore } from '../event-store.js';
import { MemoryEventStore } from '../memory/memory-event-store.js';
import * as broken from './broken-stores.examples.js';

/** Each broken store, and the checks that must see it (by the beginning of their names). */
const cases: readonly (readonly [what: string, open: () => EventStore, seenBy: readonly string[]])[] = [
  ['loses the last of several events', () => new broken.LosesTheLastOfSeveral(), ['counts revisions from 0', 'lets one of 64 racers']],
  ['gives positions backwards', () => new broken.GivesPositionsBackwards(), ['counts revisions from 0', 'gives later events greater positions']],
  [
    'ignores the expected revision',
    () => new broken.IgnoresTheExpectedRevision(),
    ['refuses a revision on a missing stream', 'refuses none on a stream that exists', 'lets one of 64 racers'],
  ],
  ['writes repeats again', () => new broken.WritesRepeatsAgain(), ['answers the same ids at the same revision', 'answers 64 repeats of one append']],
  ['gives a repeat the position of its last event', () => new broken.GivesARepeatOnePosition(), ['gives an append that was repeated in between', 'answers a repeat that spans']],
  ['compares content', () => new broken.ComparesContent(), ['looks at ids only']],
  ['knows whole appends only', () => new broken.KnowsWholeAppendsOnly(), ['answers the first of two', 'answers a repeat that spans']],
  ['takes a known id for a repeat', () => new broken.TakesAKnownIdForARepeat(), ['writes at the right revision an id', 'answers the first of two']],
  ['writes always with any', () => new broken.WritesAlwaysWithAny(), ['with any: writes unknown ids']],
  ['lets appends overtake each other', () => new broken.LetsAppendsOvertake(), ['writes appends to one stream']],
  ['takes an append without events', () => new broken.TakesAnything(), ['refuses what is malformed']],
  ['counts two bytes a character', () => new broken.CountsTwoBytesACharacter(), ['takes 900 KiB']],
  ['writes the events of an append one by one', () => new broken.WritesOneByOne(), ['reads whole appends while others write']],
  [
    'writes its own spelling of the data',
    () => new broken.ChangesEvents((event) => ({ ...event, data: respelled(event.data) })),
    ['gives data back byte for byte'],
  ],
  ['cuts types off', () => new broken.ChangesEvents((event) => ({ ...event, type: event.type.slice(0, 6) })), ['keeps odd stream names and types']],
  ['composes stream names', () => new broken.ComposesStreamNames(), ['keeps odd stream names and types']],
  ['acknowledges before it has written', () => new broken.AcknowledgesEarly(), ['shows an append to every read']],
  ['gives a missing stream a revision', () => new broken.MissesAMissingStream(), ['reads a missing stream as empty']],
  [
    'begins one revision late',
    () => new broken.BrokenReads({ stream: (options) => (options.from ? { ...options, from: options.from + 1 } : options) }),
    ['reads a stream from a revision on', 'pages a stream of 1 001 events'],
  ],
  ['loses an event between pages', () => new broken.LosesAnEventBetweenPages(), ['pages a stream of 1 001 events']],
  ['reads all by stream', () => new broken.ReadsAllByStream(), ['reads all events in the order of their positions']],
  [
    'forgets the limit',
    () => new broken.BrokenReads({ all: ({ limit: _, ...options }) => options }),
    ['reads all from a position', 'gives what a filter asks for and nothing else: types'],
  ],
  [
    'forgets the types of a filter',
    () => new broken.BrokenReads({ all: (options) => ({ ...options, filter: { streamPrefixes: options.filter?.streamPrefixes ?? [''] } }) }),
    ['gives what a filter asks for and nothing else: types'],
  ],
  ['gives up on rare events', () => new broken.GivesUpOnRareEvents(), ['finds a rare event among many']],
  ['forgets its last event', () => new broken.ForgetsItsLastEvent(), ['knows the position of the last event']],
  [
    'takes a strange position for the start',
    () => new broken.BrokenReads({ all: (options) => (options.from === 'nowhere' ? {} : options) }),
    ['refuses a position that is none of its own'],
  ],
  [
    'ends when it has caught up',
    () => new broken.BrokenSubscription(broken.endAfterCatchingUp),
    ['gives history, says that it has caught up', 'waits for a stream that does not exist yet'],
  ],
  [
    'does not know where it caught up',
    () => new broken.BrokenSubscription((subscribe, options) => changed(subscribe(options), (message) => (message.kind === 'caughtUp' ? [{ kind: 'caughtUp', position: undefined }] : [message]))),
    ['catches up at the position'],
  ],
  ['begins with the first event always', () => new broken.BrokenSubscription(broken.waitSilentlyBeyondTheEnd), ['begins after a position', 'refuses to begin beyond the end']],
  [
    'gives empty batches',
    () => new broken.BrokenSubscription((subscribe, options) => changed(subscribe(options), (message) => [{ kind: 'events', events: [] }, message])),
    ['gives the same events as reading all'],
  ],
  ['leaks through the filter when live', () => new broken.BrokenSubscription(broken.leakAfterCatchingUp), ['gives what a filter asks for and nothing else, in history']],
  ['names a later position than it has given', () => new broken.BrokenSubscription(broken.nameTheEndOfTheLog), ['loses nothing to whoever goes on']],
  ['loses what is written at the seam', () => new broken.BrokenSubscription(broken.gapAtTheSeam), ['gives each event once at the seam']],
  ['drops live events when there are many', () => new broken.BrokenSubscription(broken.dropFromLiveBatches), ['gives each of 500 live events']],
  [
    'never says how far it is',
    () => new broken.BrokenSubscription((subscribe, options) => changed(subscribe(options), (message) => (message.kind === 'passed' ? [] : [message]))),
    ['says how far it is'],
  ],
  ['waits for its readers', () => new broken.WaitsForItsReaders(), ['lets a slow reader hold back nobody']],
  [
    'is deaf to signals',
    () => new broken.BrokenSubscription((subscribe, { signal: _, ...options }) => subscribe(options)),
    ['ends when its signal aborts'],
  ],
  ['stays open', () => new broken.StaysOpen(), ['closes twice']],
];

const PATIENCE_MS = 250;

describe('the conformance checks', () => {
  for (const [what, open, seenBy] of cases) {
    it(`see a store that ${what}`, async () => {
      for (const name of seenBy) {
        const check = conformanceChecks.find((one) => one.name.startsWith(name));
        if (!check) throw new Error(`there is no check "${name}"`);
        const store = open();
        await expect(check.run(store, PATIENCE_MS)).rejects.toThrow();
        await MemoryEventStore.prototype.close.call(store);
      }
    });
  }

  it('have each been seen to fail', () => {
    const seen = cases.flatMap(([, , seenBy]) => seenBy);
    const unseen = conformanceChecks.filter(({ name }) => !seen.some((beginning) => name.startsWith(beginning)));
    expect(unseen.map(({ name }) => name)).toEqual([]);
  });

  it('hold for the store in memory that the broken ones are made from', async () => {
    for (const check of conformanceChecks) await check.run(new MemoryEventStore(), 10_000);
  });
});

function respelled(data: string): string {
  const value: unknown = JSON.parse(data);
  return JSON.stringify(value);
}

async function* changed<T>(source: AsyncIterable<T>, change: (item: T) => readonly T[]): AsyncGenerator<T> {
  for await (const item of source) yield* change(item);
}
