/** The gate asked of one person's past, under the policy that the project was first built for: for specs. */
import { readFileSync } from 'node:fs';
import { parseWhen } from '#law/when.js';
import { compilePolicy, type PolicyModel } from '#policy/model.js';
import type { Policy } from '#policy/policy.js';
import type { Act, Question } from '../gate/act.js';
import { judgeAct, questionOf, type Asked, type Reasoning } from '../gate/gate.js';
import type { Applied } from '../gate/reasoning.members.js';
import type { RuleCode } from '../rules.js';
import type { Registers } from '../registers.js';
import type { ConsentData } from '../subject/consent/consent.events.js';
import type { HoldingData } from '../subject/holding/holding.events.js';
import { given, idOf, type Happened } from './decider.fixture.js';
import { asurgentRegisters, modelOf, registersOf, sha256Hex } from './registers.fixture.js';

export const CONTROLLER = 'asurgent-ab';
export const CUSTOMER = idOf('customer');
const asurgentYaml = readFileSync(new URL('../../../../../deploy/policy/asurgent.yaml', import.meta.url), 'utf8');

/** The policy with some of its text exchanged; each text must be there. */
export function asurgentWith(changes: Readonly<Record<string, string>>): PolicyModel {
  let yaml = asurgentYaml;
  for (const [from, to] of Object.entries(changes)) {
    if (!yaml.includes(from)) throw new Error(`the policy does not say: ${from}`);
    yaml = yaml.replace(from, to);
  }
  return modelOf(yaml);
}

/** A policy that no file may say: what holds even then. */
export function unsoundly(model: PolicyModel, change: (policy: Policy) => Policy): PolicyModel {
  return compilePolicy(change(model.policy), { effectiveFromAt: model.effectiveFromAt, documentHash: model.documentHash, sha256Hex });
}

export const customer: Happened = { type: 'RelationshipStarted', data: { relationship: CUSTOMER, kind: 'customer', capacity: 'consumer' }, controller: CONTROLLER };

export function holdingId(category: string, origin = 'collected', relationship = CUSTOMER): string {
  return idOf(`${category} ${origin} ${relationship}`);
}

interface HeldChoices {
  readonly at?: string;
  readonly purposes?: readonly string[];
  readonly failed?: readonly string[];
  readonly relationship?: string;
  readonly policy?: string;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly item?: Readonly<Record<string, unknown>>;
}

function holdingData(category: string, origin: string, { purposes = ['purchase'], failed, relationship = CUSTOMER, data, item }: HeldChoices): Readonly<Record<string, unknown>> {
  const verdict = failed === undefined ? { verdict: 'justified' } : { verdict: 'unjustified', failed };
  return { relationship, items: [{ holding: holdingId(category, origin, relationship), category, slot: 'value/0', purposes: purposes.map((purpose) => ({ purpose, basis: 'b', ...verdict })), ...item }], ...data };
}

/** Collected from the person. */
export function collected(category: string, choices: HeldChoices = {}): Happened {
  return {
    type: 'PersonalDataCollected',
    controller: CONTROLLER,
    policy: choices.policy ?? 'asurgent-2018-05-25',
    occurredAt: choices.at ?? '2020-01-01T10:00:00.000Z',
    data: { context: 'purchase', ...holdingData(category, 'collected', choices) } satisfies Partial<HoldingData['PersonalDataCollected']>,
  };
}

export function observed(category: string, choices: HeldChoices = {}): Happened {
  return { ...collected(category), ...(choices.at !== undefined && { occurredAt: choices.at }), type: 'PersonalDataObserved', data: { technology: 'cookie', ...holdingData(category, 'observed', choices) } };
}

/** Obtained from elsewhere, with the duty to tell of it. `n`: which of several. */
export function sourced(source: string, sourceKind: string, category: string, choices: HeldChoices & { readonly n?: number } = {}): readonly [Happened, Happened] {
  const at = choices.at ?? '2020-01-01T10:00:00.000Z';
  const id = idOf(`sourced ${category} ${source} ${choices.n ?? 0}`);
  const data = { source, sourceKind, publiclyAccessible: false, ...holdingData(category, source, choices) };
  return [
    { ...collected(category, choices), type: 'PersonalDataSourced', id, data },
    {
      type: 'IndirectNoticeObligationOpened',
      controller: CONTROLLER,
      occurredAt: at,
      data: { obligation: obligationOf(id), sourcing: id, obtainedAt: parseWhen(at)?.earliest, dueAt: '2020-02-01T22:59:59.999Z', dueOn: '2020-02-01', rule: 'art-14-3', calendar: 'spec' },
    },
  ];
}

export function obligationOf(sourcing: string): string {
  return idOf(`obligation ${sourcing}`);
}

/** A notice that reached the person; `obligations` of it are closed. */
export function served(at: string, notice: { readonly id: string; readonly version: number }, obligations: readonly string[] = [], rest: Partial<Happened> = {}): Happened {
  return { type: 'NoticeServed', controller: CONTROLLER, occurredAt: at, data: { notice, obligations, servedAt: parseWhen(at)?.latest ?? at }, ...rest };
}

/** A consent that nothing is wrong with, to what the policy asks consent for. */
export function agreed(purpose: string, at: string, data: Partial<ConsentData['ConsentGiven']> = {}, model: PolicyModel = asurgentRegisters.newestPolicy(CONTROLLER)?.model as PolicyModel): Happened {
  const terms = model.consentTerms(purpose, CONTROLLER);
  const { categories = [], recipientKinds = [] } = terms ?? {};
  return {
    type: 'ConsentGiven',
    controller: CONTROLLER,
    occurredAt: at,
    data: {
      consent: idOf(`consent ${purpose}`),
      type: 'expressed',
      purposes: [purpose],
      categories,
      recipientKinds,
      terms: terms === undefined ? [] : [{ purpose, categories, recipientKinds }],
      from: parseWhen(at)?.latest ?? at,
      indicatedBy: 'subject',
      missing: [],
      ...data,
    },
  };
}

export interface AskedOf extends Asked {
  /** When it is or was done, as it is told. */
  readonly at: string;
  readonly registers?: Registers;
  readonly authorisation?: Question['authorisation'];
}

/** An act on these categories; a use for a purpose where nothing else is said. */
export function act(purpose: string, categories: readonly string[], details: Partial<Act> = {}): Act {
  return { kind: 'use', purpose, items: categories.map((category) => ({ category })), ...details };
}

export function reasoningOf(history: readonly Happened[], asking: Act, { at, registers = asurgentRegisters, service, controller = CONTROLLER, authorisation }: AskedOf): Reasoning {
  const when = parseWhen(at);
  if (when === undefined) throw new Error(`no time: ${at}`);
  return judgeAct(questionOf(service === undefined ? { controller } : { service }, asking, given(...history).state, { registers, when }, authorisation));
}

/** What one rule said; undefined where it was not applied. Of several findings the one that did not pass. */
export function saidBy(code: RuleCode, reasoning: Reasoning): Applied['result'] | undefined {
  const results = reasoning.rules.filter(({ rule }) => rule === code).map(({ result }) => result);
  return results.find((result) => result !== 'passed') ?? results[0];
}

export function findingsOf(code: RuleCode, reasoning: Reasoning): readonly Applied[] {
  return reasoning.rules.filter(({ rule }) => rule === code);
}

export { asurgentRegisters, registersOf };
