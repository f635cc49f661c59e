/** A cursor says which question it is of: under another it would stand for a place that is not there, and give an empty page. */
import type { Asked } from './register.query.js';

/** Short, and the same for the same question: FNV-1a of it (draft-eastlake-fnv). No secret, and no guard against whoever makes one up. */
function markOf(of: string, { filters, from, to, rank }: Asked): string {
  const question = JSON.stringify([of, Object.entries(filters).sort(([a], [b]) => (a < b ? -1 : 1)), from, to, rank]);
  let hash = 0x811c9dc5;
  for (let i = 0; i < question.length; i++) hash = Math.imul(hash ^ question.charCodeAt(i), 0x01000193) >>> 0;
  return hash.toString(36);
}

/** A reply whose `next` says what it is of. */
export function marked(of: string, asked: Asked, reply: object): object {
  const { next } = reply as { readonly next?: string };
  return next === undefined ? reply : { ...reply, next: `${markOf(of, asked)}.${next}` };
}

/** The cursor without its mark; undefined when it is of another question. */
export function unmarked(of: string, asked: Asked, text: string): string | undefined {
  const mark = `${markOf(of, asked)}.`;
  return text.startsWith(mark) ? text.slice(mark.length) : undefined;
}
