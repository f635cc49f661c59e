/** A marker in every dress that it may wear on disk: plain, base64 at each alignment, hex, UTF-16; as it was written, in capitals, in small letters. */
export interface Needle {
  readonly marker: string;
  readonly form: string;
  readonly bytes: Uint8Array;
  /** Looked for in bytes whose capital letters were made small. */
  readonly folded: boolean;
  /** Digits that could as well be a part of some hex number: only counts where it stands by itself. */
  readonly alone: boolean;
}

const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1');

export function needlesOf(marker: string): readonly Needle[] {
  const alone = /^\d+$/.test(marker);
  const small = marker.toLowerCase();
  const needles: Needle[] = [
    { marker, form: 'plain', bytes: Buffer.from(small, 'utf8'), folded: true, alone },
    { marker, form: 'utf-16le', bytes: Buffer.from(small, 'utf16le'), folded: true, alone: false },
    { marker, form: 'utf-16be', bytes: Buffer.from(small, 'utf16le').swap16(), folded: true, alone: false },
  ];
  // A hash or an encoding of the bytes sees capitals, so each writing has its own.
  for (const writing of new Set([marker, small, marker.toUpperCase(), `${small.charAt(0).toUpperCase()}${small.slice(1)}`])) {
    const bytes = Buffer.from(writing, 'utf8');
    needles.push({ marker, form: 'hex', bytes: latin1(bytes.toString('hex')), folded: true, alone: false });
    for (const shift of [0, 1, 2]) {
      const window = base64Window(bytes, shift);
      for (const form of new Set([window, window.replaceAll('+', '-').replaceAll('/', '_')])) needles.push({ marker, form: `base64 (${shift})`, bytes: latin1(form), folded: false, alone: false });
    }
  }
  return needles;
}

/** The base64 characters that depend on the marker alone when `shift` bytes stand before it in its group of three. */
function base64Window(bytes: Buffer, shift: number): string {
  const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
  return text.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
}
