/** How a value is written before it is indexed, so that one address written in two ways is found as one. */
import { domainToASCII } from 'node:url';
import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { normalisedOrganisationNumber, normalisedPersonnummer } from './personnummer.js';
import type { IdentifierKind } from './vault.js';

/**
 * The one writing that stands for all; undefined when the value is not of that kind. `on` (YYYY-MM-DD): the day it was written, from
 * which the century of a ten-digit personnummer follows.
 */
export function normalise(kind: IdentifierKind, value: string, on: string): string | undefined {
  switch (kind) {
    case 'email':
      return normalisedEmail(value);
    case 'phone':
      return normalisedPhone(value);
    case 'personnummer':
      return normalisedPersonnummer(value, on);
    case 'organisation-number':
      return normalisedOrganisationNumber(value, on);
    case 'customer-number':
      return bounded(value.normalize('NFKC').toUpperCase().replaceAll(/\s/gu, '').normalize('NFKC'));
    case 'device-id': {
      const id = value.trim();
      return bounded(UUID.test(id) ? id.toLowerCase() : id);
    }
    case 'name':
      return normalisedName(value);
    default: {
      const _: never = kind;
      return _;
    }
  }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Of an address without quotes: RFC 5321 §4.1.2 `Dot-string`, with RFC 6531's letters. */
const LOCAL_PART = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * The local part in lower case as well: RFC 5321 §2.4 leaves its case to the receiving host, but says itself to exploit none; hosts that
 * tell `Anna` from `anna` are not met with, and a person who writes herself both ways must be found as one.
 */
function normalisedEmail(value: string): string | undefined {
  const [local, domain, ...more] = value.trim().normalize('NFC').split('@');
  if (local === undefined || domain === undefined || more.length > 0 || !LOCAL_PART.test(local)) return undefined;
  // `domainToASCII` would decode percent signs and read numbers as IPv4 addresses, as a URL's host is read.
  if (!/^[\p{L}\p{M}\p{N}.\-。．｡\u200c\u200d]+$/u.test(domain)) return undefined;
  const labels = domainToASCII(domain).split('.');
  const isHostName = labels.length > 1 && labels.every((label) => LABEL.test(label)) && /[a-z]/.test(labels.at(-1) ?? '');
  const address = `${local.toLowerCase().normalize('NFC')}@${labels.join('.')}`;
  // RFC 5321 §4.5.3.1: 64 octets before the @, and a path of 256 with its brackets.
  return isHostName && Buffer.byteLength(local) <= 64 && Buffer.byteLength(address) <= 254 ? address : undefined;
}

/**
 * E.164, Swedish where no country is said; with an extension as RFC 3966 writes it. Possible numbers, not only valid ones: numbering plans
 * grow faster than anybody's copy of them, and whoever has a new number must be found too.
 */
function normalisedPhone(value: string): string | undefined {
  const phone = parsePhoneNumberFromString(value.normalize('NFKC').trim().replace(/^tel:/i, ''), { defaultCountry: 'SE', extract: false });
  if (!phone?.isPossible()) return undefined;
  return phone.ext ? `${phone.number};ext=${phone.ext}` : phone.number;
}

const HYPHENS = /[\u00ad\u2010-\u2015\u2212\ufe58\ufe63\uff0d]/gu;
const APOSTROPHES = /[`´ʹʻʼʽˈ‘’‛′＇]/gu;
const INVISIBLE = /[\u200b-\u200f\u2060\ufeff]/gu;

function normalisedName(value: string): string | undefined {
  const unified = value.replaceAll(HYPHENS, '-').replaceAll(APOSTROPHES, "'").replaceAll(INVISIBLE, '').normalize('NFKC');
  // Up and down again comes closest to Unicode's case folding: ß and SS, ς and σ meet.
  const folded = unified.toUpperCase().toLowerCase().replaceAll('ς', 'σ').normalize('NFKC');
  return bounded(folded.replaceAll(/\s+/gu, ' ').replaceAll(/ ?- ?/g, '-').trim());
}

function bounded(text: string): string | undefined {
  return text === '' || text.length > 256 || /\p{Cc}/u.test(text) ? undefined : text;
}
