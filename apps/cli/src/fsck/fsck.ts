/** `liggare fsck`: reads the stores of a ledger, a running one too, and says what is wrong with them. Changes nothing. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { views } from '#ledger/views.js';
import type { Configuration } from '#nest/configuration.js';
import type { Stores } from '#nest/opened-stores.js';
import { openStoresReadOnly, openViewsReadOnly } from '#nest/stores.js';
import { openSqliteViews } from '#projection/sqlite-view-store.js';
import type { ViewReader } from '#projection/view.js';
import { CliFault, EXIT, type ExitCode } from '../fault.js';
import { grouped, showProgress } from '../progress.js';
import { checkFile } from './check-file.js';
import { checkLog, type LogChecked } from './check-log.js';
import { checkVault, type VaultChecked } from './check-vault.js';
import { checkViews, type ViewsChecked } from './check-views.js';
import { Findings, type Finding } from './findings.js';

export interface FsckOptions {
  readonly views?: true;
  readonly json?: true;
}

interface Checked {
  readonly log: LogChecked;
  readonly vault: VaultChecked;
  readonly views?: ViewsChecked;
}

export async function fsck(configuration: Configuration, options: FsckOptions): Promise<ExitCode> {
  const findings = new Findings();
  const startedAt = Date.now();
  let doing = 'files';
  const progress = showProgress(process.stderr, () => `fsck ${doing}`);
  try {
    const stores = await openUnlessDamaged(configuration, findings);
    const hasGaps = configuration.kept === 'servers';
    const checked = stores === undefined ? undefined : await check(stores, configuration, { findings, hasGaps, startedAt, withViews: options.views === true, say: (what) => (doing = what) });
    progress.end();
    process.stdout.write(options.json === true ? `${JSON.stringify(asJson(checked, findings))}\n` : `${inWords(checked, findings)}\n`);
    if (findings.count > 0) return EXIT.faults;
    if (checked?.views?.unstable === true) throw new CliFault('the views were fed all the while and could not be compared (hint: try again when less is recorded)');
    return EXIT.done;
  } finally {
    progress.end();
  }
}

/** A file that is no longer a store is a finding where its structure is damaged, and else the fault of whoever named it. */
async function openUnlessDamaged(configuration: Configuration, findings: Findings): Promise<Stores | undefined> {
  for (const where of ['log', 'vault', 'views'] as const) {
    const engine = configuration[where];
    if (engine.engine === 'sqlite') checkFile(where, engine.file, findings);
  }
  try {
    return await openStoresReadOnly(configuration);
  } catch (error) {
    if (findings.count === 0 || !(error instanceof Error)) throw error;
    return undefined;
  }
}

interface Run {
  readonly findings: Findings;
  readonly startedAt: number;
  readonly withViews: boolean;
  /** Positions of the log are not its events' ranks: they grow, and that is all. */
  readonly hasGaps: boolean;
  readonly say: (what: string) => void;
}

async function check(stores: Stores, configuration: Configuration, { findings, startedAt, withViews, hasGaps, say }: Run): Promise<Checked> {
  try {
    const log = await checkLog({ log: stores.log, vault: stores.vault, hasGaps }, findings, (events) => say(`log and values: ${grouped(events)} events`));
    say(`vault: ${grouped(log.values)} values`);
    const vault = await checkVault(stores.vault, log, findings, startedAt);
    if (!withViews) return { log, vault };
    const compared = await compareUnlessUnreadable(stores, configuration, findings, say);
    return { log, vault, ...(compared !== undefined && { views: compared }) };
  } finally {
    await stores.close();
  }
}

/** What cannot be compared is a finding among the others: it must not hide what was found before. */
async function compareUnlessUnreadable(stores: Stores, configuration: Configuration, findings: Findings, say: Run['say']): Promise<ViewsChecked | undefined> {
  try {
    return await compareViews(stores, configuration, findings, say);
  } catch (error) {
    if (!(error instanceof Error) || error instanceof CliFault) throw error;
    findings.add({ where: 'views', code: 'unreadable', detail: `they could not be compared: ${error.message}` });
    return undefined;
  }
}

async function compareViews(stores: Stores, configuration: Configuration, findings: Findings, say: Run['say']): Promise<ViewsChecked> {
  const directory = mkdtempSync(join(tmpdir(), 'liggare-fsck-'));
  try {
    const live = await openLive(configuration);
    const scratch = openSqliteViews(join(directory, 'views.db'));
    try {
      return await checkViews({ log: stores.log, views, live, scratch, onProgress: (events) => say(`views: ${grouped(events)} events`) }, findings);
    } finally {
      await scratch.close();
      await live.close();
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function openLive({ views: engine }: Configuration): Promise<ViewReader> {
  switch (engine.engine) {
    case 'sqlite':
      return openViewsReadOnly(engine, views);
    case 'postgres':
      return (await import('#projection/postgres-view-store.js')).openPostgresViewsReadOnly(engine.url, views);
    case 'memory':
      throw new CliFault('views in memory can be seen by their own process only');
    default: {
      const never: never = engine;
      return never;
    }
  }
}

function asJson(checked: Checked | undefined, findings: Findings): object {
  return {
    clean: findings.count === 0,
    faults: findings.count,
    byCode: Object.fromEntries(findings.byCode()),
    findings: findings.kept,
    ...(checked !== undefined && {
      events: checked.log.events,
      streams: checked.log.streams,
      values: checked.log.values,
      erased: checked.log.erased,
      unsettled: checked.vault.unsettled,
      orphans: checked.vault.orphans,
      ...(checked.views !== undefined && { viewRows: checked.views.rows, viewsCompared: !checked.views.unstable }),
    }),
  };
}

/** Findings shown in words; the rest by number. */
const SHOWN = 20;

function inWords(checked: Checked | undefined, findings: Findings): string {
  const lines: string[] = [];
  if (checked !== undefined) {
    const { log, vault, views: compared } = checked;
    lines.push(`log     ${grouped(log.events)} events in ${grouped(log.streams)} streams`);
    lines.push(`vault   ${grouped(log.values)} sealed values spoken of in the log${log.erased > 0 ? `, ${grouped(log.erased)} of them erased` : ''}`);
    if (vault.unsettled > 0) lines.push(`        ${grouped(vault.unsettled)} commands of unknown outcome: the next start settles them`);
    if (vault.orphans > 0) lines.push(`        ${grouped(vault.orphans)} sealed rows without an event (a crash leaves them): collected when a day old`);
    if (compared !== undefined && !compared.unstable) lines.push(`views   ${grouped(compared.rows)} rows compared with a rebuild`);
  }
  if (findings.count === 0) return [...lines, 'clean: nothing is wrong'].join('\n');
  lines.push(`${grouped(findings.count)} ${findings.count === 1 ? 'fault' : 'faults'}:`);
  for (const finding of findings.kept.slice(0, SHOWN)) lines.push(`  ${inOneLine(finding)}`);
  if (findings.count > SHOWN) lines.push(`  and ${grouped(findings.count - SHOWN)} more (--json has them)`);
  return lines.join('\n');
}

function inOneLine({ where, code, detail, stream, revision, event, slot, position }: Finding): string {
  const place = stream === undefined ? (event === undefined ? (position === undefined ? '' : `after position ${position}`) : `event ${event}`) : `${stream}@${revision}`;
  return `${where}  ${code}${place === '' ? '' : `  ${place}`}${slot === undefined ? '' : `, slot ${slot}`}: ${detail}`;
}
