/** When an append is taken, taken for a repeat, or refused. */
import { randomUUID } from 'node:crypto';
import { ANY, NO_STREAM, STREAM_EXISTS } from '@eventstore/db-client';
import { countOf, isAfter, isSame, type Interview } from './behaviour.js';

const KIB = 1024;

export async function askOfAppends(about: Interview): Promise<void> {
  const stream = about.name('a');
  const [zeroth, first, second] = about.events(3) as [ReturnType<Interview['event']>, ReturnType<Interview['event']>, ReturnType<Interview['event']>];
  await about.tell('append: stream_exists on a missing stream', about.name('none'), about.events(1), STREAM_EXISTS);
  await about.tell('append: revision 0 on a missing stream', about.name('none'), about.events(1), 0n);
  const begun = await about.tell('append: no_stream on a new stream', stream, [zeroth], NO_STREAM);
  await about.tell('append: no_stream again, other id', stream, about.events(1), NO_STREAM);
  const again = await about.tell('append: no_stream again, same id', stream, [zeroth], NO_STREAM);
  about.say('append: … its position is the first one', isSame(about.positionOf(begun), about.positionOf(again)));
  const two = await about.tell('append: two events at revision 0', stream, [first, second], 0n);
  const retried = await about.tell('append: the same two again', stream, [first, second], 0n);
  about.say('append: … its position is the first one', isSame(about.positionOf(two), about.positionOf(retried)));
  await about.tell('append: no_stream, first id, now that two more follow', stream, [zeroth], NO_STREAM);
  await about.tell('append: revision 0, only the first of the two', stream, [first], 0n);
  await about.tell('append: revision 0, only the second of the two', stream, [second], 0n);
  await about.tell('append: revision 0, the two and a new one', stream, [first, second, about.event()], 0n);
  await about.tell('append: revision 0, the two in the other order', stream, [second, first], 0n);
  await about.tell('append: revision 0, other ids', stream, about.events(2), 0n);
  await about.tell('append: revision 7, too far ahead', stream, about.events(1), 7n);
  await about.tell('append: any, known id', stream, [first], ANY);
  await about.tell('append: stream_exists, known id', stream, [second], STREAM_EXISTS);
  await about.tell('append: right revision, an id that the stream has', stream, [zeroth], 2n);
  about.say('append: … and the stream then holds', countOf(await about.collect(about.client.readStream(stream))));
  await about.tell('append: the same id in another stream', about.name('b'), [zeroth], NO_STREAM);
  const twice = randomUUID();
  await about.tell('append: one id twice in one append', about.name('c'), [about.event(twice), about.event(twice)], NO_STREAM);
  about.say('append: … and the stream then holds', countOf(await about.collect(about.client.readStream(about.name('c')))));
  await about.tell('append: no events, new stream', about.name('d'), [], NO_STREAM);
  await about.tell('append: no events, existing stream, any', stream, [], ANY);
  await about.tell('append: no events, existing stream, wrong revision', stream, [], 77n);
  await about.tell('append: known id at its revision, other data', stream, [about.event(first.id, { n: 'other' })], 0n);
  about.say('append: positions grow', isAfter(about.positionOf(two), about.positionOf(begun)));
  await about.tell('append: odd stream name 0', `probe å/ö? #%${about.run}`, about.events(1), NO_STREAM);
  await about.tell('append: odd stream name 1', `probe-${'x'.repeat(400)}${about.run}`, about.events(1), NO_STREAM);
  await about.tell('append: empty stream name', '', about.events(1), ANY);
  await askOfRaces(about);
  await askOfSizes(about);
}

async function askOfRaces(about: Interview): Promise<void> {
  const stream = about.name('race');
  const { nextExpectedRevision } = await about.append(stream, about.events(1), NO_STREAM);
  const all = await Promise.all(Array.from({ length: 64 }, () => about.append(stream, about.events(1), nextExpectedRevision)));
  const losers = all.flatMap(({ fault }) => (fault === undefined ? [] : [fault]));
  about.say('race: 64 appends at one revision: winners', all.filter(({ success }) => success).length);
  about.say('race: losers by fault type', [...new Set(losers.map(({ type }) => type))]);
  about.say('race: actualVersion of the losers', [...new Set(losers.map(({ actualVersion }) => actualVersion))]);
}

async function askOfSizes(about: Interview): Promise<void> {
  for (const kib of [500, 900, 1100, 3500]) await about.tell(`size: one event of ${kib} KiB`, about.name(`big${kib}`), about.events(1, { blob: 'x'.repeat(kib * KIB) }), NO_STREAM);
  const kilobyte = { b: 'x'.repeat(1000) };
  await about.tell('size: 900 events of 1 KiB', about.name('many'), about.events(900, kilobyte), NO_STREAM);
  await about.tell('size: 5000 events of 1 KiB', about.name('more'), about.events(5000, kilobyte), NO_STREAM);
}
