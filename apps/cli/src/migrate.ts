/**
 * `liggare migrate`: moves a ledger in files to servers. Every event keeps its id, its bytes, its revision and its place among all events, so that
 * leaves and proofs stay what they are; the vault's rows go over as they are; views are made there from the log. The files are only read.
 */
import { createHash } from 'node:crypto';
import { leafHash } from '#audit/leaf.js';
import type { EventStore } from '#event-store/event-store.js';
import { lockForWriting } from '#event-store/sqlite/writer-lock.js';
import { openFilesReadOnly, type Files } from '#nest/file-stores.js';
import { readConfiguration, type Configuration } from '#nest/configuration.js';
import { openKeys } from '#vault/keys.js';
import { CliFault, EXIT, type ExitCode } from './fault.js';
import { copyLog, eventsOf, isCopy, type LogCopied } from './migrate-log.js';
import { grouped, showProgress } from './progress.js';
import type { Environment } from './server.js';

export interface MigrateOptions {
  readonly from: string;
  readonly to?: string;
  readonly vault?: string;
  readonly json?: true;
}

interface Done extends LogCopied {
  readonly vaultRows: number;
  /** SHA-256 over the leaf hashes of all events in their order, hex: the same of both logs. */
  readonly digest: string;
}

export async function migrate(options: MigrateOptions, env: Environment): Promise<ExitCode> {
  const [source, destination] = [sourceIn(options, env), destinationIn(options, env)];
  let doing = 'beginning';
  const progress = showProgress(process.stderr, () => `migrate ${doing}`);
  const lock = lockForWriting(source.log.file);
  try {
    const done = await move(source, destination, (what) => (doing = what));
    progress.end();
    process.stdout.write(options.json === true ? `${JSON.stringify(done)}\n` : `${inWords(done)}\n`);
    return EXIT.done;
  } finally {
    progress.end();
    lock.release();
  }
}

type Servers = Configuration & { readonly kept: 'servers' };

function sourceIn({ from }: MigrateOptions, { LIGGARE_DATA, LIGGARE_MASTER_KEY }: Environment): Files {
  const source = readConfiguration({ LIGGARE_DATA, LIGGARE_MASTER_KEY, LIGGARE_LOG: from });
  if (source.kept !== 'files') throw new CliFault('a ledger is moved from files: --from sqlite:, with LIGGARE_DATA for its directory', EXIT.usage);
  return source;
}

/** What the command line does not say, the environment does: a password on a command line is seen by whoever may list processes. */
function destinationIn({ to, vault }: MigrateOptions, env: Environment): Servers {
  const { LIGGARE_LOG, LIGGARE_LOG_FILE, LIGGARE_VAULT, LIGGARE_VAULT_FILE } = env;
  const log = to === undefined ? { LIGGARE_LOG, LIGGARE_LOG_FILE } : { LIGGARE_LOG: to };
  const database = vault === undefined ? { LIGGARE_VAULT, LIGGARE_VAULT_FILE } : { LIGGARE_VAULT: vault };
  // Views are made from the log when a projector first finds it; where they will be is no concern of the copy.
  const destination = readConfiguration({ ...log, ...database, LIGGARE_VIEWS: 'postgres://views' });
  if (destination.kept !== 'servers') throw new CliFault('a ledger is moved to servers: --to esdb://… and --vault postgres://…, or LIGGARE_LOG and LIGGARE_VAULT', EXIT.usage);
  return destination;
}

/** The log first: a node that is started too early finds a log with events beside an empty vault, and refuses to serve. */
async function move(source: Files, { log: { url }, vault }: Servers, say: (what: string) => void): Promise<Done> {
  const [{ openEsdbEventStore }, { openVaultDatabase }, { copyVault }] = await Promise.all([
    import('#event-store/esdb/esdb-event-store.js'),
    import('#vault/postgres/postgres-vault.js'),
    import('#vault/postgres/copy.js'),
  ]);
  const stores = await openFilesReadOnly(source);
  try {
    const log = await openEsdbEventStore({ url });
    try {
      const database = await openVaultDatabase(vault.url);
      try {
        const copied = await copyLog(stores.log, log, (events) => say(`log: ${grouped(events)} events`));
        const digest = await sameEverywhere(stores.log, log, (events) => say(`comparing: ${grouped(events)} events`));
        const { rows } = await copyVault({
          file: source.vault.file,
          keys: openKeys({ directory: source.keys, create: false }),
          ledgerId: stores.ledgerId,
          database,
          onProgress: ({ table, rows: count }) => say(`vault: ${grouped(count)} rows of ${table}`),
        });
        return { ...copied, vaultRows: rows, digest };
      } finally {
        await database.close();
      }
    } finally {
      await log.close();
    }
  } finally {
    await stores.close();
  }
}

/** Reads both from the first event to the last. Gives the digest that both have. */
async function sameEverywhere(from: EventStore, to: EventStore, onProgress: (events: number) => void): Promise<string> {
  const [here, there] = [createHash('sha256'), createHash('sha256')];
  const copies = eventsOf(to);
  let events = 0;
  for await (const original of eventsOf(from)) {
    const { done, value: copy } = await copies.next();
    if (done === true || !isCopy(original, copy)) throw new CliFault(`the logs differ at event ${events + 1} (hint: empty the log on the server and migrate again)`);
    for (const [digest, { data }] of [[here, original], [there, copy]] as const) digest.update(leafHash((bytes) => createHash('sha256').update(bytes).digest(), Buffer.from(data)));
    events += 1;
    if (events % 1_000 === 0) onProgress(events);
  }
  if ((await copies.next()).done !== true) throw new CliFault('the log on the server has gone on since it was copied: the ledger is used there already');
  const [digest, other] = [here.digest('hex'), there.digest('hex')];
  if (digest !== other) throw new CliFault('the leaves of the two logs differ');
  return digest;
}

function inWords({ events, found, vaultRows, digest }: Done): string {
  const went = found === 0 ? `${grouped(events)} events` : `${grouped(events)} events, ${grouped(found)} of which were there from before`;
  return `log     ${went}\nvault   ${grouped(vaultRows)} rows\nleaves  ${digest} (SHA-256 over all of them, the same of both)\nthe ledger is on its servers; start its nodes with the same keys`;
}
