/** What the demo says when all is told: what was refused, what was not justified, and where to go on. */
import type { EventStore } from '#event-store/event-store.js';
import { decode } from '#ledger/encoding.js';
import { isBlockedAsk } from '#ledger/registers/deviation-register.view.js';
import { ruleText, type RuleCode } from '#ledger/rules.js';
import { columns, padded, paint, wrap, type Style } from '../../apps/cli/src/layout.js';
import { grouped } from '../../apps/cli/src/progress.js';
import type { Tally } from '../../apps/cli/src/tally.js';
import type { Language } from '../../apps/cli/src/words.js';
import type { System } from './step.js';

export interface Told {
  readonly system: System;
  readonly tally: Tally;
}

export function heading(text: string, style: Style): string {
  return `\n${paint(style, 'bold', text)}\n${paint(style, 'dim', '─'.repeat(Math.min(style.width, columns(text))))}`;
}

export function totals(told: readonly Told[]): { readonly answered: number; readonly recorded: number; readonly unjustified: number; readonly unchanged: number; readonly duplicate: number; readonly blocked: number; readonly refused: number } {
  const reports = told.map(({ tally }) => tally.report());
  const sum = (of: (report: (typeof reports)[number]) => number): number => reports.reduce((total, report) => total + of(report), 0);
  return {
    answered: sum(({ answered }) => answered),
    recorded: sum(({ recorded }) => recorded),
    unjustified: sum(({ unjustified }) => unjustified),
    unchanged: sum(({ unchanged }) => unchanged),
    duplicate: sum(({ duplicate }) => duplicate),
    blocked: sum(({ blocked }) => blocked),
    refused: sum(({ refused }) => refused),
  };
}

/** Each code with how often, its sentence, and a line to look at. */
export function refusedTable(told: readonly Told[], style: Style): string {
  const byCode = new Map<string, { count: number; title: string; example: string }>();
  for (const { system, tally } of told)
    for (const { code, title, count, lines } of tally.report().refusedBy) {
      const known = byCode.get(code);
      if (known === undefined) byCode.set(code, { count, title, example: `${system}, line ${lines[0]}` });
      else known.count += count;
    }
  const width = Math.max(...[...byCode.keys()].map((code) => code.length));
  return [...byCode]
    .sort(([, a], [, b]) => b.count - a.count)
    .flatMap(([code, { count, title, example }]) => [
      `${grouped(count).padStart(5)}  ${paint(style, 'yellow', padded(code, width))}  ${paint(style, 'dim', example)}`,
      ...wrap(title, style.width - 7).map((line) => `       ${line}`),
    ])
    .join('\n');
}

/** Facts that were told and had no support, by the rule that they fail. Reads the log once. */
export async function unjustifiedTable(log: EventStore, language: Language, style: Style): Promise<string> {
  const byRule = new Map<string, number>();
  for await (const batch of log.readAll({ filter: { streamPrefixes: ['subject-'] } }))
    // Of an ask that was blocked nothing happened.
    for (const event of batch) if (!isBlockedAsk(event.type)) for (const rule of decode(event).failed ?? []) byRule.set(rule, (byRule.get(rule) ?? 0) + 1);
  const width = Math.max(0, ...[...byRule.keys()].map((rule) => rule.length));
  return [...byRule]
    .sort(([, a], [, b]) => b - a)
    .flatMap(([rule, count]) => {
      const [first = '', ...rest] = wrap(ruleText(rule as RuleCode, language), style.width - width - 9);
      return [`${grouped(count).padStart(5)}  ${paint(style, 'red', padded(rule, width))}  ${first}`, ...rest.map((line) => `${' '.repeat(width + 9)}${line}`)];
    })
    .join('\n');
}

/** Copied into a shell they work as they stand. No identifier of a person stands in an argument. */
export function whereToGo(url: string, tokenFile: string, subject: string, style: Style): string {
  const bearer = `-H "Authorization: Bearer $(cat '${tokenFile}')"`;
  return [
    `API    ${url}/v1/commands`,
    `docs   ${url}/docs  ${paint(style, 'dim', '(any name; the token as password)')}`,
    `token  ${tokenFile}  ${paint(style, 'dim', "(an officer's, readable by you alone)")}`,
    '',
    paint(style, 'dim', '# the record as it was in the world at the end of 2019'),
    `curl -s ${bearer} -H 'Liggare-Purpose: internal-audit' '${url}/v1/subjects/${subject}/record?valid=2019-12-31'`,
    paint(style, 'dim', '# the audit trail in Swedish'),
    `curl -s ${bearer} -H 'Liggare-Purpose: internal-audit' '${url}/v1/subjects/${subject}/audit-trail?lang=sv'`,
    paint(style, 'dim', '# what is open for an officer, as CSV'),
    `curl -s ${bearer} -H 'Liggare-Purpose: internal-audit' '${url}/v1/deviations?state=open&format=csv'`,
    paint(style, 'dim', '# who received this person\'s data, and where it came from'),
    `curl -s ${bearer} -H 'Liggare-Purpose: internal-audit' '${url}/v1/subjects/${subject}/lineage'`,
    paint(style, 'dim', '# one more command; the same again is answered as a duplicate'),
    `curl -s ${bearer} -H 'Content-Type: application/json' -H 'Idempotency-Key: my-first' '${url}/v1/commands/RefuseConsent' -d '{"subject":"${subject}","service":"newsletter","purposes":["newsletter"]}'`,
  ].join('\n');
}
