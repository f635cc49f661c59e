import { afterEach, describe, expect, it } from '@jest/globals';
import { describeWithPostgres } from '#postgres/postgres.suite.js';
import { openPostgresViews, openPostgresViewsReadOnly } from './postgres-view-store.js';
import type { FollowingReader, LeasedViewStore, View, ViewReader } from './view.js';
import { viewStoreSuite } from './view-store.suite.js';
import { journal, parcels } from './views.examples.js';

describeWithPostgres('on PostgreSQL', (server) => {
  let database: Promise<string> | undefined;
  let schemas = 0;
  /** Schemas of one database: made much sooner than databases. */
  const place = async (): Promise<{ readonly url: string; readonly schema: string }> => {
    database ??= server().newDatabase();
    schemas += 1;
    return { url: await database, schema: `views_${schemas}` };
  };
  viewStoreSuite('PostgreSQL', async () => {
    const { url, schema } = await place();
    return openPostgresViews(url, { schema });
  });
});
