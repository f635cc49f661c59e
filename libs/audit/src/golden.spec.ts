import { createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import canonicalize from 'canonicalize';
import { base64url } from './base64url.js';
import { canonical, parseCanonical } from './canonical.js';
import { commitment } from './commitment.js';
import { commandEventIdText, derivedEventIdText, fingerprintText, uuidV8 } from './event-id.js';
import { leafHash } from './leaf.js';

/** The golden files' own bytes. A pin that must change means that stored bytes would be read in another way: don't. */
const PINS = {
  'commitments.json': '199cd96c29b558a352abc96e841110700edd74fde045778a3ef0f4cd2324c36d',
  'envelopes.json': '42b68fbef1a45bfa17d9db458994e7fa9ce2194f843565e5dddfde18f2e46df3',
  'event-ids.json': '77fe50058e532ebb095ee6ae9d979c143d1e29ec0231a4db643fc474b10b21cb',
  'leaves.json': 'a04a2460a173dcce8972adb1dc39413b821785f20edadab05222b4488a799f86',
};

interface Golden<Vector> {
  readonly header: { readonly about: string; readonly key?: string };
  readonly vectors: readonly (Vector & { readonly name: string })[];
}
interface Opened {
  readonly slot: string;
  readonly value: unknown;
  readonly salt: string;
}
interface Envelope {
  readonly id: string;
  readonly system: string;
  readonly fingerprint?: string;
  readonly sealed?: readonly { readonly slot: string; readonly commitment: string }[];
}

const sha256 = (data: Uint8Array): Uint8Array => createHash('sha256').update(data).digest();
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const bytesOf = (text: string): Buffer => Buffer.from(text, 'hex');

describe('golden files', () => {
  it.each(Object.entries(PINS))('%s is what it was, and says that it stays so', (file, pin) => {
    const bytes = readFileSync(urlOf(file));
    expect(hex(sha256(bytes))).toBe(pin);
    expect(read(file).header.about).toContain('never change');
  });
});

describe('golden commitments', () => {
  const { vectors } = read<{ value: unknown; salt: string; canonical: string; commitment: string }>('commitments.json');
  it.each(vectors)('$name', (vector) => {
    expect(canonical(vector.value)).toBe(vector.canonical);
    expect(canonicalize(vector.value)).toBe(vector.canonical);
    expect(commitment(sha256, bytesOf(vector.salt), vector.canonical)).toBe(vector.commitment);
    const other = createHash('sha256').update(Buffer.of(2)).update(vector.salt, 'hex').update(vector.canonical, 'utf8');
    expect(other.digest('base64url')).toBe(vector.commitment);
  });
});

describe('golden event ids', () => {
  type Vector = { text: string; hmac: string; id: string } & Partial<Command & Cause>;
  const { header, vectors } = read<Vector>('event-ids.json');
  it.each(vectors)('$name', (vector) => {
    expect(textOf(vector)).toBe(vector.text);
    expect(hmac(header.key, vector.text).toString('hex')).toBe(vector.hmac);
    expect(uuidV8(bytesOf(vector.hmac))).toBe(vector.id);
  });
});

describe('golden leaves', () => {
  const { vectors } = read<{ bytes: string; leaf: string }>('leaves.json');
  it.each(vectors)('$name', ({ bytes, leaf }) => {
    expect(hex(leafHash(sha256, bytesOf(bytes)))).toBe(leaf);
    expect(createHash('sha256').update('00' + bytes, 'hex').digest('hex')).toBe(leaf);
  });
});

describe('golden envelopes', () => {
  type Vector = { key?: string; n?: number; command?: { name: string; data: Readonly<Record<string, unknown>> }; opened?: readonly Opened[] };
  type Made = { canonical: string; bytes: number; leaf: string; envelope: Envelope };
  const { vectors } = read<Vector & Made & Partial<Pick<Command, 'commandId'> & Cause>>('envelopes.json');
  it.each(vectors)('$name', (vector) => {
    const { envelope } = vector;
    const stored = Buffer.from(vector.canonical, 'utf8');
    expect(canonical(envelope)).toBe(vector.canonical);
    expect(canonicalize(envelope)).toBe(vector.canonical);
    expect(parseCanonical(vector.canonical)).toEqual(envelope);
    expect(stored.length).toBe(vector.bytes);
    expect(hex(leafHash(sha256, stored))).toBe(vector.leaf);
    expect(uuidV8(hmac(vector.key, textOf({ ...vector, system: envelope.system })))).toBe(envelope.id);
    const fingerprint = vector.command && base64url(hmac(vector.key, fingerprintText(vector.command.name, vector.command.data)));
    expect(fingerprint).toBe(envelope.fingerprint);
    const commitments = vector.opened?.map(({ slot, value, salt }) => [slot, commitment(sha256, bytesOf(salt), canonical(value))]);
    expect(commitments).toEqual(envelope.sealed?.map((sealed) => [sealed.slot, sealed.commitment]));
    expect(vector.opened === undefined).toBe(envelope.sealed === undefined);
  });
});

interface Command {
  readonly system: string;
  readonly commandId: string;
  readonly n: number;
}
interface Cause {
  readonly causingEventId: string;
  readonly step: string;
}

function textOf(vector: Partial<Command & Cause>): string {
  const { system, commandId, n, causingEventId, step } = vector;
  if (causingEventId !== undefined && step !== undefined) return derivedEventIdText(causingEventId, step);
  if (system === undefined || commandId === undefined || n === undefined) throw new Error('the vector names neither a command nor a cause');
  return commandEventIdText(system, commandId, n);
}

function hmac(key: string | undefined, text: string): Buffer {
  return createHmac('sha256', bytesOf(key ?? '')).update(text, 'utf8').digest();
}

function urlOf(file: string): URL {
  return new URL(`../../../../libs/audit/golden/${file}`, import.meta.url);
}

function read<Vector>(file: string): Golden<Vector> {
  return JSON.parse(readFileSync(urlOf(file), 'utf8')) as Golden<Vector>;
}
