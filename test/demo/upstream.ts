/**
 * What seven systems and an officer tell of some thousands of invented people and a dozen companies over three years, as CloudEvents in NDJSON: the demo's input. The same
 * seed gives the same bytes. Each person's story is made from the seed and a number alone, so that any amount can be written while
 * only its order, some twenty bytes a line, is held.
 */
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { goesWithTheShop, strayed } from './acts.js';
import { saysYesToAdvertising } from './advertising.js';
import { CONFERENCES } from './conferences.js';
import { FAULT_EVERY, faultOf } from './faults.js';
import { tellMainActs } from './main-acts.js';
import { MAIN_CHARACTER, tellMainCharacter } from './main-character.js';
import { isCustomer, isNamedLater, personOf } from './person.js';
import { between, randomFor } from './random.js';
import { dies, isAskedFor, isProtected, isTwice, isYoung, represents, shares, sharesAddress } from './rare-stories.js';
import { tellRegisters } from './registers.js';
import { DAY, SENDERS, type LineKind, type Step, type System, type Teller, type World } from './step.js';
import { asksForHelp, becomesCustomer, browses, comesFromOthers, isBought, isChecked, isLookedUp, newsletter, orders, subscribes, visits } from './stories.js';
import type { Codes } from './codes.js';

export interface UpstreamSettings {
  readonly people: number;
  readonly seed: number;
  /** Calendar dates, UTC. */
  readonly from: string;
  readonly until: string;
  readonly codes: Codes;
}

export interface UpstreamLine {
  readonly system: System;
  readonly text: string;
  readonly as: LineKind;
  readonly command: string;
}

export interface Upstream {
  readonly count: number;
  countOf(system: System): number;
  /** In order of time: one system's, or all. */
  lines(system?: System): Generator<UpstreamLine>;
}

const STORY = 20;
/** Below this many people some kinds of line have nobody to be about. */
const FEWEST = 60;

export function generateUpstream({ people, seed, from, until, codes }: UpstreamSettings): Upstream {
  if (people < FEWEST) throw new RangeError(`an upstream has at least ${FEWEST} people`);
  const world: World = { seed, people, organisations: Math.min(1_000, Math.ceil(people / 25)), from: Date.parse(`${from}T00:00:00Z`), until: Date.parse(`${until}T00:00:00Z`), codes };
  const order = inOrder(world);
  return {
    count: order.length,
    countOf: (system) => order.reduce((count, place) => count + Number(place.system === SENDERS.indexOf(system)), 0),
    *lines(system) {
      const wanted = system === undefined ? undefined : SENDERS.indexOf(system);
      const stories = new Stories(world);
      for (const place of order) if (wanted === undefined || place.system === wanted) yield lineOf(stories.of(place.story), place.story, place.step);
    },
  };
}

/** Writes one system's file; gives how many lines. */
export async function writeUpstream(upstream: Upstream, system: System, file: string): Promise<number> {
  let count = 0;
  const text = function* (): Generator<string> {
    for (const line of upstream.lines(system)) {
      count++;
      yield `${line.text}\n`;
    }
  };
  await pipeline(Readable.from(text()), createWriteStream(file, { mode: 0o600 }));
  return count;
}

interface Place {
  readonly at: number;
  readonly system: number;
  /** A person's number; the next is the registers'; those beyond it are faulty lines'. */
  readonly story: number;
  readonly step: number;
}

function inOrder(world: World): readonly Place[] {
  const places: Place[] = [];
  const add = (story: number): void => storyOf(world, story).forEach(({ at, system }, step) => places.push({ at, system: SENDERS.indexOf(system), story, step }));
  for (let story = 0; story <= world.people; story++) add(story);
  const faults = Math.ceil(places.length / FAULT_EVERY);
  for (let fault = 1; fault <= faults; fault++) add(world.people + fault);
  return places.sort((a, b) => a.at - b.at || a.story - b.story || a.step - b.step);
}

/** The stories being told just now: their steps often follow each other closely. */
class Stories {
  readonly #kept = new Map<number, readonly Step[]>();
  constructor(private readonly world: World) {}

