/** What subscriptions say, and in which order. */
import { END, START, eventTypeFilter, streamNameFilter, type Position, type SubscribeToAllOptions } from '@eventstore/db-client';
import { counted, eventsOf, heard, type Heard, type Interview } from './behaviour.js';

/** Far beyond any log of a test. */
const FAR = 10_000_000_000n;
const moved = ({ commit, prepare }: Position, by: bigint): Position => ({ commit: commit + by, prepare: prepare + by });

export async function askOfSubscriptions(about: Interview): Promise<void> {
  const { client, run } = about;
  const stream = about.name('sub');
  const missing = about.name('later');
  const more = (name: string) => () => about.append(name, about.events(1));
  for (let i = 0; i < 3; i++) await about.append(stream, about.events(1));
  about.say('subscribe: stream from start, then live', counted(await heard(client.subscribeToStream(stream, { fromRevision: START }), run, { act: more(stream) })));
  about.say('subscribe: stream from revision 1 is exclusive', counted(await heard(client.subscribeToStream(stream, { fromRevision: 1n }), run)));
  about.say('subscribe: stream that does not exist yet', counted(await heard(client.subscribeToStream(missing, { fromRevision: START }), run, { act: more(missing) })));
  const position = eventsOf(await about.collect(client.readStream(stream)))[1]!.position!;
  const filter = streamNameFilter({ prefixes: [stream] });
  const all = (options: SubscribeToAllOptions, act?: () => Promise<unknown>): Promise<readonly Heard[]> => heard(client.subscribeToAll(options), run, { ...(act !== undefined && { act }) });
  about.say('subscribe: all from a position is exclusive', counted((await all({ filter, fromPosition: position })).filter((one) => one !== 'confirmation')));
  about.say('subscribe: all from a position past the end', counted(await all({ filter, fromPosition: moved(position, FAR) })));
  about.say('subscribe: all from a position inside an event', counted(await all({ filter, fromPosition: moved(position, 1n) })));
  const typed = await all({ fromPosition: START, filter: eventTypeFilter({ regex: `^probe${run}\\.happened$` }) });
  about.say('subscribe: all by type: has caughtUp', typed.includes('caughtUp'));
  // The client hands a checkpoint to the filter's callback only, so that no listener ever hears one: the line stands as it was observed.
  about.say('subscribe: all by type: has checkpoints', typed.some((one) => one === 'checkpointReached'));
  about.say('subscribe: all by type: only that type', typed.every((one) => typeof one === 'string' || ('type' in one && one.type === 'probe.happened')));
  about.say('subscribe: all from the end', counted(await all({ fromPosition: END, filter }, more(stream))));
}
