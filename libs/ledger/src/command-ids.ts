/** The ids that follow from a command: the same whenever it is decided again, and nothing of the command can be read from them. */
import { commandEventIdText, derivedEventIdText, uuidV8OfHex } from '#audit/event-id.js';

export interface CommandIds {
  /** Id of the nth event. */
  readonly eventId: (n: number) => string;
  /** Id of something the command makes: a person, a holding, a consent. */
  readonly newId: (label: string) => string;
}

/** In lower-case hex. */
type Hmac = (text: string) => string;

export function commandIds(hmac: Hmac, system: string, commandId: string): CommandIds {
  const eventId = remembered((n) => uuidV8OfHex(hmac(commandEventIdText(system, commandId, n))));
  return { eventId, newId: (label) => uuidV8OfHex(hmac(derivedEventIdText(eventId(0), `new:${label}`))) };
}

/** For the further people whom one withdrawal fits: ids of their own, caused by the command's first event. */
export function idsOnStream(hmac: Hmac, of: CommandIds, stream: string): CommandIds {
  const causing = of.eventId(0);
  return {
    eventId: remembered((n) => uuidV8OfHex(hmac(derivedEventIdText(causing, `${stream}:${n}`)))),
    newId: (label) => uuidV8OfHex(hmac(derivedEventIdText(causing, `${stream}:new:${label}`))),
  };
}

/** Each id is asked for several times, and an HMAC is a good part of what a command costs. */
function remembered(make: (n: number) => string): (n: number) => string {
  const made: string[] = [];
  return (n) => (made[n] ??= make(n));
}