  of(story: number): readonly Step[] {
    const known = this.#kept.get(story);
    if (known !== undefined) return known;
    const steps = storyOf(this.world, story);
    if (this.#kept.size >= 2_000) this.#kept.delete(this.#kept.keys().next().value ?? 0);
    this.#kept.set(story, steps);
    return steps;
  }
}

function storyOf(world: World, story: number): readonly Step[] {
  if (story === world.people) return tellRegisters(world);
  if (story > world.people) return [faultOf(world, story - world.people - 1)];
  const steps: Step[] = [];
  const add = (step: Step): void => {
    if (step.at >= world.from && step.at < world.until) steps.push({ ...step, at: Math.round(step.at) });
  };
  const teller: Teller = {
    world,
    person: personOf(world.seed, story),
    random: randomFor(world.seed, story, STORY),
    tell: (system, at, command, data) => add({ system, at, command, data }),
    ask: (system, at, command, data) => add({ system, at, command, data, as: 'asked' }),
  };
  if (story === MAIN_CHARACTER) {
    tellMainCharacter(teller);
    tellMainActs(teller);
  } else tellStory(teller);
  if (steps.length === 0) newsletter(teller, world.from + between(teller.random, 3, 500) * DAY);
  return [...steps, ...repeats(teller, steps)];
}

function tellStory(teller: Teller): void {
  const { world, person, random } = teller;
  const since = world.from + between(random, 3, 500) * DAY + between(random, 7 * 60, 21 * 60) * 60_000;
  if (isCustomer(person.index)) {
    becomesCustomer(teller, since);
    orders(teller, since, between(random, 2, 10));
    if (random() < 0.5) subscribes(teller, since + between(random, 1, 200) * DAY);
    if (person.personnummer !== undefined || random() < 0.12) isChecked(teller, since + 30 * DAY);
    if (random() < 0.1) isLookedUp(teller, since + 60 * DAY);
    if (random() < 0.35) asksForHelp(teller, since + between(random, 40, 400) * DAY);
    represents(teller, since);
    if (sharesAddress(person.index)) shares(teller, since + 2 * DAY);
    if (person.index % 200 === 3) isProtected(teller, since + 100 * DAY);
    if (person.index % 60 === 2) goesWithTheShop(teller, world.until - between(random, 35, 70) * DAY);
    if (random() < 0.04) strayed(teller, world.until - between(random, 5, 90) * DAY);
    if (person.index % 90 === 20) isYoung(teller, since + DAY);
    if (isNamedLater(person.index)) isTwice(teller, since + 40 * DAY);
    if (isNamedLater(person.index) && person.index % 200 === 30) isAskedFor(teller, since + 100 * DAY);
    if (person.index % 300 === 12) dies(teller, since + 500 * DAY);
  }
  if (random() < 0.55) newsletter(teller, since + between(random, 0, 90) * DAY);
  for (const conference of CONFERENCES) if (random() < 0.14) visits(teller, conference);
  if (random() < 0.15) isBought(teller);
  if (random() < 0.03) comesFromOthers(teller, since + 10 * DAY);
  if (random() < 0.5) browses(teller, since, between(random, 2, 9));
  if (random() < 0.1) saysYesToAdvertising(teller, since + 20 * DAY);
}

/** Systems send again what they are not sure of, and some use an id twice. */
function repeats({ world, random }: Teller, steps: readonly Step[]): readonly Step[] {
  return steps.flatMap((step, i): readonly Step[] => {
    const chance = random();
    const at = step.at + between(random, 1, 40) * DAY;
    if (at >= world.until) return [];
    if (chance < 0.01) return [{ ...step, at, as: 'duplicate', repeats: i }];
    if (chance < 0.012 && step.command === 'CollectPersonalData') return [{ ...step, at, as: 'reused', repeats: i, data: { ...step.data, service: 'courses' } }];
    return [];
  });
}

function lineOf(steps: readonly Step[], story: number, place: number): UpstreamLine {
  const step = steps[place] as Step;
  const { system, at, command, as = 'told', repeats: first = place, raw } = step;
  const id = `${system}.${story.toString(36)}.${first}`;
  if (raw !== undefined) return { system, command, as, text: raw(id, system) };
  const original = steps[first] as Step;
  const time = new Date(as === 'duplicate' || as === 'reused' ? original.at : at).toISOString();
  // An ask is about now, and some withdrawals say when in their own words.
  const isWithoutTime = 'occurredAt' in step.data || original.as === 'asked';
  return {
    system,
    command,
    as,
    text: JSON.stringify({ specversion: '1.0', id, source: system, type: `se.liggare.${command}.v1`, ...(!isWithoutTime && { time }), datacontenttype: 'application/json', data: step.data }),
  };
}
