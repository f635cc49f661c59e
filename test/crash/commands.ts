/** Commands to load a server with: with and without sealed values, withdrawals, and one new e-mail registered by several at once. */
import type { SentCommand } from './journal.js';

export type Random = () => number;

/** mulberry32: 32 bits of state, so that a seed tells the whole load. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export const SYSTEM = 'crm';

export class CommandMaker {
  readonly #random: Random;
  readonly #run: string;
  #made = 0;
  #people = 0;
  /** New addresses that further connections are to register too. */
  readonly #contested: string[] = [];

  /** `run` keeps the ids of one load from those of another. */
  constructor(random: Random, run: string) {
    this.#random = random;
    this.#run = run;
  }

  next(): SentCommand {
    const contested = this.#contested.pop();
    if (contested !== undefined) return this.#registration(contested);
    const dice = this.#random();
    if (this.#people < 8 || dice < 0.25) return this.#newcomer();
    const identifier = { kind: 'email', value: this.#somebody() };
    if (dice < 0.45) return this.#command('GiveConsent', { identifier, createIfMissing: true, service: 'newsletter', purposes: ['newsletter'], type: 'expressed' });
    if (dice < 0.55) return this.#command('GiveConsent', { identifier, createIfMissing: true, service: 'newsletter', purposes: ['newsletter'], type: 'expressed', order: `order-${this.#made}` });
    if (dice < 0.75) return this.#collection(identifier);
    if (dice < 0.9) return this.#command('WithdrawConsent', { identifier, createIfMissing: true, service: 'newsletter', purposes: ['newsletter'] });
    return this.#command('WithdrawConsent', { identifier, createIfMissing: true, purposes: ['all of it, please'], service: 'whatever' });
  }

  #newcomer(): SentCommand {
    const address = addressOf(this.#run, this.#people++);
    if (this.#random() < 0.4) this.#contested.push(address, address);
    return this.#registration(address);
  }

  #registration(address: string): SentCommand {
    return this.#command('RegisterSubject', { identifiers: [{ kind: 'email', value: address }] });
  }

  #collection(identifier: { kind: string; value: string }): SentCommand {
    return this.#command('CollectPersonalData', {
      identifier,
      createIfMissing: true,
      service: 'subscription',
      purposes: ['subscription-delivery'],
      relationshipKind: 'subscriber',
      context: 'subscription-order',
      order: `order-${this.#made}`,
      values: [{ category: 'name', value: `Name ${this.#made}` }, { category: 'postal', value: `Street ${this.#made}, 123 45 Town` }],
    });
  }

  #somebody(): string {
    return addressOf(this.#run, Math.floor(this.#random() * this.#people));
  }

  #command(name: string, body: Readonly<Record<string, unknown>>): SentCommand {
    return { id: `${this.#run}-${this.#made++}`, name, system: SYSTEM, body };
  }
}

function addressOf(run: string, person: number): string {
  return `person-${run}-${person}@example.org`;
}

/** As a line of an import (CloudEvents 1.0, JSON). */
export function lineOf({ id, name, system, body }: SentCommand): string {
  return `${JSON.stringify({ specversion: '1.0', id, source: system, type: `se.liggare.${name}.v1`, datacontenttype: 'application/json', data: body })}\n`;
}
