import type { Context, Fact, SlotToSeal } from './decision.js';
import type { OnBehalfOf } from './envelope.js';
import { Refusal, type RefusalCode } from './refusals.js';
import type { Answerable } from './registers.js';

/** The envelope members that every told fact has: when, on whose behalf, and who answers for it under which policy. */
export function told(command: { readonly onBehalfOf?: OnBehalfOf | undefined }, context: Context, answerable?: Answerable): Pick<Fact, 'occurredAt' | 'onBehalfOf' | 'controller' | 'service' | 'policy' | 'registers'> {
  return {
    occurredAt: context.when.text,
    ...(command.onBehalfOf !== undefined && { onBehalfOf: command.onBehalfOf }),
    ...(answerable !== undefined && {
      controller: answerable.controller,
      ...(answerable.service !== undefined && { service: answerable.service }),
      ...(answerable.inForce !== undefined && { policy: answerable.inForce.model.version, registers: [answerable.inForce.register] }),
    }),
  };
}

/** Refuses the first code that is unknown, with the known alternatives. */
export function requireKnown(codes: readonly string[] | undefined, pointer: string, refusal: RefusalCode, isKnown: (code: string) => boolean, alternatives: () => readonly string[]): void {
  codes?.forEach((code, i) => {
    if (!isKnown(code)) throw new Refusal(refusal, { pointer: `${pointer}/${i}`, alternatives: alternatives() });
  });
}

/** A string that was told with a fact, under a key of its own; nothing where none was told. */
export function sealedSlot(name: string, category: string, value: string | undefined, context: Pick<Context, 'newId'>): readonly SlotToSeal[] {
  return value === undefined ? [] : [{ slot: name, holding: context.newId(name), category, value }];
}
