/** A person's audit trail for a terminal: a line or two an event, in log order. */
import type { TrailLine, TrailReply } from '#ledger/queries.js';
import { columns, padded, paint, wrap, type Style } from './layout.js';
import { day, shownText } from './shown-text.js';
import { word, type Language } from './words.js';

export function trailHead({ subject, known, valid, position, mergedInto }: TrailReply, language: Language, style: Style): string {
  const asOf = `${word('known', language)} ${known ?? '–'}  ${word('valid', language)} ${valid ?? '–'}  ${word('position', language)} ${position ?? '–'}`;
  const merged = mergedInto === undefined ? '' : ` (${word('mergedInto', language)} ${mergedInto})`;
  return [paint(style, 'bold', `${word('trailOf', language)} ${subject}${merged}`), paint(style, 'dim', asOf), ''].join('\n');
}

/** Number, day it happened, sentence; below it who told it, and when it was recorded. */
export function trailLineText(line: TrailLine, language: Language, style: Style): string {
  const { revision, stream, occurredAt, recordedAt, system, onBehalfOf, verdict, service, annulled } = line;
  const sentence = annulled === undefined ? line.sentence : `[${word('annulled', language)}] ${line.sentence}`;
  const isOwn = stream.startsWith('subject-');
  const number = isOwn ? String(revision) : '·';
  const indent = 6 + 12;
  const when = day(occurredAt);
  // An interval takes more room than a day has.
  const isLong = columns(when) > 10;
  const sentences = wrap(isLong ? `${when}: ${sentence}` : sentence, style.width - indent);
  // Who opened it, by the id that `liggare token list` gives a name.
  const opened = isOwn ? [] : [line.actor, line.case === undefined ? undefined : `${word('case', language)} ${shownText(line.case, language)}`];
  const about = [system, ...opened, service, onBehalfOf === undefined || onBehalfOf === 'subject' ? undefined : onBehalfOf, recordedAt].filter((part) => part !== undefined).join('  ');
  const colour = verdict === 'unjustified' ? 'red' : undefined;
  return [
    ...sentences.map((part, i) => `${i === 0 ? `${number.padStart(4)}  ${padded(isLong ? '' : when, 12)}` : ' '.repeat(indent)}${colour === undefined ? part : paint(style, colour, part)}`),
    ...wrap(about, style.width - indent, 2).map((part) => `${' '.repeat(indent)}${paint(style, 'dim', part)}`),
  ].join('\n');
}
