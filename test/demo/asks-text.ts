/** An ask and its answer for a terminal, as the system that asked was told; `decisionText` has every reason, for an officer. */
import type { Reasons } from '#ledger/registers/reasoning.js';
import { paint, wrap, type Colour, type Style } from '../../apps/cli/src/layout.js';
import type { Language } from '../../apps/cli/src/words.js';
import type { Asked } from './asking.js';

const outcomes = {
  allowed: ['tillåtet', 'allowed', 'green'],
  'allowed-with-remarks': ['tillåtet med anmärkning', 'allowed with remarks', 'yellow'],
  blocked: ['stoppat', 'blocked', 'red'],
} as const satisfies Record<string, readonly [sv: string, en: string, colour: Colour]>;

export function askText({ system, told }: Asked, { sentence }: Reasons, language: Language, style: Style): string {
  const [sv, en, colour] = outcomes[told.outcome];
  const advice = [...new Set((told.advice ?? []).map((one) => one[language]))];
  return [
    `${paint(style, colour, language === 'sv' ? sv : en)}  ${paint(style, 'dim', system)}`,
    ...wrap(sentence[language], style.width - 2).map((line) => `  ${line}`),
    ...advice.flatMap((one) => wrap(`→ ${one}`, style.width - 4, 2)).map((line) => `    ${paint(style, 'cyan', line)}`),
    '',
  ].join('\n');
}
