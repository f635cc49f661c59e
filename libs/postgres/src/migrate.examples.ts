import type { MigrationSettings } from './migrate.js';

/** The second one takes long, so that those who come at once meet in it; run twice, it would leave two rows or fail. */
export const SPEC_MIGRATIONS: MigrationSettings = {
  name: 'spec',
  migrations: {
    '0001-step': ['CREATE TABLE step (name TEXT NOT NULL)'],
    '0002-row': ["INSERT INTO step SELECT 'row' FROM pg_sleep(0.3)", 'CREATE FUNCTION steps() RETURNS BIGINT LANGUAGE sql AS $$ SELECT count(*) FROM step $$'],
  },
};
