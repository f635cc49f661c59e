/** Another process that migrates the same database at the same time. Says what came of it. */
import { migrate } from './migrate.js';
import { SPEC_MIGRATIONS } from './migrate.examples.js';
import { openDatabase } from './open-database.js';

const [, , url = ''] = process.argv;
const database = await openDatabase(url, { schema: 'liggare_spec', applicationName: 'spec child' });
await migrate(database, SPEC_MIGRATIONS);
const { rows } = await database.query('SELECT count(*) AS n FROM step');
process.stdout.write(`${Number(rows[0]?.['n'])}\n`);
await database.close();
