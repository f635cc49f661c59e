/** One line of an import: a CloudEvent, a command, whom it is about. */
import type { CommandBus } from '@nestjs/cqrs';
import { catalogue } from '#ledger/catalogue.js';
import { type CatalogueEntry } from '#ledger/catalogue-entry.js';
import type { Command } from '#ledger/command.js';
import { systemOf } from '#nest/authentication.js';
import { commandIn, speakableId, type ToldCommand } from '#nest/cloud-event.js';
import type { LineWork, Understood } from '#nest/ingest.js';
import type { Line } from '#nest/line-reader.js';
import { EdgeFault, invalidAt, problemOf, type Problem } from '#nest/problem.js';
import { commandFrom } from '#nest/recording.js';
import type { Actor } from '#vault/vault.js';
import { keysOf } from './line-keys.js';
import type { ServerParts } from './server-parts.js';

export const COMMAND_TYPES: readonly string[] = [...catalogue.keys()].map((name) => `se.liggare.${name}.v1`);

/** The command in an event, checked and signed with its caller. Throws `EdgeFault`. */
export function commandOf(event: unknown, actor: Actor): { readonly told: ToldCommand; readonly entry: CatalogueEntry; readonly command: Command } {
  const system = systemOf(actor);
  const told = commandIn(event, system);
  const entry = catalogue.get(told.name);
  if (entry === undefined) throw new EdgeFault('UnknownCommand', { pointer: '/type', alternatives: COMMAND_TYPES });
  if (entry.officersOnly === true && actor.role !== 'officer') throw new EdgeFault('NotPermitted');
  const { id: commandId, correlationId, causationId } = told;
  const arrival = { commandId, system, actor: actor.id, now: new Date().toISOString(), ...(correlationId !== undefined && { correlationId }), ...(causationId !== undefined && { causationId }) };
  return { told, entry, command: commandFrom(entry.type, told.data, arrival, '/data') as Command };
}

export function lineWork({ vault, registers, events, survivorOf }: ServerParts, commands: CommandBus, actor: Actor): LineWork {
  const problemIn = (error: unknown): Problem => {
    const problem = problemOf(error, '/data');
    if (problem.status === 500) events.fault(error);
    return problem;
  };
  return {
    problemOf: problemIn,
    async understand(line) {
      let event: unknown;
      try {
        event = eventIn(line);
        const { told, entry, command } = commandOf(event, actor);
        const { keys, alone } = await keysOf(entry, command, { vault, registers, survivorOf });
        return { id: told.id, keys, alone, run: () => commands.execute<Command, object>(command).then(withoutCommandId) } satisfies Understood;
      } catch (error) {
        const id = speakableId(event);
        return { ...(id !== undefined && { id }), problem: problemIn(error) };
      }
    },
  };
}

function eventIn(line: Line): unknown {
  switch (line.kind) {
    case 'tooLong':
      throw new EdgeFault('BodyTooLarge', { pointer: '' });
    case 'notUtf8':
      throw invalidAt('MalformedJson', '', 'is not UTF-8');
    case 'text':
      try {
        return JSON.parse(line.text) as unknown;
      } catch {
        throw invalidAt('MalformedJson', '', 'is not JSON');
      }
    default: {
      const _: never = line;
      return _;
    }
  }
}

/** A line's answer has it as `id`. */
function withoutCommandId(answer: object): object {
  const { commandId: _commandId, ...rest } = answer as { readonly commandId?: string };
  return rest;
}
