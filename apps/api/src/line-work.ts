/** One line of an import: a CloudEvent, a command, whom it is about. */
import type { CommandBus } from '@nestjs/cqrs';
import { catalogue } from '#ledger/catalogue.js';
import { type CatalogueEntry } from '#ledger/catalogue-entry.js';
import type { Command } from '#ledger/command.js';
import { systemOf } from '#nest/authentication.js';
import { commandIn, speakableId, type ToldCommand } from '#nest/cloud-event.js';
import type { LineWork, Understood } from '#nest/ingest.js';
import { EdgeFault, problemOf, type Problem } from '#nest/problem.js';
import { arrivalOf, commandFrom } from '#nest/recording.js';
import type { RouteRoles } from '#nest/roles.js';
import type { Actor } from '#vault/vault.js';
import { jsonIn } from './line-answers.js';
import { keysOf } from './line-keys.js';
import type { ServerParts } from './server-parts.js';

export const COMMAND_TYPES: readonly string[] = [...catalogue.keys()].map((name) => `se.liggare.${name}.v1`);

/** The command in an event, checked and signed with its caller, if the caller's role may send it. Throws `EdgeFault`. */
export function commandOf(event: unknown, actor: Actor, roles: RouteRoles): { readonly told: ToldCommand; readonly entry: CatalogueEntry; readonly command: Command } {
  const told = commandIn(event, systemOf(actor));
  const entry = catalogue.get(told.name);
  if (entry === undefined) throw new EdgeFault('UnknownCommand', { pointer: '/type', alternatives: COMMAND_TYPES });
  roles.require(actor.role, entry.type);
  const { id, time, data, correlationId, causationId } = told;
  const arrival = { ...arrivalOf(actor, id), ...(correlationId !== undefined && { correlationId }), ...(causationId !== undefined && { causationId }) };
  // An ask is about now, whenever its event was made.
  const plain = time === undefined || entry.decision.asks === true ? data : { occurredAt: time, ...data };
  return { told, entry, command: commandFrom(entry.type, plain, arrival, '/data') as Command };
}

export function lineWork({ vault, registers, events, survivorOf }: ServerParts, commands: CommandBus, roles: RouteRoles, actor: Actor): LineWork {
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
        event = jsonIn(line);
        const { told, entry, command } = commandOf(event, actor, roles);
        const { keys, alone } = await keysOf(entry, command, { vault, registers, survivorOf });
        return { name: { id: told.id }, keys, alone, run: () => commands.execute<Command, object>(command).then(withoutCommandId) } satisfies Understood;
      } catch (error) {
        const id = speakableId(event);
        return { ...(id !== undefined && { name: { id } }), problem: problemIn(error) };
      }
    },
  };
}

/** A line's answer has its own name. */
export function withoutCommandId(answer: object): object {
  const { commandId: _commandId, ...rest } = answer as { readonly commandId?: string };
  return rest;
}
