/** Another node: opens the ledger of a database, seals one value for each of the holdings that it is given, and says what came of it. */
import { RiderRefused } from '#event-store/event-store.js';
import { SpecLog } from '../conformance.log.js';
import { commitmentOf, refOf, valueOf } from '../vault.examples.js';
import type { ToSeal } from '../vault.js';
import { openPostgresLedger, openVaultDatabase } from './postgres-vault.js';

const [, , url = '', keyDirectory = '', owner = '', ...holdings] = process.argv;
const database = await openVaultDatabase(url);
const { vault, ledgerId, isNew } = await openPostgresLedger({ database, keyDirectory, commit: commitmentOf, log: new SpecLog() });
let refused = 0;
const values = holdings.map((holding) => valueOf(owner, '"theirs"', { holding }));
for (const value of values) await store(value);
process.stdout.write(JSON.stringify({ ledgerId, isNew, refused, refs: values.map(refOf) }));
await vault.close();
await database.close();

async function store(value: ToSeal): Promise<void> {
  try {
    await vault.write((await vault.seal([value])).flatMap(({ writes }) => writes));
  } catch (error) {
    if (!(error instanceof RiderRefused)) throw error;
    refused++;
    await store(value);
  }
}
