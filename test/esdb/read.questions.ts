/** What reads give, of streams, of everything, and of what was deleted. */
import { ANY, BACKWARDS, END, NO_STREAM } from '@eventstore/db-client';
import { eventsOf, isAfter, revisionsOf, type Interview } from './behaviour.js';

export async function askOfReads(about: Interview): Promise<void> {
  const { client } = about;
  const stream = about.name('r');
  await about.append(stream, about.events(10), NO_STREAM);
  const revisions = async (options: Parameters<typeof client.readStream>[1]): Promise<unknown> => revisionsOf(await about.collect(client.readStream(stream, options)));
  about.say('read: missing stream', await about.collect(client.readStream(about.name('missing'))));
  about.say('read: forwards from 4, 3 of them', await revisions({ fromRevision: 4n, maxCount: 3 }));
  about.say('read: forwards from past the end', await revisions({ fromRevision: 99n }));
  about.say('read: backwards from the end, 2', await revisions({ direction: BACKWARDS, fromRevision: END, maxCount: 2 }));
  about.say('read: backwards from past the end', await revisions({ direction: BACKWARDS, fromRevision: 99n, maxCount: 2 }));
  about.say('read: backwards from 3', await revisions({ direction: BACKWARDS, fromRevision: 3n }));
  const events = eventsOf(await about.collect(client.readStream(stream)));
  const [one, two] = events;
  about.say('read: fields of an event', Object.keys(one ?? {}).sort());
  about.say('read: commit equals prepare', one?.position === undefined ? 'no position' : one.position.commit === one.position.prepare);
  // By its name: where the test's own realm has another Date, `instanceof` says no.
  about.say('read: created is', Object.prototype.toString.call(one?.created) === '[object Date]' ? 'a Date' : typeof one?.created);
  const fifth = events[5]!;
  const [next] = eventsOf(await about.collect(client.readAll({ fromPosition: fifth.position!, maxCount: 4 })));
  about.say('read all: from a position it starts with that event', next?.id === fifth.id);
  const [before] = eventsOf(await about.collect(client.readAll({ direction: BACKWARDS, fromPosition: fifth.position!, maxCount: 1 })));
  about.say('read all: backwards from a position it starts with the one before', before?.id === events[4]?.id);
  about.say('read all: events of one append share a commit position', one?.position?.commit === two?.position?.commit);
  about.say('read all: positions of a stream grow', events.every(({ position }, i) => i === 0 || isAfter(position, events[i - 1]?.position)));
  about.say('read all: system events are in it', eventsOf(await about.collect(client.readAll({ maxCount: 200 }))).some(({ type }) => type.startsWith('$')));
  await askOfDeletion(about);
}

async function askOfDeletion(about: Interview): Promise<void> {
  const { client } = about;
  const soft = about.name('soft');
  await about.append(soft, about.events(2), NO_STREAM);
  await client.deleteStream(soft);
  about.say('delete: read after a soft delete', await about.collect(client.readStream(soft)));
  await about.tell('delete: no_stream after a soft delete', soft, about.events(1), NO_STREAM);
  about.say('delete: revisions afterwards', revisionsOf(await about.collect(client.readStream(soft))));
  const hard = about.name('hard');
  await about.append(hard, about.events(1), NO_STREAM);
  await client.tombstoneStream(hard);
  about.say('delete: read after a tombstone', await about.collect(client.readStream(hard)));
  await about.tell('delete: append after a tombstone', hard, about.events(1), ANY);
}
