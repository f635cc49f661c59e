import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { normalisedPersonnummer } from './personnummer.js';

export type FoundIdentifier = 'email' | 'phone' | 'personnummer';

/**
 * What a string that should be a mere id holds of a person: an address, a number that can be called, a personnummer with its check digit.
 * Of ten strings that look like a date and a serial number one has the check digit by chance, and is flagged: nobody can tell it from a
 * real one. Canonical UUIDs are the caller's to except. Takes time in proportion to the string.
 */
export function findsIdentifiers(text: string): FoundIdentifier | undefined {
  const plain = text
    .normalize('NFKC')
    .replaceAll('%40', '@')
    .replaceAll(/%2b/gi, '+')
    .replaceAll(/[\u2010-\u2015\u2212]/gu, '-');
  if (EMAIL.test(plain)) return 'email';
  if (plain.matchAll(PERSONNUMMER).some(([number]) => normalisedPersonnummer(number, FAR_ON) !== undefined)) return 'personnummer';
  if (SWEDISH_MOBILE.test(plain)) return 'phone';
  if (plain.matchAll(INTERNATIONAL).some(([, number = '']) => beginsWithPhone(number))) return 'phone';
  return undefined;
}

/** One character before the @ is enough, and keeps the search linear. */
const EMAIL = /[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~."-]@[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]*\.)+[\p{L}\p{N}]/u;

/** Ten or twelve digits that are not part of a longer number, parted before the last four or not at all. */
const PERSONNUMMER = /(?<!\d)(?:\d{2})?\d{6}[-+ ]?\d{4}(?!\d)/g;
/** Whichever century is meant, the date is real or not; that of 29 February the far end settles. */
const FAR_ON = '2099-12-31';

/** 070, 072, 073, 076 and 079 with seven digits more (PTS numbering plan for telephony, ITU-T E.164). */
const SWEDISH_MOBILE = /(?<![\p{L}\d])07[02369](?:[ -]?\d){7}(?![\p{L}\d])/u;

const INTERNATIONAL = /(?:\+|(?<![\p{L}\d])00)([1-9](?:[ .()/-]{0,2}\d){6,14})(?!\d)/gu;

/** Digits that a separator parts from the number are perhaps not of it: `+46 70 174 06 05-2024`. */
function beginsWithPhone(number: string): boolean {
  const groups = number.split(/[ .()/-]+/);
  return groups.some((_, i) => parsePhoneNumberFromString(`+${groups.slice(0, i + 1).join('')}`)?.isValid());
}
