import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { maxCharacters } from './plain-yaml.js';
import { exampleYaml, wholeYaml } from './policy.examples.js';
import { canonicalText, describeProblem, readPolicy } from './read-policy.js';
import type { PolicyReading } from './read-policy.js';

const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex');
const instantOf = (localDate: string, timeZone: string): string => {
  if (timeZone !== 'Europe/Stockholm') throw new RangeError(timeZone);
  return `${localDate}T00:00:00+01:00`;
};
const read = (text: string): PolicyReading => readPolicy(text, { sha256Hex, instantOf });
const lineOf = (text: string, part: string): number => text.slice(0, text.indexOf(part)).split('\n').length;

interface Broken {
  readonly fault: string;
  readonly from: string;
  readonly to: string;
  readonly field: string;
  /** What stands on the line that is told; default: what the fault was made with. */
  readonly on?: string;
  readonly says: string;
}

const motive = 'motive: { sv: Avtal., en: Agreement. }';

const broken: readonly Broken[] = [
  { fault: 'a key twice', from: 'timeZone: Europe/Stockholm', to: 'timeZone: Europe/Stockholm\ntimeZone: Europe/Oslo', on: 'timeZone: Europe/Oslo', field: 'timeZone', says: 'stands twice; first on line 5' },
  { fault: 'an unknown member', from: 'id: desk,', to: 'id: desk, colour: red,', field: 'systems[0].colour', says: 'is not a member here; known: id, label, location, rows' },
  { fault: 'an unknown member at the top', from: 'id: example\n', to: 'id: example\ncolour: red\n', on: 'colour: red', field: 'colour', says: 'is not a member here' },
  { fault: 'a number for a text', from: 'address: Exempelgatan 1', to: 'address: 1', field: 'controllers[0].address', says: 'must be a text, and is the number 1 (quote it' },
  { fault: 'a text for a list', from: 'services: [dinners]', to: 'services: dinners', field: 'purposes[2].services', says: 'must be a list' },
  { fault: 'a list for a mapping', from: 'ledger: {', to: 'ledger: []\nrest: {', on: 'ledger: []', field: 'ledger', says: 'must be a mapping, and is a list' },
  { fault: 'an empty list', from: 'services: [dinners]', to: 'services: []', field: 'purposes[2].services', says: 'must have at least one entry' },
  { fault: 'a text for a flag', from: 'criminal: true', to: 'criminal: sometimes', field: 'categories[6].criminal', says: 'must be true or false' },
  { fault: 'a version that is no number', from: 'version: 2', to: 'version: two', field: 'notices[1].version', says: 'must be a whole number' },
  { fault: 'a missing member', from: 'anchor: all, text', to: 'text', on: 'id: all, text', field: 'clauses[0].anchor', says: 'is missing' },
  { fault: 'a member without a value', from: 'version: example-1', to: 'version:', on: 'version:', field: 'version', says: 'has no value' },
  { fault: 'an id outside the characters', from: 'id: desk', to: 'id: Desk_1', field: 'systems[0].id', says: 'must be an id' },
  { fault: 'an id that is too long', from: 'id: desk', to: `id: ${'d'.repeat(64)}`, field: 'systems[0].id', says: 'must be an id' },
  { fault: 'two elements of one id', from: 'id: dinners', to: 'id: letters', field: 'services[1].id', on: 'label: { sv: middagar', says: '"letters" is already services[0].id' },
  { fault: 'two texts of one version', from: 'version: 2', to: 'version: 1', on: 'Så gör vi nu', field: 'notices[1].id', says: '"notice", version 1, is already notices[0].id' },
  { fault: 'something twice in a set', from: '[letters, shop]', to: '[letters, letters]', field: 'purposes[1].services[1]', says: 'repeats "letters"' },
  { fault: 'an unknown reference', from: 'recipientKinds: [printer]\n    services', to: 'recipientKinds: [painter]\n    services', on: 'recipientKinds: [painter]', field: 'purposes[1].recipientKinds[0]', says: '"painter" is no recipient kind of this policy; known: mailer, printer' },
  { fault: 'an unknown controller', from: 'controller: south', to: 'controller: east', field: 'services[2].controller', says: 'known: north, south' },
  { fault: 'a basis that is none', from: 'eu-gdpr:A6-1-b', to: 'eu-gdpr:A6-1-z', field: 'purposes[2].bases[0].basis', says: 'must be one of eu-gdpr:A6-1-a' },
  { fault: 'a special category without its basis', from: '        specialBasis: eu-gdpr:A9-2-a\n', to: '', on: 'categories: [food]\n        basis', field: 'purposes[2].bases[1].specialBasis', says: 'is missing; "food" is of a special kind (health; GDPR 9)' },
  { fault: 'a special category reached from above', from: 'parent: food', to: 'parent: contact, special: health', on: '{ basis: eu-gdpr:A6-1-a', field: 'purposes[1].bases[0].specialBasis', says: '"allergy" is of a special kind' },
  { fault: 'a legitimate interest without its assessment', from: 'eu-gdpr:A6-1-f, assessment: lia', to: 'eu-gdpr:A6-1-f', field: 'purposes[3].bases[0].assessment', says: 'is missing; a legitimate interest has its assessment' },
  { fault: 'no Swedish', from: motive, to: 'motive: { en: Agreement. }', field: 'purposes[2].bases[0].motive.sv', says: 'is missing; people are told in Swedish' },
  { fault: 'no Swedish in the policy at all', from: '[sv, en]', to: '[en]', field: 'languages', says: 'must have sv' },
  { fault: 'a language that was promised', from: motive, to: 'motive: { sv: Avtal. }', field: 'purposes[2].bases[0].motive.en', says: 'is missing; the policy says that it has English' },
  { fault: 'a text that is empty', from: motive, to: "motive: { sv: '', en: Agreement. }", field: 'purposes[2].bases[0].motive.sv', says: 'must be a text' },
  { fault: 'words that are one text', from: motive, to: 'motive: Avtal', field: 'purposes[2].bases[0].motive', says: 'must be a mapping' },
  { fault: 'a retention rule without its clause', from: 'period: P10Y, kind: upper, action: erase, origin: stated, clause: all', to: 'period: P10Y, kind: upper, action: erase, origin: stated', field: 'retention[2].clause', says: 'is missing' },
  { fault: 'a retention rule without a figure or a reason', from: 'period: P10Y, ', to: '', on: 'id: r-log', field: 'retention[2].period', says: 'is missing; or say under noPeriod why' },
  { fault: 'a figure and a reason for none', from: 'period: P10Y', to: 'period: P10Y, noPeriod: { sv: Aldrig., en: Never. }', field: 'retention[2].noPeriod', says: 'contradicts the period' },
  { fault: 'a period in hours', from: 'P30D', to: 'PT30H', field: 'retention[1].period', says: 'must be a period' },
  { fault: 'a purpose whose data never goes', from: 'purposes: [letter, dinner], relationships', to: 'purposes: [dinner], relationships', on: '- id: letter\n', field: 'purposes[1]', says: 'no upper retention rule says when "name" goes' },
  { fault: 'a category under itself', from: 'id: food, special', to: 'id: food, parent: food, special', field: 'categories[4].parent', says: '"food" stands under itself' },
  { fault: 'a purpose under itself', from: '- id: company\n', to: '- id: company\n    parent: company\n', on: 'parent: company\n    label: { sv: företaget', field: 'purposes[0].parent', says: '"company" stands under itself' },
  { fault: 'a date that does not exist', from: 'from: 2019-01-01', to: 'from: 2019-02-29', field: 'sources[0].from', says: 'must be a date that exists' },
  { fault: 'an instant that does not exist', from: '2020-01-31T23:00:00Z', to: '2020-01-31T24:00:00Z', field: 'effectiveFrom', says: 'must be a date that exists' },
  { fault: 'effect before publication', from: '2020-01-31T23:00:00Z', to: '2019-12-31', field: 'effectiveFrom', says: 'is before publication on 2020-01-01' },
  { fault: 'a zone that is none', from: 'effectiveFrom: 2020-01-31T23:00:00Z\ntimeZone: Europe/Stockholm', to: 'effectiveFrom: 2020-02-01\ntimeZone: Europe/Atlantis', on: 'Atlantis', field: 'timeZone', says: '"Europe/Atlantis" is no time zone' },
  { fault: 'a basis chosen afterwards', from: `decidedOn: 2019-12-01, ${motive}`, to: `decidedOn: 2021-12-01, ${motive}`, field: 'purposes[2].bases[0].decidedOn', says: 'is after the policy takes effect' },
  { fault: 'a source that ends before it begins', from: 'to: 2021-01-01', to: 'to: 2018-01-01', field: 'sources[0].to', says: 'is before 2019-01-01' },
  { fault: 'an order purpose for a source that has none', from: 'kind: public-register', to: 'kind: broker', field: 'sources[0].sparPurposes', says: 'belongs to a public register' },
  { fault: 'an identifier of another form', from: 'identifier: email, form: email', to: 'identifier: email, form: phone', field: 'categories[2].form', says: 'must be email' },
  { fault: 'a wrong check digit', from: '999900-0004', to: '999900-0005', field: 'controllers[0].organisationNumber', says: 'must be an organisation number with its check digit' },
  { fault: 'a personnummer without its ground', from: '    personnummerGround: secure\n', to: '', on: '- id: dinner\n', field: 'purposes[2].personnummerGround', says: 'dataskyddslagen 3:10' },
  { fault: 'data about offences', from: '{ id: log, necessity', to: '{ id: conviction, necessity: optional }\n      - { id: log, necessity', on: '{ id: conviction, necessity', field: 'purposes[3].categories[0].id', says: 'GDPR 10' },
  { fault: 'a purpose that says nothing', from: 'purposes:\n  - id: company', to: 'purposes:\n  - { id: idle, label: { sv: inget, en: nothing }, dpv: dpv:Purpose, clause: all }\n  - id: company', on: '{ id: idle', field: 'purposes[0]', says: 'has no basis and no category, and no purpose stands under it' },
  { fault: 'a purpose without a basis', from: 'bases:\n      - { basis: eu-gdpr:A6-1-f, assessment: lia, decidedBy: lead, decidedOn: 2019-12-01, motive: { sv: Plikt., en: Duty. } }\n', to: 'bases: []\n', on: 'bases: []', field: 'purposes[3].bases', says: 'is empty; each purpose has its basis' },
  { fault: 'a purpose without categories', from: 'categories:\n      - { id: log, necessity: required }', to: 'categories: []', field: 'purposes[3].categories', says: 'is empty; nothing could be used' },
  { fault: 'a category without a basis', from: '{ basis: eu-gdpr:A6-1-f,', to: '{ basis: eu-gdpr:A6-1-f, categories: [conviction],', on: '{ id: log, necessity', field: 'purposes[3].categories[0].id', says: '"log" has no basis in this purpose' },
  { fault: 'a basis for a category of another purpose', from: 'categories: [food]\n        basis', to: 'categories: [food, log]\n        basis', on: '[food, log]', field: 'purposes[2].bases[1].categories[1]', says: '"log" is not among the categories of this purpose' },
  { fault: 'two bases for one category', from: '      - categories: [food]\n', to: '      - { basis: eu-gdpr:A6-1-d, decidedBy: lead, decidedOn: 2019-12-01, motive: { sv: Liv., en: Life. } }\n      - categories: [food]\n', on: 'eu-gdpr:A6-1-d', field: 'purposes[2].bases[1]', says: 'one purpose, one basis' },
  { fault: 'a category listed twice', from: '{ id: email, necessity: optional }', to: '{ id: contact, necessity: optional }', field: 'purposes[2].categories[1].id', says: 'repeats "contact"' },
  { fault: 'a category both listed and forbidden', from: 'never: [conviction]', to: 'never: [contact]', on: '{ id: contact, necessity: required }\n      - { id: email', field: 'purposes[2].categories[0].id', says: 'is among what this purpose never uses' },
  { fault: 'a wording for what rests on no consent', from: 'purposes: [letter]\n', to: 'purposes: [letter, account]\n', field: 'wordings[0].purposes[1]', says: '"account" does not rest on consent' },
  { fault: 'a wording about data that its purpose does not use', from: 'categories: [email]\n', to: 'categories: [email, log]\n', field: 'wordings[0].categories[1]', says: '"log" is not used for the purposes of this wording' },
  { fault: 'a wording that names a stranger', from: 'recipientKinds: [printer]\n    texts', to: 'recipientKinds: [mailer]\n    texts', field: 'wordings[0].recipientKinds[0]', says: '"mailer" is no recipient for the purposes' },
  { fault: 'a special category without an explicit yes', from: 'type: explicit', to: 'type: expressed', on: 'type: expressed\n    purposes: [dinner]', field: 'wordings[1].type', says: 'must be explicit' },
  { fault: 'a ledger kept by a rule that does not cover it', from: 'logRetention: r-log', to: 'logRetention: r-food', field: 'ledger.logRetention', says: '"r-food" does not cover "account"' },
  { fault: 'an alias', from: 'parent: contact, identifier: name', to: 'parent: *c, identifier: name', field: 'categories[1].parent', says: 'is an alias' },
  { fault: 'an anchor', from: 'id: letters, controller: north', to: 'id: letters, controller: &n north', field: 'services[0].controller', says: 'has an anchor' },
  { fault: 'a tag', from: 'sv: Ett val.', to: 'sv: !secret Ett val.', field: '', says: 'Unresolved tag' },
  { fault: 'a tag that YAML knows', from: 'address: Exempelgatan 1', to: 'address: !!str 1', field: 'controllers[0].address', says: 'has a tag' },
  { fault: 'a key that is no word', from: 'ledger: {', to: '12: x\nledger: {', on: '12: x', field: '', says: 'has a key that is not a word' },
  { fault: 'a second document', from: 'ledger: {', to: '---\nledger: {', on: '---', field: '', says: 'is not YAML' },
  { fault: 'no YAML', from: 'services: [dinners]', to: 'services: [dinners', on: 'clause: all\n  - id: account', field: '', says: 'is not YAML' },
];

