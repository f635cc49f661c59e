/** Text for a terminal: wrapped, aligned, coloured where somebody looks at it. */
import { stripVTControlCharacters } from 'node:util';

export interface Style {
  /** Columns that may be used. */
  readonly width: number;
  readonly isColoured: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Between 80 and 120 columns; colours on a terminal only, and not for whoever asks for none (https://no-color.org). */
export function styleFor(screen: { readonly isTTY?: boolean | undefined; readonly columns?: number | undefined }, env: Environment): Style {
  const isTerminal = screen.isTTY === true;
  return { width: Math.min(120, Math.max(80, screen.columns ?? 100)), isColoured: isTerminal && !env['NO_COLOR'] && env['TERM'] !== 'dumb' };
}

const COLOURS = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;
export type Colour = keyof typeof COLOURS;

export function paint({ isColoured }: Style, colour: Colour, text: string): string {
  return isColoured && text !== '' ? `\x1b[${COLOURS[colour]}m${text}\x1b[0m` : text;
}

/** Lines of at most `width` columns; those after the first begin with `indent` spaces. A word longer than that is cut. */
export function wrap(text: string, width: number, indent = 0): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const room = width - (lines.length === 0 ? 0 : indent);
    if (line !== '' && columns(line) + 1 + columns(word) > room) {
      lines.push(line.trimEnd());
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
    for (let most = width - (lines.length === 0 ? 0 : indent); columns(line) > most; most = width - indent) {
      lines.push(cut(line, most));
      line = line.slice(cut(line, most).length);
    }
  }
  if (line !== '' || lines.length === 0) lines.push(line);
  return lines.map((one, i) => (i === 0 ? one : ' '.repeat(indent) + one));
}

/** What somebody wrote, on one line and without what a terminal would obey. */
export function plainText(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return stripVTControlCharacters(text).replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').replaceAll(/[\u202a-\u202e\u2066-\u2069]/gu, '');
}

export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - columns(text)));
}

function cut(text: string, width: number): string {
  return [...text].slice(0, Math.max(1, width)).join('');
}

/** Columns that a text takes, colours aside. Letters with marks of their own count once; wide scripts are taken for narrow ones. */
export function columns(text: string): number {
  return [...stripVTControlCharacters(text).normalize('NFC').replaceAll(/\p{M}/gu, '')].length;
}
