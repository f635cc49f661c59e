/**
 * The registers as a decision sees them: small, in memory, each answer with the revisions it rests on.
 */
import type { PolicyModel } from '#policy/model.js';
import type { ActivityState } from './activity/activity.state.js';
import type { ConferenceState } from './conference/conference.state.js';
import type { RegisterRevision } from './envelope.js';
import type { RecipientState } from './recipient/recipient.state.js';
import { Refusal } from './refusals.js';
import type { SourceState } from './source/source.state.js';

export interface PolicyInForce {
  readonly model: PolicyModel;
  readonly register: RegisterRevision;
}

/** What the registers hold besides policies, by the kind of stream. */
export interface RegisterStates {
  readonly recipient: RecipientState;
  readonly conference: ConferenceState;
  readonly source: SourceState;
  readonly activity: ActivityState;
}
export type RegisterKind = keyof RegisterStates;

/** One register as it is known here, with the revision that is. */
export interface Registered<S> {
  readonly state: S;
  readonly register: RegisterRevision;
}

export interface Registers {
  /**
   * Undefined when the registers are fresh enough to decide by; else resolves when they are, and rejects with `Unavailable` when they
   * cannot be brought there in time.
   */
  freshened(): Promise<void> | undefined;
  /** Brings in what was acknowledged before the call. */
  refresh(): Promise<void>;
  /** A recipient, conference, source or activity; undefined when none of this id is registered. */
  registered<K extends RegisterKind>(kind: K, id: string): Registered<RegisterStates[K]> | undefined;
  /** All ids of a kind, sorted. */
  idsOf(kind: RegisterKind): readonly string[];
  /** The controller's policy in force at an instant; undefined before the first took effect. */
  policyAt(controller: string, at: string): PolicyInForce | undefined;
  /** The controller's newest published policy, in force or not. */
  newestPolicy(controller: string): PolicyInForce | undefined;
  /** All versions that the controller has published. */
  everyPolicy(controller: string): readonly PolicyModel[];
  /** Controllers with a policy, sorted. */
  controllers(): readonly string[];
}

/** Who answers, under which policy. `inForce` is undefined when the fact is older than the first policy. */
export interface Answerable {
  readonly controller: string;
  readonly service?: string;
  readonly inForce: PolicyInForce | undefined;
  /** What codes are checked against: the policy in force, else the newest. */
  readonly model: PolicyModel;
}

/** The controller answering for a command, and its policies. Refuses services and controllers that nobody knows. */
export function answerableFor(command: { service?: string; controller?: string }, at: string, registers: Registers): Answerable {
  const controllers = registers.controllers();
  if (controllers.length === 0) throw new Refusal('NoPolicy');
  if (command.controller !== undefined) controllerNamed(command.controller, controllers);
  const controller = command.service === undefined ? controllerNamed(command.controller, controllers) : controllerOf(command.service, at, registers);
  if (command.service !== undefined && command.controller !== undefined && command.controller !== controller)
    throw new Refusal('UnknownService', { pointer: '/service', alternatives: servicesOf(command.controller, registers) });
  const inForce = registers.policyAt(controller, at);
  const newest = registers.newestPolicy(controller);
  if (newest === undefined) throw new Refusal('UnknownController', { pointer: '/controller', alternatives: controllers });
  return { controller, ...(command.service !== undefined && { service: command.service }), inForce, model: (inForce ?? newest).model };
}

function controllerNamed(controller: string | undefined, controllers: readonly string[]): string {
  if (controller === undefined && controllers.length === 1) return controllers[0] as string;
  if (controller === undefined || !controllers.includes(controller))
    throw new Refusal('UnknownController', { pointer: '/controller', alternatives: controllers });
  return controller;
}

function controllerOf(service: string, at: string, registers: Registers): string {
  for (const controller of registers.controllers()) {
    const policy = registers.policyAt(controller, at) ?? registers.newestPolicy(controller);
    if (policy?.model.controllerOf(service)?.id === controller) return controller;
  }
  throw new Refusal('UnknownService', { pointer: '/service', alternatives: registers.controllers().flatMap((controller) => servicesOf(controller, registers)).sort() });
}

function servicesOf(controller: string, registers: Registers): readonly string[] {
  const model = registers.newestPolicy(controller)?.model;
  return model?.alternatives('service').filter((service) => model.controllerOf(service)?.id === controller) ?? [];
}
