/** Registers for specs: made of policy models, without a log behind them. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { formatInstant } from '#law/instant.js';
import { dayOf } from '#law/local-date.js';
import { localDay } from '#law/local-time.js';
import { versionInForce, type PolicyModel } from '#policy/model.js';
import { exampleYaml, firstVersion, secondVersion, type ExampleChoices } from '#policy/policy.examples.js';
import { describeProblem, readPolicy } from '#policy/read-policy.js';
import type { Envelope } from '../envelope.js';
import { folding } from '../live-registers.js';
import type { PolicyInForce, Registered, RegisterKind, Registers, RegisterStates } from '../registers.js';

export function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

export function modelOf(yaml: string): PolicyModel {
  const reading = readPolicy(yaml, { sha256Hex, instantOf: (localDate, zone) => formatInstant(localDay(dayOf(localDate), zone).startMs) });
  if ('problems' in reading) throw new Error(reading.problems.map(describeProblem).join('\n'));
  return reading.policy;
}

/** The example policy of `libs/policy` with some of its text exchanged; each text must be there. */
export function exampleWith(choices: ExampleChoices, changes: Readonly<Record<string, string>> = {}): PolicyModel {
  let yaml = exampleYaml(choices);
  for (const [from, to] of Object.entries(changes)) {
    if (!yaml.includes(from)) throw new Error(`the example policy does not say: ${from}`);
    yaml = yaml.replaceAll(from, to);
  }
  return modelOf(yaml);
}

/** What the registers hold besides policies: the events of each of their streams, in order. */
export type RegisterHistory = Readonly<Record<string, readonly Envelope[]>>;

/** Registers of these policies and streams. `recipient-acme`: [events]. */
export function registersWith(history: RegisterHistory, ...models: readonly PolicyModel[]): Registers {
  const kept: { readonly [K in RegisterKind]: Map<string, Registered<RegisterStates[K]>> } = { recipient: new Map(), conference: new Map(), source: new Map(), activity: new Map() };
  const keep = <K extends RegisterKind>(kind: K, stream: string, events: readonly Envelope[]): void => {
    const { prefix, initial, evolve } = folding[kind];
    if (stream.startsWith(prefix)) kept[kind].set(stream.slice(prefix.length), { state: events.reduce(evolve, initial), register: { stream, revision: events.length - 1 } });
  };
  for (const [stream, events] of Object.entries(history)) for (const kind of Object.keys(folding) as RegisterKind[]) keep(kind, stream, events);
  return { ...registersOf(...models), registered: (kind, id) => kept[kind].get(id), idsOf: (kind) => [...kept[kind].keys()].sort() };
}

export function registersOf(...models: readonly PolicyModel[]): Registers {
  const of = (controller: string): readonly PolicyInForce[] =>
    models
      .filter((model) => model.controller(controller) !== undefined)
      .map((model, revision) => ({ model, register: { stream: `policy-${controller}`, revision } }));
  return {
    freshened: () => undefined,
    refresh: async () => undefined,
    registered: () => undefined,
    idsOf: () => [],
    policyAt: (controller, at) => {
      const inForce = versionInForce(of(controller).map(({ model }) => model), at);
      return of(controller).find(({ model }) => model === inForce);
    },
    newestPolicy: (controller) => of(controller).at(-1),
    everyPolicy: (controller) => of(controller).map(({ model }) => model),
    controllers: () => [...new Set(models.flatMap(({ policy }) => policy.controllers.map(({ id }) => id)))].sort(),
  };
}

/** In force from 1 February 2020 (Swedish time); the second version, with one more recipient of letters, from 1 February 2022. */
export const firstModel = exampleWith(firstVersion);
export const exampleRegisters = registersOf(firstModel);
export const twoVersions = registersOf(firstModel, exampleWith(secondVersion));

export const asurgentModel = modelOf(readFileSync(new URL('../../../../../deploy/policy/asurgent.yaml', import.meta.url), 'utf8'));
export const asurgentRegisters = registersOf(asurgentModel);

/** Hash of a published wording in Swedish. */
export function wordingHash(id: string, model: PolicyModel = firstModel): string {
  const wording = model.policy.wordings.find((one) => one.id === id);
  if (wording === undefined) throw new Error(`no wording ${id}`);
  return sha256Hex(wording.texts.sv);
}
