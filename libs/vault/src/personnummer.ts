/**
 * Personnummer (folkbokföringslagen 1991:481, 18 §), samordningsnummer (18 a §: 60 added to the day) and organisation numbers
 * (lag 1974:174): date or group number, serial number, and a check digit by the modulus-10 method.
 */

/**
 * Twelve digits, YYYYMMDDNNNN, from any usual writing; undefined when the date is none or the check digit is wrong. `on` (YYYY-MM-DD):
 * the day of writing. Ten digits are of the latest birth until then, and with a plus sign, which replaces the hyphen in the year in which
 * a person turns 100, of the latest birth that far back.
 */
export function normalisedPersonnummer(value: string, on: string): string | undefined {
  const parts = /^(\d{2})?(\d{2})(\d{4})([-+])?(\d{4})$/.exec(value.normalize('NFKC').replaceAll(/[\u2010-\u2015\u2212]/g, '-').replaceAll(/\s/g, ''));
  const [, century, year = '', day = '', sign, serial = ''] = parts ?? [];
  if (!parts || serial.startsWith('000') || !hasCheckDigit(year + day + serial)) return undefined;
  const fullYear = century === undefined ? guessedYear(year, day, sign === '+', on) : Number(century + year);
  return isDate(fullYear, day) ? `${fullYear}${day}${serial}` : undefined;
}

/** Ten digits; a sole trader's is a personnummer and comes as twelve. */
export function normalisedOrganisationNumber(value: string, on: string): string | undefined {
  const digits = value.normalize('NFKC').replaceAll(/[\s\u2010-\u2015\u2212-]/g, '');
  // The third and fourth digit are at least 20, so that no legal person's number is a date.
  const [, number] = /^(?:16)?(\d{2}[2-9]\d{7})$/.exec(digits) ?? [];
  if (number !== undefined && hasCheckDigit(number)) return number;
  return normalisedPersonnummer(value, on);
}

function guessedYear(year: string, day: string, isHundred: boolean, on: string): number {
  const now = Number(on.slice(0, 4));
  let born = now - ((now - Number(year)) % 100 + 100) % 100;
  if (born === now && plainDay(day) > on.slice(5).replace('-', '')) born -= 100;
  return isHundred && now - born < 100 ? born - 100 : born;
}

/** MMDD of the birth, which a samordningsnummer's day hides. */
function plainDay(day: string): string {
  const number = Number(day.slice(2));
  return day.slice(0, 2) + String(number > 60 ? number - 60 : number).padStart(2, '0');
}

function isDate(year: number, day: string): boolean {
  const plain = plainDay(day);
  const [month, dayOfMonth] = [Number(plain.slice(0, 2)), Number(plain.slice(2))];
  const date = new Date(Date.UTC(year, month - 1, dayOfMonth));
  return year >= 1800 && date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === dayOfMonth;
}

/** The modulus-10 method (ISO/IEC 7812-1, annex B): every other digit from the first doubled, digits added, a multiple of ten. */
function hasCheckDigit(tenDigits: string): boolean {
  let sum = 0;
  for (let i = 0; i < tenDigits.length; i++) {
    const weighted = Number(tenDigits[i]) * (i % 2 === 0 ? 2 : 1);
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return sum % 10 === 0;
}