const brokenInTheRest: readonly Broken[] = [
  { fault: 'a nature that is none', from: 'nature: interest-advertising', to: 'nature: pushy', field: 'purposes[4].nature', says: 'must be one of marketing, interest-advertising, analytics' },
  { fault: 'interest-based advertising that may reach a name', from: '    never: [contact]\n', to: '', on: '- id: tailored', field: 'purposes[4].never', says: 'must have "name"; interest-based advertising takes no name' },
  { fault: 'interest-based advertising that may reach an address', from: 'never: [contact]', to: 'never: [name, email]', field: 'purposes[4].never', says: 'must have "street"' },
  { fault: 'marketing that an agreement is said to need', from: 'basis: eu-gdpr:A6-1-a, decidedBy: lead, decidedOn: 2019-12-01, motive: { sv: Ett val till.', to: 'basis: eu-gdpr:A6-1-b, decidedBy: lead, decidedOn: 2019-12-01, motive: { sv: Ett val till.', field: 'purposes[3].bases[0].basis', says: 'must be consent or a legitimate interest' },
  { fault: 'interest-based advertising that an agreement is said to need', from: 'basis: eu-gdpr:A6-1-a, decidedBy: lead, decidedOn: 2019-12-01, motive: { sv: Ett tredje', to: 'basis: eu-gdpr:A6-1-b, decidedBy: lead, decidedOn: 2019-12-01, motive: { sv: Ett tredje', field: 'purposes[4].bases[0].basis', says: 'must be consent or a legitimate interest' },
  { fault: 'analysis that may reach who it is', from: '    never: [device]\n', to: '', on: '- id: counting', field: 'purposes[5].never', says: 'must have "device"; analysis is held apart from whose data it is' },
  { fault: 'a sponsor that may receive anything', from: 'conferenceRole: sponsor, categories: [name, email],', to: 'conferenceRole: sponsor,', field: 'recipientKinds[2].categories', says: 'is missing; a sponsor receives contact details only' },
  { fault: 'a sponsor that may receive food', from: 'categories: [name, email]', to: 'categories: [name, allergy]', field: 'recipientKinds[2].categories[1]', says: '"allergy" does not stand under pd:Contact; a sponsor' },
  { fault: 'a participant that may receive visits', from: 'conferenceRole: participant, categories: [contact]', to: 'conferenceRole: participant, categories: [contact, visits]', field: 'recipientKinds[3].categories[1]', says: 'a participant receives contact details only' },
  { fault: 'an audit of somebody else than a processor', from: 'role: authority', to: 'role: authority, auditEvery: P1Y', field: 'recipientKinds[5].auditEvery', says: 'belongs to a processor' },
  { fault: 'two cases for one transfer', from: '[mailer, printer], remoteAccess: true', to: '[printer, mailer], remoteAccess: false', field: 'transfers[1].recipientKinds[1]', says: '"mailer" is transfers[0].recipientKinds[0] already, without remote access' },
  { fault: 'a ground that reaches nobody', from: 'recipientKinds: [court]', to: 'recipientKinds: []', field: 'disclosureGrounds[0].recipientKinds', says: 'must have at least one entry' },
  { fault: 'a notice of a purpose that is none', from: 'kind: direct, purposes: [letter]', to: 'kind: direct, purposes: [lettuce]', field: 'notices[1].purposes[0]', says: '"lettuce" is no purpose of this policy' },
  { fault: 'marketing that cannot be declined', from: 'purpose: adverts, channels: [email], optOut: true', to: 'purpose: adverts, channels: [email]', field: 'messageClasses[1].optOut', says: 'must be true; "adverts" is marketing' },
  { fault: 'interest-based advertising that cannot be declined', from: 'purpose: tailored, channels: [email], optOut: true', to: 'purpose: tailored, channels: [email], optOut: false', field: 'messageClasses[2].optOut', says: 'must be true' },
  { fault: 'a message of the service that can be declined', from: 'purpose: dinner, channels: [email]', to: 'purpose: dinner, channels: [email], optOut: true', field: 'messageClasses[0].optOut', says: 'must be false; "dinner" is no marketing' },
  { fault: 'a history that is silent on this version', from: '  - id: example-1\n', to: '  - id: example-0\n', on: '- id: example-0', field: 'changes', says: 'must have an entry for this version, "example-1"' },
  { fault: 'a history with another day of publication', from: '    publishedOn: 2020-01-01', to: '    publishedOn: 2020-01-02', field: 'changes[0].publishedOn', says: 'must be 2020-01-01' },
  { fault: 'a history with another day of effect', from: '    effectiveFrom: 2020-01-31T23:00:00Z', to: '    effectiveFrom: 2020-02-01', field: 'changes[0].effectiveFrom', says: 'must be 2020-01-31T23:00:00Z' },
  { fault: 'a change for what is no reason', from: 'reasons: [taste]', to: 'reasons: [locks]', field: 'changes[0].reasons[0]', says: '"locks" is no change-reason' },
  { fault: 'a general clause that goes over others', from: 'services: [dinners], over', to: 'over', on: 'id: meals', field: 'clauses[0].services', says: 'is missing; only the clause of a service' },
  { fault: 'a clause over a clause of a service', from: '  - { id: all, anchor', to: '  - { id: toasts, anchor: toasts, services: [dinners], over: [meals], text: { sv: Skål., en: Cheers. } }\n  - { id: all, anchor', on: 'over: [meals]', field: 'clauses[1].over[0]', says: '"meals" is the clause of a service itself' },
  { fault: 'two clauses of a service over one', from: '  - { id: all, anchor', to: '  - { id: toasts, anchor: toasts, services: [dinners], over: [all], text: { sv: Skål., en: Cheers. } }\n  - { id: all, anchor', on: 'id: toasts', field: 'clauses[1].over[0]', says: '"all" gives way to clauses[0] already, for "dinners"' },
  { fault: 'food kept as long as the rest', from: 'period: P1Y, kind: upper, longerThan', to: 'period: P30D, kind: upper, longerThan', field: 'retention[0].longerThan[0]', says: '"r-food" is kept for P30D, which is not shorter than P30D' },
  { fault: 'food kept without end', from: 'period: P30D, kind', to: 'noPeriod: { sv: Gott., en: Tasty. }, kind', on: 'longerThan: [r-food]', field: 'retention[0].longerThan[0]', says: '"r-food" is kept for no stated time' },
  { fault: 'a link that is none', from: 'https://example.org/', to: 'ftp://example.org/', field: 'documents[1].url', says: 'must be an https address' },
  { fault: 'a right without its article', from: 'article: eu-gdpr:A20, ', to: '', on: 'id: portability', field: 'rights[0].article', says: 'is missing' },
  { fault: 'an article that is none', from: 'eu-gdpr:A20', to: 'article 20', field: 'rights[0].article', says: 'must be an article' },
  { fault: 'a promise without its time', from: 'period: P30D, clause', to: 'clause', on: '{ id: answer', field: 'clocks[0].period', says: 'is missing' },
  { fault: 'a code of no kind', from: 'kind: measure', to: 'kind: medicine', field: 'codes[0].kind', says: 'must be one of measure' },
  { fault: 'a place that is none', from: 'location: eea', to: 'location: here', field: 'systems[0].location', says: 'must be one of eea, outside-eea' },
];

