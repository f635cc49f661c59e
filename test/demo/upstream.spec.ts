import { describe, expect, it } from '@jest/globals';
import { normalisedPersonnummer, normalisedOrganisationNumber } from '#vault/personnummer.js';
import { findsIdentifiers } from '#vault/finds-identifiers.js';
import { catalogue } from '#ledger/catalogue.js';
import { Refusal } from '#ledger/refusals.js';
import { DESK_COMMANDS } from './desk.js';
import { PHONES, TEST_PERSONNUMMER } from './invented.js';
import { organisationOf, personOf } from './person.js';
import { FAULT_KINDS, SENDERS, type LineKind } from './step.js';
import { codes, faultBeforeDecision, memoryLedger, sha256 } from './upstream.examples.js';
import { generateUpstream, type Upstream, type UpstreamLine } from './upstream.js';

const settings = { people: 2_000, seed: 1, from: '2019-01-15', until: '2022-01-15', codes };
const upstream = generateUpstream(settings);
const lines = [...upstream.lines()];

describe('the upstream of the demo', () => {
  it('is the same for the same seed, whenever it is made, and another for another', () => {
    // Changes with the stories only; a change of it makes `npm run demo` on an older data directory tell new things.
    expect(sha256(texts(upstream))).toBe('74c8bce0e83383a5c594d56df81035b93b283df6d17590a2ea79e5450e3afea3');
    expect(sha256(texts(generateUpstream({ ...settings, seed: 2 })))).not.toBe(sha256(texts(upstream)));
  });

  it('has at least 20 000 commands, of every kind, over three years', () => {
    expect(lines.length).toBe(upstream.count);
    expect(lines.filter(({ as }) => as === 'told').length).toBeGreaterThanOrEqual(20_000);
    const told = new Set<string>([...DESK_COMMANDS, ...lines.filter(({ as }) => as === 'told' || as === 'asked').map(({ command }) => command)]);
    expect([...catalogue.keys()].filter((name) => !told.has(name))).toEqual([]);
    const days = lines.filter(({ as }) => as === 'told').map(({ text }) => timeOf(text)).filter((time) => time !== undefined).sort();
    expect([days[0]?.slice(0, 7), days.at(-1)?.slice(0, 7)]).toEqual(['2019-01', '2022-01']);
  });

  it('tells of at least 2 000 people', () => {
    const people = new Set(lines.filter(({ as }) => as === 'told').map(({ text }) => idOf(text).split('.')[1]));
    // And of the companies, in a story of their own.
    expect(people.size).toBe(2_001);
    expect(new Set(Array.from({ length: 2_000 }, (_, i) => personOf(1, i).email)).size).toBe(2_000);
  });

  it('comes in order of time from each system', () => {
    for (const system of SENDERS) {
      const own = [...upstream.lines(system)];
      expect(own.length).toBe(upstream.countOf(system));
      expect(own).toEqual(lines.filter((line) => line.system === system));
      const times = own.filter(({ as }) => as === 'told').map(({ text }) => timeOf(text)).filter((time) => time !== undefined);
      expect(times).toEqual([...times].sort());
    }
  });

  it('has each kind of faulty line several times, one line in a hundred in all', () => {
    const counts = Map.groupBy(lines, ({ as }) => as);
    for (const kind of FAULT_KINDS) expect(counts.get(kind)?.length ?? 0).toBeGreaterThanOrEqual(5);
    const faulty = lines.filter(({ as }) => !['told', 'asked', 'duplicate', 'reused'].includes(as)).length;
    expect(faulty / lines.length).toBeGreaterThan(0.008);
    expect(faulty / lines.length).toBeLessThan(0.012);
    expect((counts.get('duplicate')?.length ?? 0) / lines.length).toBeGreaterThan(0.005);
    expect(counts.get('reused')?.length).toBeGreaterThan(5);
  });

  it('sends every line that is meant to be told as its command is defined, under an id that says nothing of a person', () => {
    for (const { text } of lines.filter(({ as }) => ['told', 'asked', 'duplicate', 'reused'].includes(as))) {
      expect(faultBeforeDecision(text)).toBeUndefined();
      expect(findsIdentifiers((JSON.parse(text) as { id: string }).id)).toBeUndefined();
    }
  });

  it('repeats a duplicate byte for byte, and the id alone of a reused one', () => {
    const told = new Map(lines.filter(({ as }) => as === 'told' || as === 'asked').map(({ text }) => [idOf(text), text]));
    for (const { as, text } of lines) {
      if (as === 'duplicate') expect(told.get(idOf(text))).toBe(text);
      if (as === 'reused') expect(told.get(idOf(text))).not.toBe(text);
    }
  });
});

