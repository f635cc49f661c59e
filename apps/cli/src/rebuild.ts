/** `liggare rebuild`: the views anew from the log, by the running server, or on the files when none runs. */
import { views } from '#ledger/views.js';
import { lockForWriting } from '#event-store/sqlite/writer-lock.js';
import type { Configuration } from '#nest/configuration.js';
import { openStoresReadOnly, openViews } from '#nest/stores.js';
import { rebuild } from '#projection/rebuild.js';
import { CliFault, codeOf, EXIT, type ExitCode } from './fault.js';
import { grouped, showProgress } from './progress.js';
import { ask, expectOk, serverFrom, type Environment, type ServerOptions } from './server.js';

export interface RebuildOptions extends ServerOptions {
  readonly json?: true;
}

export async function rebuildViews(configuration: () => Configuration, options: RebuildOptions, env: Environment): Promise<ExitCode> {
  const byServer = await askServer(options, env);
  const done = byServer ?? (await rebuildFiles(configuration()));
  process.stdout.write(options.json === true ? `${JSON.stringify(done)}\n` : `${inWords(done)}\n`);
  return EXIT.done;
}

interface Done {
  readonly by: 'server' | 'files';
  readonly events?: number;
  readonly position?: string | null;
}

/** Undefined when no server answers at the usual place; a server that was named must answer. */
async function askServer(options: RebuildOptions, env: Environment): Promise<Done | undefined> {
  const isNamed = options.url !== undefined || Boolean(env['LIGGARE_URL']);
  try {
    const server = serverFrom(options, env);
    const reply = expectOk(await ask(server, '/v1/operations/rebuild', { method: 'POST' }), server);
    return { by: 'server', ...(typeof reply === 'object' && reply !== null ? reply : {}) };
  } catch (error) {
    const isAway = error instanceof CliFault && ['ECONNREFUSED', 'ENOENT'].includes(codeOf(error.cause) ?? '');
    if (isNamed || !isAway) throw error;
    return undefined;
  }
}

async function rebuildFiles(configuration: Configuration): Promise<Done> {
  if (configuration.kept === 'memory') throw new CliFault('a ledger in memory has no files to rebuild from');
  if (configuration.kept === 'servers') throw new CliFault('views on a server are rebuilt by the running ledger: start it, or say where it is with --url');
  const stores = await openStoresReadOnly(configuration);
  let events = 0;
  const progress = showProgress(process.stderr, () => `rebuild ${grouped(events)} events`);
  try {
    // A server elsewhere that has these files open would feed the same views.
    const lock = lockForWriting(configuration.log.file);
    const viewStore = openViews(configuration.views);
    try {
      const rebuilt = await rebuild({ store: stores.log, views, viewStore, onProgress: (at) => (events = at.events) });
      const [fault] = rebuilt.faults;
      if (fault !== undefined) throw new CliFault(`the view ${fault.view} cannot take the event ${fault.eventId}: ${fault.reason} (hint: liggare fsck)`);
      return { by: 'files', events: rebuilt.events, position: rebuilt.position ?? null };
    } finally {
      await viewStore.close();
      lock.release();
    }
  } finally {
    progress.end();
    await stores.close();
  }
}

function inWords({ by, events }: Done): string {
  const what = events === undefined ? 'the views were rebuilt' : `the views were rebuilt from ${grouped(events)} events`;
  return by === 'server' ? `${what}, by the server` : what;
}