describe('a policy file with a fault', () => {
  it('is an example without faults before', () => {
    expect(read(exampleYaml())).toHaveProperty('policy');
    expect(read(wholeYaml())).toHaveProperty('policy');
  });

  it.each([...broken.map((one) => ({ ...one, sound: exampleYaml() })), ...brokenInTheRest.map((one) => ({ ...one, sound: wholeYaml() }))])('names line and field of $fault', ({ from, to, field, on, says, sound }) => {
    expect(sound.split(from).length).toBe(2);
    const text = sound.replace(from, () => to);
    const reading = read(text);
    if (!('problems' in reading)) throw new Error('no problem was found');
    const line = lineOf(text, on ?? to);
    const told = reading.problems.filter((problem) => problem.field === field && problem.message.includes(says)).map((problem) => problem.line);
    // Where the file is no YAML, the parser's first fault counts; the others may be its echoes.
    expect(field === '' ? told.slice(0, 1) : told).toEqual([line]);
  });

  it('finds every fault at once, in the order of the lines', () => {
    const text = exampleYaml().replace('controller: south', 'controller: east').replace('eu-gdpr:A6-1-b', 'eu-gdpr:A6-1-z').replace('P30D', 'soon');
    const reading = read(text);
    expect('problems' in reading && reading.problems.map(({ field }) => field)).toEqual(['services[2].controller', 'purposes[2].bases[0].basis', 'retention[1].period']);
  });

  it('reports one fault once', () => {
    const reading = read(exampleYaml().replace('eu-gdpr:A6-1-f, assessment: lia', 'eu-gdpr:A6-1-f'));
    expect('problems' in reading && reading.problems.map(describeProblem)).toEqual([
      'line 73, column 9: purposes[3].bases[0].assessment is missing; a legitimate interest has its assessment (GDPR 6(1)(f))',
    ]);
  });
});

