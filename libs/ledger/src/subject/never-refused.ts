/** How withdrawals and objections read what they are told: codes that no register knows refuse nothing (`architecture.md` §4). */
import type { PolicyModel } from '#policy/model.js';
import type { Registers } from '../registers.js';
import { ID } from '../schema.js';

/** Who it was told to, as far as that can be known; undefined: everybody. */
export function controllerTold({ service, controller }: { readonly service?: string; readonly controller?: string }, registers: Registers): { readonly id: string; readonly service?: string } | undefined {
  if (controller !== undefined && registers.controllers().includes(controller) && service === undefined) return { id: controller };
  if (service === undefined || !ID.test(service)) return undefined;
  for (const id of registers.controllers()) if (registers.newestPolicy(id)?.model.controllerOf(service)?.id === id) return { id, service };
  return undefined;
}

export function everyModel(registers: Registers): readonly PolicyModel[] {
  return registers.controllers().flatMap((id) => registers.everyPolicy(id));
}

/** A no to a heading is a no to all that any of the policies has under it. Sorted. */
export function purposesWithin(headings: readonly string[], models: readonly PolicyModel[]): readonly string[] {
  const within = headings.flatMap((heading) => models.flatMap((model) => model.alternatives('purpose').filter((purpose) => model.isPurposeWithin(purpose, heading))));
  return [...new Set(within)].sort();
}

export function isKnownPurpose(purpose: string, registers: Registers): boolean {
  return everyModel(registers).some((model) => model.has('purpose', purpose));
}

export function isKnownChannel(channel: string, registers: Registers): boolean {
  return registers.controllers().some((id) => registers.newestPolicy(id)?.model.has('channel', channel));
}
