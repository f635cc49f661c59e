/** A process of its own for `processes.spec.ts`. `write FILE`: appends for ever and says what was acknowledged. `read FILE STREAM COUNT`. */
import { event, newStream } from '../conformance/check.js';
import { openSqliteEventStore, openSqliteEventStoreReadOnly } from './sqlite-event-store.js';

const [mode, file = '', stream = '', count = ''] = process.argv.slice(2);
/** Pipes are written to at once (https://nodejs.org/api/process.html#a-note-on-process-io), so a line said is a line out. */
const say = (line: string) => process.stdout.write(`${line}\n`);

async function write(): Promise<void> {
  const store = await openSqliteEventStore({ file });
  const caller = async () => {
    const name = newStream();
    for (let revision = -1; ; revision++) {
      const next = event();
      const { positions } = await store.append({ stream: name, expected: revision < 0 ? 'none' : revision, events: [next] });
      say(`${name} ${revision + 1} ${next.id} ${positions[0]}`);
    }
  };
  await Promise.all(Array.from({ length: 16 }, caller));
}

async function read(): Promise<void> {
  const store = await openSqliteEventStoreReadOnly({ file });
  say('ready');
  let expected = 0;
  for await (const message of store.subscribe({ filter: { streamPrefixes: [stream] } })) {
    if (message.kind !== 'events') continue;
    for (const { revision } of message.events) if (revision !== expected++) throw new Error(`revision ${revision} came instead of ${expected - 1}`);
    if (expected >= Number(count)) break;
  }
  say(`saw ${expected}`);
  await store.close();
}

try {
  await (mode === 'write' ? write() : read());
} catch (error) {
  say(String(error));
  process.exitCode = 1;
}
