/** Ids that may stand in the log, in URLs and in answers: of a fixed character set, and pseudonymous (GDPR Art. 25). */
import { findsIdentifiers } from '#vault/finds-identifiers.js';
import { EdgeFault } from './problem.js';

export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const ANY_UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const COMMAND_ID = /^[A-Za-z0-9._:~-]{1,128}$/;

/** Whether it holds an e-mail address, a phone number or a personnummer. UUIDs are excepted: their digits say nothing. */
export function holdsIdentifier(text: string): boolean {
  return !ANY_UUID.test(text) && findsIdentifiers(text) !== undefined;
}

export function isCommandId(text: string): boolean {
  return COMMAND_ID.test(text) && !holdsIdentifier(text);
}

/** Throws `UnusableId`, which does not repeat the id. */
export function requireCommandId(text: string, pointer: string): string {
  if (!isCommandId(text))
    throw new EdgeFault('UnusableId', { pointer, errors: [{ pointer, detail: 'is 1 to 128 of A-Z a-z 0-9 . _ : ~ - and holds no e-mail address, phone number or personnummer' }] });
  return text;
}

export function requireUuid(text: string, pointer: string): string {
  if (!UUID.test(text)) throw new EdgeFault('UnusableId', { pointer, errors: [{ pointer, detail: 'is not a UUID in lower case' }] });
  return text;
}

const REGISTERED_ID = /^[a-z][a-z0-9-]{0,62}$/;

export function requireRegisteredId(text: string, pointer: string): string {
  if (!REGISTERED_ID.test(text) || holdsIdentifier(text)) throw new EdgeFault('UnusableId', { pointer, errors: [{ pointer, detail: 'is not a registered id: [a-z][a-z0-9-]{0,62}, without a phone number or personnummer' }] });
  return text;
}
