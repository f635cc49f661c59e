import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { canBeHad, startPostgres, type TestPostgres } from './postgres.fixture.js';

/** Says in a `describe` that it is left out, where no PostgreSQL can be had: nothing else of it is to be declared then. */
export function isLeftOut(): boolean {
  if (canBeHad()) return false;
  it.todo('not run: PostgreSQL (neither Docker nor programs of it are here, and LIGGARE_TEST_POSTGRES names no server)');
  return true;
}

/**
 * A `describe` whose server is there before its tests. Where none can be had, its one entry says so and counts as left out, never as passed.
 */
export function describeWithPostgres(name: string, body: (server: () => TestPostgres) => void): void {
  describe(name, () => {
    let server: TestPostgres | undefined;
    if (isLeftOut()) return;
    beforeAll(async () => {
      const started = await startPostgres();
      if ('notRun' in started) throw new Error(`not run: PostgreSQL (${started.notRun})`);
      server = started;
    }, 120_000);
    afterAll(async () => server?.stop());
    body(() => {
      if (!server) throw new Error('the server is started before the tests');
      return server;
    });
  });
}

/** A test that stops the server or reads its files: not run where the server is somebody else's. */
export function itOnOwnServer(name: string, test: () => Promise<void>, timeoutMs?: number): void {
  if (process.env['LIGGARE_TEST_POSTGRES']) it.todo(`not run: ${name} (the server that LIGGARE_TEST_POSTGRES names is not ours to stop or to read)`);
  else it(name, test, timeoutMs);
}
