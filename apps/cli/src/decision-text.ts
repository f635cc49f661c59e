/** One decision with its whole reasoning for a terminal: every rule that was applied, passed ones too, and what each rests on. */
import type { PlacedReasons, RuleReason } from '#ledger/registers/reasoning.js';
import { articleText } from '#ledger/rules.js';
import { paint, wrap, type Colour, type Style } from './layout.js';
import { day } from './shown-text.js';
import { word, type Language } from './words.js';

const SIGNS = { passed: '✓', failed: '✗', remarked: '!' } as const;
const COLOURS = { passed: 'green', failed: 'red', remarked: 'yellow' } as const satisfies Record<RuleReason['result'], Colour>;

export function decisionText(reasons: PlacedReasons, language: Language, style: Style): string {
  const { decision, rules } = reasons;
  const lines = [paint(style, 'bold', `${word('decision', language)} ${decision.event}`)];
  const line = (indent: number, text: string, colour?: Colour): void => {
    for (const part of wrap(text, style.width - indent, 2)) lines.push(' '.repeat(indent) + (colour === undefined ? part : paint(style, colour, part)));
  };
  line(2, reasons.sentence[language]);
  line(2, heading(reasons, language), 'dim');
  lines.push('', paint(style, 'cyan', `${word('applied', language)}: ${rules.length}`));
  for (const rule of rules) {
    line(2, `${SIGNS[rule.result]} ${rule.rule}${rule.categories === undefined ? '' : ` (${rule.categories.join(', ')})`}`, COLOURS[rule.result]);
    for (const detail of details(rule, language)) line(6, detail, 'dim');
  }
  if (decision.registers.length > 0) {
    lines.push('', paint(style, 'cyan', word('registersUsed', language)));
    for (const { stream, revision, newest } of decision.registers) line(2, `${stream}@${revision}${newest === undefined ? '' : `  ${word('newest', language)} ${newest}`}`, newest === undefined ? undefined : 'yellow');
  }
  return lines.join('\n');
}

function heading({ decision, position }: PlacedReasons, language: Language): string {
  const { stream, revision, occurredAt, policy, rules, outcome, verdict } = decision;
  return [`${stream}@${revision}`, day(occurredAt), outcome ?? verdict, policy === undefined ? undefined : `${word('policy', language)} ${policy}`, `${word('rules', language)} ${rules}`, `${word('position', language)} ${position ?? '–'}`].filter((part) => part !== undefined).join('  ');
}

/** What a rule says where it fails, by which article and clause; what it rests on; and until when the answer is the same. */
function details({ result, text, article, clause, events, registers, from, to, count }: RuleReason, language: Language): readonly string[] {
  const span = [from === undefined ? undefined : `${word('since', language)} ${from}`, to === undefined ? undefined : `${word('until', language)} ${to}`].filter((part) => part !== undefined);
  const first = [result === 'passed' ? article && articleText(article, language) : text[language], clause === undefined ? undefined : `${word('clause', language)} ${clause}`, count === undefined ? undefined : `${word('times', language)} ${count}`, ...span];
  const cited = (events ?? []).map(({ event, occurredAt, sentence }) => (sentence === undefined ? event : `${occurredAt === undefined ? '' : `${day(occurredAt)} `}${sentence[language]} [${event}]`));
  const entries = (registers ?? []).map(({ kind, id, entry }) => `${kind} ${id}${entry === undefined ? '' : ` / ${entry}`}`);
  return [first.filter((part) => part !== undefined && part !== '').join('; '), ...(entries.length === 0 ? [] : [entries.join('; ')]), ...cited].filter((detail) => detail !== '');
}
