/** Reads a policy file: YAML in, a model out, or every fault with its line and field. */
import { compilePolicy, eachText } from './model.js';
import type { PolicyModel } from './model.js';
import { readPlainYaml } from './plain-yaml.js';
import type { PolicyProblem } from './plain-yaml.js';
import { checkPolicy } from './policy-rules.js';
import { policyShape } from './policy-shape.js';
import type { Policy } from './policy.js';
import { isInstant } from './element-shapes.js';
import type { Findings } from './shape.js';

/** What this room may not do itself: it has no clock, no time zones and no hash. */
export interface PolicyReadingAids {
  /** SHA-256 of the UTF-8 bytes, in hex. */
  readonly sha256Hex: (text: string) => string;
  /** The first instant of a local date, ISO 8601 in UTC. Throws a RangeError for a zone that it does not know. */
  readonly instantOf: (localDate: string, timeZone: string) => string;
}

/** A published text and its address. */
export interface AddressedText {
  readonly sha256: string;
  readonly text: string;
}

/** `texts`: the file itself, and each notice and wording in each language, once each. */
export type PolicyReading =
  | { readonly policy: PolicyModel; readonly texts: readonly AddressedText[] }
  | { readonly problems: readonly PolicyProblem[] };

/** Finds all faults, in the order of their lines. Never throws for what the file says. */
export function readPolicy(yamlText: string, aids: PolicyReadingAids): PolicyReading {
  const document = canonicalText(yamlText);
  const yaml = readPlainYaml(document);
  if (yaml.problems.length > 0) return { problems: yaml.problems };
  const problems: PolicyProblem[] = [];
  const findings: Findings = {
    definitions: [], references: [], words: [],
    report: (field, message, part = 'value') => problems.push({ ...yaml.place(field, part), field, message }),
  };
  const policy = policyShape.read(yaml.value, '', findings);
  checkPolicy(policy, findings);
  const effectiveFromAt = effectiveInstant(policy, aids, findings);
  if (problems.length > 0) return { problems: problems.sort((a, b) => a.line - b.line || a.column - b.column) };
  const documentHash = aids.sha256Hex(document);
  const texts = [document, ...[...policy.notices, ...policy.wordings].flatMap(({ texts: words }) => eachText(words).map(({ text }) => text))];
  return {
    policy: compilePolicy(policy, { effectiveFromAt, documentHash, sha256Hex: aids.sha256Hex }),
    texts: [...new Set(texts)].map((text) => ({ sha256: aids.sha256Hex(text), text })),
  };
}

/** One line for an operator. */
export function describeProblem({ line, column, field, message }: PolicyProblem): string {
  return `line ${line}, column ${column}: ${field === '' ? 'the file' : field} ${message}`;
}

/**
 * The text that is hashed and kept: no byte order mark, lines end in LF, Unicode in form C. A file that is so already hashes as
 * `sha256sum` hashes it.
 */
export function canonicalText(text: string): string {
  return text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n').normalize('NFC');
}

function effectiveInstant(policy: Policy, aids: PolicyReadingAids, findings: Findings): string {
  if (policy.effectiveFrom === '' || policy.timeZone === '' || isInstant(policy.effectiveFrom)) return policy.effectiveFrom;
  try {
    return aids.instantOf(policy.effectiveFrom, policy.timeZone);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    findings.report('timeZone', `"${policy.timeZone}" is no time zone`);
    return '';
  }
}
