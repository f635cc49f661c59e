/** The laws of views on PostgreSQL: `viewLawsOnPostgres(views, histories)` once in a spec file, for it starts a server. */
import { describe, expect, it } from '@jest/globals';
import { describeWithPostgres } from '#postgres/postgres.suite.js';
import type { Histories } from './law.laws.js';
import { openPostgresViews } from './postgres-view-store.js';
import { inAnyBatches, isRebuilt, survivesCrashes } from './stored-view.laws.js';
import type { LawEngine } from './stored-view.laws.js';
import type { View } from './view.js';

export function viewLawsOnPostgres(views: readonly View[], histories: Histories): void {
  describeWithPostgres('views on PostgreSQL', (server) => {
    let database: Promise<string> | undefined;
    const engine = engineOn(() => (database ??= server().newDatabase()));
    for (const view of views)
      describe(`the view ${view.name}`, () => {
        for (const law of [inAnyBatches(engine), isRebuilt(engine), survivesCrashes(engine)]) it(law.name, () => expect(law.check(view, histories)).resolves.toBeUndefined(), 60_000);
      });
  });
}

/** One database; a place is the view emptied. */
function engineOn(url: () => Promise<string>): LawEngine {
  return {
    name: 'PostgreSQL',
    fewer: 5,
    begin: async (view) => {
      const store = await openPostgresViews(await url());
      await store.prepare([view]);
      await store.reset(view);
      await store.close();
      const open = async (): ReturnType<typeof openPostgresViews> => {
        const opened = await openPostgresViews(await url());
        await opened.prepare([view]);
        return opened;
      };
      return { open, end: async () => {} };
    },
  };
}