describe('what the ledger answers to the upstream', () => {
  it('records all that is told and refuses each fault by its code', async () => {
    const send = await memoryLedger('2022-02-01T00:00:00.000Z');
    const answers = new Map<string, number>();
    const letters: { readonly day: string; readonly answer: string }[] = [];
    const few = generateUpstream({ ...settings, people: 150 });
    for (const system of SENDERS) for (const line of few.lines(system)) {
      if (LEFT_TO_THE_EDGE.includes(line.as)) continue;
      const answer = `${line.as}: ${await answerTo(send, line)}`;
      if (line.as === 'told' && line.command === 'ReportTransfer' && line.system === 'newsletter-system') letters.push({ day: timeOf(line.text)?.slice(0, 10) ?? '', answer });
      answers.set(answer, (answers.get(answer) ?? 0) + 1);
    }
    for (const answer of answers.keys()) expect(EXPECTED).toContain(answer);
    expect(answers.get('told: recorded unjustified')).toBeGreaterThan(10);
    expect(answers.get('told: recorded justified')).toBeGreaterThan(500);
    expect(answers.get('duplicate: duplicate justified')).toBeGreaterThan(0);
    expect(answers.get('asked: recorded unjustified')).toBeGreaterThan(0);
    // After Schrems II, and before the newsletter's supplier had signed clauses, none of them had a ground.
    const between = letters.filter(({ day }) => day >= '2020-07-17' && day < '2020-09-01');
    expect(between.map(({ answer }) => answer)).toEqual(between.map(() => 'told: recorded unjustified'));
    for (const some of [between, justified(letters, '2019-01-01', '2020-07-16'), justified(letters, '2020-09-01', '2021-07-01'), justified(letters, '2021-07-01', '2022-02-01')]) expect(some.length).toBeGreaterThan(0);
  });
});

describe('what the people are made of', () => {
  it('has personnummer of the published test series only, with their check digits', () => {
    expect(new Set(TEST_PERSONNUMMER).size).toBe(60);
    for (const number of TEST_PERSONNUMMER) {
      expect(normalisedPersonnummer(number, '2022-01-01')).toBe(number);
      expect(['238', '239']).toContain(number.slice(8, 11));
    }
  });

  it('has phone numbers of the series kept for fiction, and organisation numbers with their check digits', () => {
    expect(new Set(PHONES).size).toBe(395);
    expect([PHONES[0], PHONES[94], PHONES[95], PHONES.at(-1)]).toEqual(['070-1740605', '070-1740699', '08-46500400', '040-6280499']);
    for (let i = 0; i < 1_000; i++) expect(normalisedOrganisationNumber(organisationOf(1, i).number, '2022-01-01')).toBeDefined();
  });
});

function justified(letters: readonly { readonly day: string; readonly answer: string }[], from: string, until: string): readonly object[] {
  return letters.filter(({ day, answer }) => day >= from && day < until && answer === 'told: recorded justified');
}

/** Only the server sees these: a token that is another's, and what a command id may hold. */
const LEFT_TO_THE_EDGE: readonly LineKind[] = ['other-source', 'id-with-email', 'id-with-personnummer'];

const EXPECTED: readonly string[] = [
  'told: recorded ', 'told: recorded justified', 'told: recorded unjustified',
  'asked: recorded justified', 'asked: recorded unjustified',
  'duplicate: duplicate ', 'duplicate: duplicate justified', 'duplicate: duplicate unjustified', 'reused: CommandIdReused',
  'malformed-json: not JSON', 'missing-member: context', 'unknown-member: newsletterOk', 'wrong-type: values', 'unknown-command: no such command',
  'no-such-date: UnusableTime', 'future: OccurredInFuture', 'unknown-purpose: UnknownPurpose', 'unknown-category: UnknownCategory', 'unknown-source: UnknownSource',
  'unknown-service: UnknownService', 'unknown-wording: UnknownWording', 'malformed-email: IdentifierUnusable', 'malformed-personnummer: ValueUnusable',
  'ambiguous: AmbiguousIdentifier', 'taken: IdentifierTaken', 'nobody: NoSuchPerson', 'unregistered: OrganisationNotFound', 'no-relationship: RelationshipNotFound',
  'not-held: HoldingNotFound', 'not-disputed: NothingDisputed', 'bad-order: NotTheirOrder',
  'unknown-recipient: UnknownRecipient', 'unknown-conference: UnknownConference', 'unfit-module: ModuleDoesNotFit', 'ended-too-soon: EndBeforeStart', 'asked-of-the-past: AskIsForNow',
];

async function answerTo(send: Awaited<ReturnType<typeof memoryLedger>>, { text }: UpstreamLine): Promise<string> {
  const fault = faultBeforeDecision(text);
  if (fault !== undefined) return fault;
  try {
    const { status, verdict } = await send(text);
    return `${status} ${verdict ?? ''}`;
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
}

function* texts(from: Upstream): Generator<string> {
  for (const { text } of from.lines()) yield text;
}

function idOf(text: string): string {
  return (JSON.parse(text) as { id: string }).id;
}

function timeOf(text: string): string | undefined {
  return (JSON.parse(text) as { time?: string }).time;
}
