/** What was asked of the gate and what was done with somebody's data, for a terminal: a line each, and why where it was not as it should be. */
import { ruleText, rules, type RuleCode } from '#ledger/rules.js';
import { actSentences } from '#ledger/trail/act-sentences.js';
import type { Label, Said } from '#ledger/trail/sentences.js';
import type { Colour } from './layout.js';
import type { ShownRecord } from './record-text.js';
import { day, shownText } from './shown-text.js';
import { word, type Language, type Word } from './words.js';

export interface ActText {
  readonly first: string;
  readonly rest: readonly string[];
  readonly colour: Colour | undefined;
}

type Act = ShownRecord['acts'][number];

/** In the order in which they happened. */
export function actTexts(acts: ShownRecord['acts'], language: Language): readonly ActText[] {
  return [...acts].sort((a, b) => (a.occurredAt < b.occurredAt ? -1 : a.occurredAt > b.occurredAt ? 1 : 0)).map((act) => actText(act, language));
}

function actText(act: Act, language: Language): ActText {
  const isBlocked = act.type.endsWith('Blocked');
  const reasons = (act.failed ?? []).map((code) => ruleOf(code, language)).join('; ');
  const references = act.references.map((one) => `${slotWord(one.slot, language)} ${shownText(one, language)}`).join('; ');
  return {
    first: `${day(act.occurredAt)}  ${sentence(act, language)}`,
    rest: [...(reasons === '' ? [] : [`✗ ${reasons}`]), ...(references === '' ? [] : [references]), ...asked(act, language)],
    colour: isBlocked ? 'yellow' : act.verdict === 'unjustified' ? 'red' : undefined,
  };
}

/** The event of a decision, by which its whole reasoning is read. */
function asked({ type, event, verdict }: Act, language: Language): readonly string[] {
  return verdict === undefined || type === 'DataSubjectObjected' || type === 'NoticeServed' ? [] : [`${word('reasoning', language)}: liggare decision ${event}`];
}

/** Codes stay codes in a record: their names are the policy's. */
const code: Label = (_kind, text) => text;

function sentence(act: Act, language: Language): string {
  const say = actSentences[act.type] as (data: unknown, event: unknown, label: Label) => Said;
  return say(act.data, undefined, code)[language === 'sv' ? 0 : 1];
}

/** A rule's sentence; its code where a newer server than this program told of it. */
export function ruleOf(rule: string, language: Language): string {
  return Object.hasOwn(rules, rule) ? ruleText(rule as RuleCode, language) : rule;
}

const SLOTS: Readonly<Record<string, Word>> = { 'recipient-name': 'recipient', case: 'case', reason: 'reason', note: 'reason' };

function slotWord(slot: string, language: Language): string {
  const meant = SLOTS[slot];
  return meant === undefined ? slot : word(meant, language);
}
