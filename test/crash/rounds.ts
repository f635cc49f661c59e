/** The crash loop: load, SIGKILL at a random moment, start again, look; and once more. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Configuration } from '#nest/configuration.js';
import { CommandMaker, randomFrom, SYSTEM } from './commands.js';
import { Journal } from './journal.js';
import { answerOf, loadUntilGone, send } from './load.js';
import { freePort, ServerProcess } from './server.js';
import { accounted, filesIn, kept, settled, viewsEqualRebuild } from './verify.js';

export interface Rounds {
  readonly rounds: number;
  readonly seed: number;
  readonly connections: number;
  /** After so many rounds everything is read and compared; after the others, what is quick. */
  readonly wholeEvery: number;
  readonly say: (line: string) => void;
}

export interface Outcome {
  readonly faults: readonly string[];
  readonly recorded: number;
  /** Commands that a crash left without an answer, over all rounds. */
  readonly unanswered: number;
  /** Of these, how many turned out to have been recorded before the crash. */
  readonly hadBeenWritten: number;
}

/** Stops at the first round that finds something wrong; the directory is then kept and named. */
export async function crashRounds({ rounds, seed, connections, wholeEvery, say }: Rounds): Promise<Outcome> {
  const directory = mkdtempSync(join(tmpdir(), 'liggare-crash-'));
  const start = { data: join(directory, 'data'), port: await freePort() };
  const ledger = filesIn(start.data);
  const random = randomFrom(seed);
  const maker = new CommandMaker(random, `s${seed}`);
  const journal = new Journal();
  const faults: string[] = [];
  let unanswered = 0;
  let hadBeenWritten = 0;
  let server = await ServerProcess.ready(start);
  try {
    const token = await server.upstream(SYSTEM);
    for (let round = 1; round <= rounds && faults.length === 0; round++) {
      const load = loadUntilGone({ server, token, journal, maker, random, connections }, () => false);
      await pause(50 + random() * 500);
      await server.kill();
      await load;
      unanswered += journal.unanswered.length;
      server = await ServerProcess.ready(start);
      faults.push(...(await settled(ledger)), ...(await strangers(server, journal)));
      hadBeenWritten += await repeatUnanswered(server, token, journal);
      if (round % wholeEvery === 0 || round === rounds) faults.push(...(await whole(ledger, journal)));
      say(`round ${round} of ${rounds}: ${journal.count('recorded')} recorded, ${unanswered} left without an answer so far`);
    }
    const code = await server.stop();
    if (code !== 0) faults.push(`the server ended with ${code} when it was asked to stop`);
    if (faults.length === 0) faults.push(...fsck({ LIGGARE_DATA: start.data }));
  } finally {
    await server.kill();
    if (faults.length === 0) rmSync(directory, { recursive: true, force: true });
    else say(`seed ${seed}; the stores are kept in ${directory}`);
  }
  return { faults, recorded: journal.count('recorded'), unanswered, hadBeenWritten };
}

async function whole(ledger: Configuration, journal: Journal): Promise<readonly string[]> {
  return [...(await kept(ledger, journal)), ...(await accounted(ledger, journal)), ...(await viewsEqualRebuild(ledger))];
}

/** An address whose registration was never acknowledged finds nobody, or somebody who is in the log: an orphan is no data. */
async function strangers(server: ServerProcess, journal: Journal): Promise<readonly string[]> {
  const agent = new Agent({ keepAlive: true });
  const faults: string[] = [];
  for (const { name, body } of journal.unanswered.slice(0, 40)) {
    if (name !== 'RegisterSubject') continue;
    const [identifier] = body['identifiers'] as readonly unknown[];
    const headers = { 'liggare-purpose': 'operations' };
    const found = await server.call('POST', '/v1/subjects/search', identifier, { agent, token: server.officer, headers });
    for (const id of subjectsIn(found.body)) {
      const record = await server.call('GET', `/v1/subjects/${id}/record`, undefined, { agent, token: server.officer, headers });
      if (record.status !== 200) faults.push(`a search found ${id}, who has no record (${record.status})`);
    }
  }
  agent.destroy();
  return faults;
}

function subjectsIn(body: unknown): readonly string[] {
  return [...new Set(JSON.stringify(body ?? null).match(/(?<="(subject|id)":")[0-9a-f-]{36}/g) ?? [])];
}

/** What an upstream does after a crash: sends again whatever it has no answer for. Gives how many had been written all the same. */
async function repeatUnanswered(server: ServerProcess, token: string, journal: Journal): Promise<number> {
  const agent = new Agent({ keepAlive: true });
  let written = 0;
  await Promise.all(
    journal.unanswered.map(async (command) => {
      const answer = answerOf(command, await send(server, token, command, agent));
      if (answer.status === 'duplicate') written++;
      journal.answer(command.id, answer);
    }),
  );
  agent.destroy();
  return written;
}

/** The house's own check, as an operator runs it. `env`: where the ledger is. */
export function fsck(env: Readonly<Record<string, string>>): readonly string[] {
  const cli = new URL('../../apps/cli/src/main.js', import.meta.url).pathname;
  if (!existsSync(cli)) throw new Error('the command line is not built: npm run build');
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'fsck', '--views', '--json'], { env: { ...process.env, ...env, NODE_OPTIONS: '' }, encoding: 'utf8' });
  return status === 0 ? [] : [`fsck ended with ${status}: ${stdout.trim()} ${stderr.trim()}`];
}