describe('a file that is no policy', () => {
  it.each([
    ['nothing', ''],
    ['a word', 'policy'],
    ['a list', '- a\n- b'],
    ['null', '~'],
  ])('is refused when it is %s', (_what, text) => {
    expect(read(text)).toMatchObject({ problems: [{ line: 1, field: '', message: expect.stringContaining('must be a mapping') }] });
  });

  it('is refused when it is too long', () => {
    expect(read(`# ${'x'.repeat(maxCharacters)}`)).toMatchObject({ problems: [{ line: 1, message: expect.stringContaining('characters') }] });
  });

  it('is refused when it is nested without end', () => {
    for (const endless of ['[', '- ', '{a: ', '? ']) expect(read(endless.repeat(20_000))).toMatchObject({ problems: expect.arrayContaining([expect.objectContaining({ line: 1, field: '' })]) });
    expect(read(`${'['.repeat(20)}${']'.repeat(20)}`)).toMatchObject({ problems: [{ message: 'is nested deeper than 16 levels' }] });
  });

  it('is refused before its aliases multiply', () => {
    const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]', ...'bcdefghij'.split('').map((key, i) => `${key}: &${key} [${Array(9).fill(`*${'abcdefghij'[i]}`).join(', ')}]`)].join('\n');
    const reading = read(bomb);
    expect('problems' in reading && reading.problems.filter(({ message }) => message.startsWith('is an alias'))).toHaveLength(81);
  });
});

