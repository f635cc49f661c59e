/** Load on a running server until it is gone: single commands on many connections, and one import, streamed both ways. */
import { Agent } from 'node:http';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { lineOf, type CommandMaker, type Random } from './commands.js';
import type { CommandAnswer, Journal, SentCommand } from './journal.js';
import { NoAnswer, type Reply, type ServerProcess } from './server.js';

export interface Load {
  readonly server: ServerProcess;
  readonly token: string;
  readonly journal: Journal;
  readonly maker: CommandMaker;
  readonly random: Random;
  readonly connections: number;
}

/** Resolves when the server no longer answers, or when `isOver` says so. */
export async function loadUntilGone(load: Load, isOver: () => boolean): Promise<void> {
  const importing = importUntilGone(load, isOver);
  await Promise.all([importing, ...Array.from({ length: load.connections }, () => connectionUntilGone(load, isOver))]);
}

async function connectionUntilGone({ server, token, journal, maker, random }: Load, isOver: () => boolean): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    let last: SentCommand | undefined;
    while (!isOver()) {
      // Now and then an upstream is not sure and asks again.
      const command = last !== undefined && random() < 0.05 ? last : maker.next();
      last = command;
      journal.send(command);
      journal.answer(command.id, answerOf(command, await send(server, token, command, agent)));
    }
  } catch (fault) {
    if (!(fault instanceof NoAnswer)) throw fault;
  } finally {
    agent.destroy();
  }
}

export function send(server: ServerProcess, token: string, { id, name, body }: SentCommand, agent: Agent): Promise<Reply> {
  return server.call('POST', `/v1/commands/${name}`, body, { agent, token, headers: { 'idempotency-key': id } });
}

/** A server that is going down may say that it cannot tell (503); whoever gets that asks again later, as after no answer at all. */
export function answerOf({ name }: SentCommand, { status, body }: Reply): CommandAnswer {
  if (status === 503) throw new NoAnswer('unavailable');
  if (status === 200) return body as CommandAnswer;
  const code = (body as { code?: string } | undefined)?.code ?? '';
  if (status >= 500) throw new Error(`${name} was answered ${status} ${code}`);
  return { status: 'refused', code };
}

/** How far the import runs ahead of its answers, so that single commands get their turn. */
const AHEAD = 200;

/** Lines go out while answers come in; each answer line says which line it is for. */
export async function importUntilGone({ server, token, journal, maker }: Pick<Load, 'server' | 'token' | 'journal'> & { readonly maker: Pick<CommandMaker, 'next'> }, isOver: () => boolean): Promise<void> {
  const sent: SentCommand[] = [];
  let answered = 0;
  let isGone = false;
  const request = server.request('POST', '/v1/commands', { 'content-type': 'application/x-ndjson' }, token);
  const answers = new Promise<void>((resolve) => {
    request.once('response', (response) => {
      response.once('error', () => resolve());
      const lines = createInterface({ input: response });
      lines.on('line', (line) => {
        answered++;
        takeAnswer(line, sent, journal);
      });
      lines.once('close', resolve);
      // The response's error comes out of its lines too.
      lines.once('error', () => resolve());
    });
    request.on('error', () => resolve());
    request.once('close', resolve);
  }).then(() => void (isGone = true));
  while (!isGone && !isOver()) {
    const command = maker.next();
    journal.send(command);
    sent.push(command);
    if (!request.write(lineOf(command))) await Promise.race([new Promise((resolve) => request.once('drain', resolve)), answers]);
    while (!isGone && !isOver() && sent.length - answered >= AHEAD) await pause(2);
  }
  request.end();
  await answers;
}

function takeAnswer(line: string, sent: readonly SentCommand[], journal: Journal): void {
  let answer: CommandAnswer & { readonly line: number };
  try {
    answer = JSON.parse(line) as CommandAnswer & { readonly line: number };
  } catch {
    // The last line was cut off by the crash: it says nothing.
    return;
  }
  const command = sent[answer.line - 1];
  if (command !== undefined && !isUnavailable(answer)) journal.answer(command.id, answer);
}

function isUnavailable(answer: CommandAnswer & { readonly httpStatus?: number }): boolean {
  return (answer.httpStatus ?? 0) >= 500;
}
