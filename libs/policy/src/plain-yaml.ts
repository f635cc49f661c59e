/**
 * YAML as plain data with the place of every member, and nothing that a policy has no use for: no aliases (they hide what stands
 * where, and grow without bound when expanded), no tags, no second document, no key twice.
 */
import { isAlias, isMap, isPair, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Node } from 'yaml';

/** What is wrong, and where. Lines and columns count from 1; list members from 0; `field` is empty for the file as a whole. */
export interface PolicyProblem {
  readonly line: number;
  readonly column: number;
  readonly field: string;
  readonly message: string;
}

export interface PlainYaml {
  /** Mappings (without prototype), arrays, strings, numbers, booleans, null. */
  readonly value: unknown;
  readonly problems: readonly PolicyProblem[];
  /** Place of a field, by its key or by its value; of the nearest thing around it when it is not there. */
  place(field: string, part: 'key' | 'value'): { readonly line: number; readonly column: number };
}

export const maxCharacters = 1_000_000;
const maxDepth = 16;

/** Reads one document. Cost is linear in its length. Never throws for what the text says. */
export function readPlainYaml(text: string): PlainYaml {
  if (text.length > maxCharacters) {
    return unreadable(`the file has ${text.length} characters; a policy has at most ${maxCharacters}`);
  }
  const lines = new LineCounter();
  // The library's own check for equal keys compares each with each; ours is below. A text nested beyond its stack is an error like others.
  const document = parseDocument(text, { schema: 'core', version: '1.2', uniqueKeys: false, prettyErrors: false, lineCounter: lines });
  const reading = new Reading(lines);
  const faults = new Map([...document.errors, ...document.warnings].reverse().map((fault) => [fault.pos[0], fault.message]));
  for (const [offset, message] of [...faults].reverse()) reading.report('', offset, `is not YAML: ${message}`);
  const value = reading.problems.length > 0 ? undefined : reading.plain(document.contents, '', 0);
  return { value, problems: reading.problems, place: (field, part) => reading.place(field, part) };
}

export function member(parent: string, key: string): string {
  return parent === '' ? key : `${parent}.${key}`;
}

function unreadable(message: string): PlainYaml {
  const start = { line: 1, column: 1 };
  return { value: undefined, problems: [{ ...start, field: '', message }], place: () => start };
}

class Reading {
  readonly problems: PolicyProblem[] = [];
  readonly #lines: LineCounter;
  readonly #keys = new Map<string, number>();
  readonly #values = new Map<string, number>();

  constructor(lines: LineCounter) {
    this.#lines = lines;
  }

  report(field: string, offset: number, message: string): void {
    this.problems.push({ ...this.#at(offset), field, message });
  }

  place(field: string, part: 'key' | 'value'): { line: number; column: number } {
    const asked = part === 'key' ? this.#keys.get(field) : undefined;
    for (let at = field; asked === undefined && at !== ''; at = parentOf(at)) {
      const offset = this.#values.get(at);
      if (offset !== undefined) return this.#at(offset);
    }
    return this.#at(asked ?? this.#values.get('') ?? 0);
  }

  plain(node: Node | null, field: string, depth: number): unknown {
    if (node === null) return null;
    const offset = node.range?.[0] ?? 0;
    this.#values.set(field, offset);
    if (isAlias(node)) return this.report(field, offset, 'is an alias; write the value out where it applies');
    if (node.anchor !== undefined) this.report(field, offset, 'has an anchor; aliases are not read, so it serves nothing');
    if (node.tag !== undefined) this.report(field, offset, 'has a tag; a policy has none');
    if (depth > maxDepth) return this.report(field, offset, `is nested deeper than ${maxDepth} levels`);
    if (isSeq(node)) return node.items.map((item, i) => this.plain(item as Node | null, `${field}[${i}]`, depth + 1));
    if (isMap(node)) return this.#mapping(node.items, field, depth);
    return isScalar(node) ? node.value : undefined;
  }

  #mapping(pairs: readonly unknown[], field: string, depth: number): unknown {
    const found: Record<string, unknown> = Object.create(null);
    for (const pair of pairs) {
      if (!isPair<Node, Node | null>(pair)) continue;
      const offset = pair.key.range?.[0] ?? 0;
      if (!isScalar(pair.key) || typeof pair.key.value !== 'string') {
        this.report(field, offset, 'has a key that is not a word');
        continue;
      }
      const name = pair.key.value;
      const path = member(field, name);
      const before = this.#keys.get(path);
      if (before !== undefined) {
        this.report(path, offset, `stands twice; first on line ${this.#at(before).line}`);
        continue;
      }
      this.#keys.set(path, offset);
      this.#values.set(path, offset);
      found[name] = this.plain(pair.value, path, depth + 1);
    }
    return found;
  }

  #at(offset: number): { line: number; column: number } {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  }
}

function parentOf(field: string): string {
  return field.slice(0, Math.max(field.lastIndexOf('.'), field.lastIndexOf('['), 0));
}
