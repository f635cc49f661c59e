/** Comma-separated values (RFC 4180) of lines: a header, CRLF, and no cell that a spreadsheet would take for a formula. */

/** A cell that begins so is computed by a spreadsheet: with a quote before it, it is text (OWASP, CSV injection). */
const FORMULA = /^[=+\-@\t\r]/;

export function csvRow(cells: readonly unknown[]): string {
  return `${cells.map(cellOf).join(',')}\r\n`;
}

/** A line's members in the order of the columns; what is no plain value as JSON, a list of plain ones with blanks between. */
export function csvLine(columns: readonly string[], line: object): string {
  const members = line as Readonly<Record<string, unknown>>;
  return csvRow(columns.map((column) => members[column]));
}

function cellOf(value: unknown): string {
  const text = plain(value);
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function plain(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value.join(' ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