describe('the published texts', () => {
  it('are the file and each notice and wording, by their hashes', () => {
    const reading = read(exampleYaml());
    if ('problems' in reading) throw new Error(reading.problems.map(describeProblem).join('\n'));
    expect(reading.texts).toHaveLength(9);
    expect(reading.texts.every(({ sha256, text }) => sha256 === sha256Hex(text))).toBe(true);
    expect(reading.texts[0]).toEqual({ sha256: reading.policy.documentHash, text: exampleYaml() });
    expect(reading.policy.wordingByHash(sha256Hex('Ja till brev.'))).toMatchObject({ language: 'sv', of: { id: 'letter-consent', version: 1 } });
    expect(reading.policy.noticeByHash(sha256Hex('What we do now.'))).toMatchObject({ language: 'en', of: { id: 'notice', version: 2 } });
  });

  it('are kept once each', () => {
    const reading = read(exampleYaml().replace('Ja till rätt mat.', 'Ja till brev.'));
    expect('policy' in reading && reading.texts.length).toBe(8);
  });

  it('hash the same with other line ends, a byte order mark or taken-apart letters', () => {
    const text = exampleYaml();
    const other = `\uFEFF${text.normalize('NFD').replaceAll('\n', '\r\n')}`;
    expect(other).not.toEqual(text);
    expect(canonicalText(other)).toEqual(text);
    const reading = read(other);
    expect('policy' in reading && reading.policy.documentHash).toEqual(sha256Hex(text));
  });
});

describe('when a policy takes effect', () => {
  it('is the instant it names, or the start of its local day', () => {
    const atInstant = read(exampleYaml());
    const onDate = read(exampleYaml().replace('2020-01-31T23:00:00Z', '2020-02-01'));
    expect('policy' in atInstant && atInstant.policy.effectiveFromAt).toBe('2020-01-31T23:00:00Z');
    expect('policy' in onDate && onDate.policy.effectiveFromAt).toBe('2020-02-01T00:00:00+01:00');
  });

  it('is not guessed when whoever knows time zones fails otherwise', () => {
    const failing = (): string => { throw new TypeError('a bug'); };
    expect(() => readPolicy(exampleYaml().replace('2020-01-31T23:00:00Z', '2020-02-01'), { sha256Hex, instantOf: failing })).toThrow('a bug');
  });
});
