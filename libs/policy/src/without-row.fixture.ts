/**
 * A policy file from which a row has been taken out: what a test of that row has to fail on.
 *
 * Elements that carry the row go. What named them goes too, or names another where it cannot be without, so that what is left reads.
 */
import { createHash } from 'node:crypto';
import { formatInstant } from '#law/instant.js';
import { dayOf } from '#law/local-date.js';
import { localDay } from '#law/local-time.js';
import type { PolicyModel } from './model.js';
import { readPlainYaml } from './plain-yaml.js';
import { kinds } from './policy.js';
import type { Kind } from './policy.js';
import { checkPolicy } from './policy-rules.js';
import { policyShape } from './policy-shape.js';
import { describeProblem, readPolicy } from './read-policy.js';
import type { PolicyReadingAids } from './read-policy.js';
import type { Findings } from './shape.js';

interface Mapping { [name: string]: Json }
type Json = string | number | boolean | null | Json[] | Mapping;

const aids: PolicyReadingAids = {
  sha256Hex: (text) => createHash('sha256').update(text).digest('hex'),
  instantOf: (localDate, zone) => formatInstant(localDay(dayOf(localDate), zone).startMs),
};

/** Throws when no element carries the row, and when what is left cannot be made to read. */
export function policyWithout(row: string, yaml: string): PolicyModel {
  const document = readPlainYaml(yaml).value as Mapping;
  let taken = 0;
  for (const list of listsOf(document)) taken += removeWhere(list, (element) => rowsOf(element).includes(row));
  if (taken === 0) throw new Error(`no element carries ${row}`);
  if ((document['controllers'] as Json[]).length === 0) document['controllers'] = [{ ...nobody }];
  while (mend(document)) continue;
  letGoOfTheRest(document);
  return modelOf(JSON.stringify(document));
}

/** Each row that the file carries, with the lists whose elements carry it. */
export function rowsIn(yaml: string): ReadonlyMap<string, readonly string[]> {
  const document = readPlainYaml(yaml).value as Mapping;
  const found = new Map<string, string[]>();
  for (const [name, list] of Object.entries(document))
    if (Array.isArray(list)) for (const row of new Set(list.flatMap(rowsOf))) found.set(row, [...(found.get(row) ?? []), name]);
  return found;
}

export function modelOf(yaml: string): PolicyModel {
  const reading = readPolicy(yaml, aids);
  if ('problems' in reading) throw new Error(reading.problems.map(describeProblem).join('\n'));
  return reading.policy;
}

/** A policy has a controller; this one is nobody's. The number is of the series that no organisation has. */
const nobody: Mapping = { id: 'nobody', name: 'Ingen AB', organisationNumber: '999900-0004', address: 'Ingenstans 1', country: 'SE' };

/** Mends the last thing that leads nowhere; tells whether there was any. One at a time, for each may move the places of others. */
function mend(document: Mapping): boolean {
  const findings = findingsWith(() => undefined);
  policyShape.read(document, '', findings);
  const { definitions, references } = findings;
  const known = new Set(definitions.map(({ kind, id }) => `${kind} ${id}`));
  const loose = references.filter(({ kind, id }) => !known.has(`${kind} ${id}`)).at(-1);
  if (loose === undefined) return removeWhere(document['purposes'] as Json[], (purpose) => isIdleHeading(document, purpose)) > 0;
  const path = loose.field.split(/[.[\]]+/).filter((part) => part !== '');
  const name = path.at(-1) ?? '';
  const holder = at(document, path.slice(0, -1));
  if (Array.isArray(holder)) drop(document, path);
  else if (isMapping(holder) && optional.has(name)) delete holder[name];
  else if (isMapping(holder) && replaced.has(name)) holder[name] = firstIdOf(document, loose.kind);
  else drop(document, path.slice(0, -1));
  return true;
}

const optional = new Set(['parent', 'assessment', 'personnummerGround', 'toldBy']);
/** What each element has one of, whoever it is. */
const replaced = new Set(['clause', 'controller']);
const mayBeEmpty = /^(purposes\.\d+\.(never|recipientKinds)|(wordings|notices)\.\d+\.recipientKinds|documents\.\d+\.servedAt|clauses\.\d+\.over|retention\.\d+\.longerThan)$/;

/** Takes an entry out of its list, and what the list belongs to out of its own where the list may not be empty: it stood on that. */
function drop(document: Mapping, path: readonly string[]): void {
  const list = path.slice(0, -1);
  const holder = at(document, list);
  if (!Array.isArray(holder)) throw new Error(`${path.join('.')} cannot be without what was taken out`);
  holder.splice(Number(path.at(-1)), 1);
  if (holder.length === 0 && list.length > 1 && !mayBeEmpty.test(list.join('.'))) drop(document, list.slice(0, -1));
}

/** Purposes whose data no rule lets go any more get one that says nothing: that a figure is missing is for the row's test to see. */
function letGoOfTheRest(document: Mapping): void {
  const kept: number[] = [];
  const findings = findingsWith((field, message) => {
    if (message.startsWith('no upper retention rule')) kept.push(Number(/\d+/.exec(field)?.[0]));
  });
  checkPolicy(policyShape.read(document, '', findings), findings);
  const purposes = kept.map((i) => (document['purposes'] as Mapping[])[i]?.['id'] as string);
  if (purposes.length === 0) return;
  (document['retention'] as Json[]).push({
    id: 'left-over', purposes, anchor: 'collected', noPeriod: { sv: 'Inget sägs.', en: 'Nothing is said.' }, kind: 'upper', action: 'erase',
    origin: 'proposed', clause: firstIdOf(document, 'clause'),
  });
}

function isIdleHeading(document: Mapping, purpose: Json): boolean {
  if (!isMapping(purpose) || purpose['bases'] !== undefined) return false;
  return !(document['purposes'] as Mapping[]).some(({ parent }) => parent === purpose['id']);
}

function findingsWith(report: Findings['report']): Findings {
  return { definitions: [], references: [], words: [], report };
}

function firstIdOf(document: Mapping, kind: Kind): string {
  const [first] = document[kinds[kind]] as Mapping[];
  return first?.['id'] as string;
}

function at(value: Json | undefined, path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>((found, name) => (isMapping(found) ? found[name] : Array.isArray(found) ? found[Number(name)] : undefined), value);
}

function listsOf(document: Mapping): readonly Json[][] {
  return Object.values(document).filter((member) => Array.isArray(member));
}

/** How many went. */
function removeWhere(list: Json[], goes: (element: Json) => boolean): number {
  const left = list.filter((element) => !goes(element));
  const gone = list.length - left.length;
  list.splice(0, list.length, ...left);
  return gone;
}

function rowsOf(element: Json): readonly string[] {
  return isMapping(element) && Array.isArray(element['rows']) ? element['rows'].filter((row) => typeof row === 'string') : [];
}

function isMapping(value: Json | undefined): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
