import { expect, it } from '@jest/globals';
import { StoreStopped } from '#event-store/event-store.js';
import { EventLog } from '#nest/event-log.js';
import { Metrics } from '#nest/metrics.js';
import { problemOf } from '#nest/problem.js';
import { catalogue } from '#ledger/catalogue.js';
import { Unavailable } from '#ledger/refusals.js';
import { recorderOf } from './recorder.js';
import type { Condition } from './server-parts.js';

it('says once why the store takes no more commands, and answers each with what to do', async () => {
  const lines: string[] = [];
  const condition: Condition = { storeStopped: false, commands: 0 };
  const stopped = new Unavailable('stopped', { cause: new StoreStopped('the log "x.db" could not be written: database or disk is full') });
  const metrics = new Metrics({ lagMs: async () => 0, storeStopped: () => condition.storeStopped });
  const record = recorderOf({ record: async () => Promise.reject(stopped) }, metrics, condition, new EventLog((line) => lines.push(line)));
  const type = catalogue.get('RecordDeath')?.type ?? Object;
  for (let i = 0; i < 3; i++) await expect(record(new type())).rejects.toBe(stopped);
  expect(condition).toEqual({ storeStopped: true, commands: 3 });
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([expect.objectContaining({ level: 'error', event: 'store-stopped', why: 'the log "x.db" could not be written: database or disk is full' })]);
  expect(problemOf(stopped)).toMatchObject({ status: 503, code: 'Unavailable', detail: expect.stringContaining('the same command again will tell') });
});
