/** An in-memory ledger that takes upstream lines as the server does, for what only the ledger's answer shows of them. */
import 'reflect-metadata';
import { createHash, randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { commitmentOf } from '#vault/vault.examples.js';
import { MemoryEventStore } from '#event-store/memory/memory-event-store.js';
import { catalogue } from '#ledger/catalogue.js';
import type { Answer } from '#ledger/answer.js';
import { Ledger } from '#ledger/ledger.js';
import { LiveRegisters } from '#ledger/live-registers.js';
import { publishPolicy } from '#ledger/policy/publish-policy.js';
import { memoryKeys } from '#vault/keys.js';
import { openMemoryVault } from '#vault/memory.js';
import { readPolicyFile, type Codes, readCodes } from './codes.js';

export const POLICY_FILE = fileURLToPath(new URL('../../../deploy/policy/asurgent.yaml', import.meta.url));

export const codes: Codes = readCodes(POLICY_FILE);

/** What is wrong with a line before any decision; undefined when its command is sound. */
export function faultBeforeDecision(text: string): string | undefined {
  const parsed = commandOf(text);
  return typeof parsed === 'string' ? parsed : undefined;
}

export async function memoryLedger(now: string): Promise<(text: string) => Promise<Answer>> {
  const log = new MemoryEventStore();
  const vault = openMemoryVault({ log, keys: memoryKeys(), ledgerId: randomUUID(), commit: commitmentOf });
  const reading = readPolicyFile(POLICY_FILE);
  await publishPolicy(log, vault, { model: reading.policy, texts: reading.texts.map(({ text }) => text), document: reading.policy.documentHash }, now);
  const registers = new LiveRegisters(log, async () => reading.policy, { elapsedMs: () => 0, after: async () => undefined });
  await registers.refresh();
  const ledger = new Ledger({ log, vault, registers });
  const actor = randomUUID();
  return async (text) => {
    const parsed = commandOf(text);
    if (typeof parsed === 'string') throw new Error(parsed);
    const { entry, command, id, system } = parsed;
    command.caller = { commandId: id, system, actor, role: system === 'console' ? 'officer' : 'upstream', now };
    return ledger.record(entry, command);
  };
}

function commandOf(text: string) {
  let event: { id: string; source: string; type: string; time?: string; data: Record<string, unknown> };
  try {
    event = JSON.parse(text) as typeof event;
  } catch {
    return 'not JSON';
  }
  const entry = catalogue.get(/^se\.liggare\.(\w+)\.v1$/.exec(event.type)?.[1] ?? '');
  if (entry === undefined) return 'no such command';
  const time = event.time !== undefined && event.data['occurredAt'] === undefined ? { occurredAt: event.time } : {};
  const command = plainToInstance(entry.type, { ...event.data, ...time });
  const errors = validateSync(command, { whitelist: true, forbidNonWhitelisted: true });
  if (errors.length > 0) return errors.map(({ property, children }) => [property, ...(children ?? []).map((child) => child.property)].join('/')).join(', ');
  return { entry, command, id: event.id, system: event.source };
}

export function sha256(texts: Iterable<string>): string {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(text).update('\n');
  return hash.digest('hex');
}

