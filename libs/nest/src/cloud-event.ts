/**
 * Commands as CloudEvents 1.0 (https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md): `id` is the command id, `source`
 * the system of the token, `type` is `se.liggare.<CommandName>.v1`, `data` the command's body.
 */
import { EdgeFault, invalidAt } from './problem.js';
import { holdsIdentifier, requireCommandId, UUID } from './unusable-id.js';

export interface ToldCommand {
  readonly id: string;
  readonly name: string;
  /** The command's members: `data`, with `subject` where it has none of its own. */
  readonly data: Readonly<Record<string, unknown>>;
  /** When it happened, unless the data says so itself. */
  readonly time?: unknown;
  readonly correlationId?: string;
  readonly causationId?: string;
}

type Attributes = Readonly<Record<string, unknown>>;

const TYPE = /^se\.liggare\.([A-Z][A-Za-z]*)\.v1$/;

/** The command in an event. Throws `EdgeFault`, whose pointers begin at the event. `source`: what the sender's events must say. */
export function commandIn(event: unknown, source: string): ToldCommand {
  if (typeof event !== 'object' || event === null || Array.isArray(event)) throw invalidAt('InvalidCloudEvent', '', 'is not an object');
  const attributes = withoutUnset(event as Attributes);
  if (attributes['specversion'] !== '1.0') throw invalidAt('InvalidCloudEvent', '/specversion', 'is "1.0"');
  const id = requireCommandId(requiredText(attributes, 'id'), '/id');
  if (requiredText(attributes, 'source') !== source) throw new EdgeFault('SourceMismatch', { pointer: '/source' });
  const name = TYPE.exec(requiredText(attributes, 'type'))?.[1];
  if (name === undefined) throw new EdgeFault('UnknownCommand', { pointer: '/type', detail: 'A type is se.liggare.<CommandName>.v1.' });
  requireContentType(attributes['datacontenttype']);
  requireKnownClassification(attributes);
  const correlationId = uuidIn(attributes, 'correlationid');
  const causationId = uuidIn(attributes, 'causationid');
  const time = attributes['time'];
  return { id, name, data: dataOf(attributes), ...(time !== undefined && { time }), ...(correlationId !== undefined && { correlationId }), ...(causationId !== undefined && { causationId }) };
}

/** The event of a request in binary mode: attributes in `ce-` headers, data in the body (HTTP protocol binding 1.0.2 §3.1). */
export function eventInHeaders(headers: Readonly<Record<string, string | string[] | undefined>>, data: unknown): Attributes {
  const attributes: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(headers))
    if (name.startsWith('ce-') && name !== 'ce-data') attributes[name.slice(3)] = percentDecoded(unquoted(String(value)), `/${name}`);
  return { ...attributes, datacontenttype: headers['content-type'], data };
}

/** A null attribute is one that was not set (JSON event format 1.0.2 §2.2). */
function withoutUnset(attributes: Attributes): Attributes {
  return Object.values(attributes).includes(null) ? Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== null)) : attributes;
}

function dataOf(attributes: Attributes): Attributes {
  if ('data_base64' in attributes || 'dataref' in attributes) throw invalidAt('InvalidCloudEvent', '/data', 'is told as JSON in data, not as bytes and not by reference');
  const data = attributes['data'];
  if (typeof data !== 'object' || data === null || Array.isArray(data)) throw invalidAt('InvalidCloudEvent', '/data', 'is the command, an object');
  const subject = subjectIn(attributes);
  const own = data as Attributes;
  if (subject !== undefined && own['subject'] !== undefined && own['subject'] !== subject) throw invalidAt('InvalidCloudEvent', '/subject', 'is another than the one in data');
  return { ...(subject !== undefined && { subject }), ...own };
}

/** Only a pseudonym may stand outside the data. */
function subjectIn(attributes: Attributes): string | undefined {
  return uuidIn(attributes, 'subject');
}

function uuidIn(attributes: Attributes, name: string): string | undefined {
  const value = attributes[name];
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || !UUID.test(value)) throw new EdgeFault('UnusableId', { pointer: `/${name}`, errors: [{ pointer: `/${name}`, detail: 'is a UUID in lower case' }] });
  return value;
}

function requiredText(attributes: Attributes, name: string): string {
  const value = attributes[name];
  if (typeof value !== 'string' || value === '') throw invalidAt('InvalidCloudEvent', `/${name}`, value === undefined ? 'is missing' : 'is not a text');
  return value;
}

/** Data is JSON when its media type's subtype is json, or ends in +json (JSON event format 1.0.2 §3.1.1). */
function requireContentType(type: unknown): void {
  if (type === undefined || (typeof type === 'string' && /^[^\s;/]+\/([^\s;/]+\+)?json\s*(;.*)?$/i.test(type))) return;
  throw invalidAt('InvalidCloudEvent', '/datacontenttype', 'is application/json');
}

/** Labels of the data classification extension; who does not know a label must reject the event (its §Usage). */
const LABELS = {
  dataclassification: ['public', 'internal', 'confidential', 'restricted'],
  dataregulation: ['GDPR'],
  datacategory: ['non-sensitive', 'standard', 'sensitive', 'special-category'],
} as const;

function requireKnownClassification(attributes: Attributes): void {
  for (const [name, known] of Object.entries(LABELS)) {
    const told = attributes[name];
    if (told === undefined) continue;
    const labels = typeof told === 'string' ? told.split(',').map((label) => label.trim()) : [''];
    if (!labels.every((label) => (known as readonly string[]).includes(label))) throw new EdgeFault('UnknownDataClassification', { pointer: `/${name}`, alternatives: known });
  }
  const isClassified = attributes['dataclassification'] !== undefined;
  if (!isClassified && (attributes['dataregulation'] !== undefined || attributes['datacategory'] !== undefined))
    throw invalidAt('InvalidCloudEvent', '/dataclassification', 'is missing beside dataregulation or datacategory');
}

/** A quoted string without its quotes (HTTP protocol binding 1.0.2 §3.1.3.2; RFC 9110 §5.6.4). */
function unquoted(text: string): string {
  return /^"(?:[^"\\]|\\.)*"$/.test(text) ? text.slice(1, -1).replaceAll(/\\(.)/g, '$1') : text;
}

function percentDecoded(text: string, pointer: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalidAt('InvalidCloudEvent', pointer, 'is not percent-encoded UTF-8');
  }
}

/** The id of an event that may be repeated in an answer about it; undefined when there is none or it is unusable. */
export function speakableId(event: unknown): string | undefined {
  if (typeof event !== 'object' || event === null || !('id' in event) || typeof event.id !== 'string') return undefined;
  return /^[A-Za-z0-9._:~-]{1,128}$/.test(event.id) && !holdsIdentifier(event.id) ? event.id : undefined;
}
