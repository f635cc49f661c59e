import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { behaviourOf } from './behaviour.js';
import { startEsdb, type Esdb } from './esdb-server.fixture.js';

const observed = readFileSync(new URL('../../../test/esdb/esdb-observed-23.10.6.jsonl', import.meta.url), 'utf8').trim().split('\n');
const named = process.env['LIGGARE_TEST_ESDB'];

describe("the tests' server", () => {
  let server: Esdb;
  beforeAll(async () => void (server = await startEsdb()));
  afterAll(() => server.stop());

  it('answers all 69 questions line for line as a real 23.10.6 did', async () => {
    const lines = await behaviourOf(server.url);
    expect(observed).toHaveLength(69);
    expect(lines).toEqual(observed);
  });
});

// A test that did not run is not counted among those that passed.
if (named === undefined) process.stdout.write('the 69 questions to a real EventStoreDB: not run (LIGGARE_TEST_ESDB is not set)\n');
else
  describe('the server that LIGGARE_TEST_ESDB names', () => {
    it('answers all 69 questions line for line', async () => expect(await behaviourOf(named)).toEqual(observed), 120_000);
  });
