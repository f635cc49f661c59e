import { createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { base64url } from './base64url.js';
import { canonical } from './canonical.js';
import { commitment } from './commitment.js';
import { commandEventIdText, derivedEventIdText, fingerprintText, uuidV8 } from './event-id.js';
import { leafHash } from './leaf.js';

const audit = new URL('../../../../libs/audit/', import.meta.url);
const page = readFileSync(new URL('FORMAT.md', audit), 'utf8');
const sha256 = (data: Uint8Array): Uint8Array => createHash('sha256').update(data).digest();
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const utf8Hex = (text: string): string => hex(Buffer.from(text, 'utf8'));
const hmac = (text: string): Uint8Array => createHmac('sha256', Buffer.from(block('event id')['key'] ?? '', 'hex')).update(text, 'utf8').digest();

/** Each recomputes all lines of its block from those that are given, so that a line nobody recomputes fails too. */
const recomputed: Readonly<Record<string, (given: Lines) => Lines>> = {
  'event id': ({ key, system, commandId, n }) => {
    const text = commandEventIdText(system ?? '', commandId ?? '', Number(n));
    return { key, system, commandId, n, text, bytes: utf8Hex(text), hmac: hex(hmac(text)), id: uuidV8(hmac(text)) };
  },
  'derived event id': ({ step }) => {
    const causingEventId = block('event id')['id'];
    const text = derivedEventIdText(causingEventId ?? '', step ?? '');
    return { causingEventId, step, text, hmac: hex(hmac(text)), id: uuidV8(hmac(text)) };
  },
  commitment: ({ value, salt }) => {
    const text = canonical(JSON.parse(value ?? ''));
    const bytes = utf8Hex(text);
    const preimage = '02' + (salt ?? '') + bytes;
    const made = commitment(sha256, Buffer.from(salt ?? '', 'hex'), text);
    return { value, salt, canonical: text, bytes, preimage, sha256: hex(sha256(Buffer.from(preimage, 'hex'))), commitment: made };
  },
  leaf: () => {
    const text = canonical(example());
    return { canonical: text, bytes: utf8Hex(text), leaf: hex(leafHash(sha256, Buffer.from(text, 'utf8'))) };
  },
  fingerprint: ({ command }) => {
    const { name, data } = JSON.parse(command ?? '') as { name: string; data: Readonly<Record<string, unknown>> };
    const text = fingerprintText(name, data);
    return { command, text, bytes: utf8Hex(text), hmac: hex(hmac(text)), fingerprint: base64url(hmac(text)) };
  },
};

describe('the example of FORMAT.md', () => {
  it('has these blocks and no other', () => {
    expect([...page.matchAll(/^```vector (.+)$/gm)].map((match) => match[1])).toEqual(Object.keys(recomputed));
  });
  it.each(Object.entries(recomputed))('%s', (name, recompute) => {
    expect(recompute(block(name))).toEqual(block(name));
  });
  it('holds the id and the commitment that it computes', () => {
    expect(example()).toMatchObject({ id: block('event id')['id'], sealed: [{ commitment: block('commitment')['commitment'] }] });
    expect(hex(Buffer.from(block('commitment')['commitment'] ?? '', 'base64url'))).toBe(block('commitment')['sha256']);
  });
});

describe('the members that FORMAT.md lists', () => {
  const members = table('## 2. The envelope');
  const golden = JSON.parse(readFileSync(new URL('golden/envelopes.json', audit), 'utf8')) as { vectors: { envelope: Record<string, unknown> }[] };
  const envelopes = [example(), ...golden.vectors.map((vector) => vector.envelope)];

  it('are those of the architecture', () => {
    const always = 'id type version stream revision occurredAt recordedAt system correlationId rules data';
    const optional = 'controller service actor onBehalfOf causationId fingerprint policy verdict failed registers sealed';
    const listed = (when: boolean) => members.filter((row) => (row[1] === 'always') === when).map(([member]) => member);
    expect([listed(true), listed(false)]).toEqual([always.split(' '), optional.split(' ')]);
  });
  it('are all that any golden envelope has; those that are always there, are; none is null or empty', () => {
    for (const envelope of envelopes) {
      expect(members.map(([member]) => member)).toEqual(expect.arrayContaining(Object.keys(envelope)));
      for (const [member, when] of members) if (when === 'always') expect(envelope).toHaveProperty(member ?? '');
      for (const value of Object.values(envelope)) expect([null, '[]']).not.toContain(Array.isArray(value) ? canonical(value) : value);
    }
  });
  it('have the forms that it gives them', () => {
    for (const envelope of envelopes) {
      for (const [member, , form] of members) {
        const value = envelope[member ?? ''];
        if (typeof value === 'string') expect(value).toMatch(FORMS[form ?? ''] ?? new RegExp(`^(?:${(form ?? '').replaceAll(' ', '|')})$`));
      }
    }
  });
  it('each stand in some golden envelope', () => {
    expect(new Set(envelopes.flatMap((envelope) => Object.keys(envelope))).size).toBe(members.length);
  });
  it('each map to a CloudEvents attribute, whose name CloudEvents allows', () => {
    const mapped = table('## 7. As CloudEvents');
    expect(mapped.flatMap(([member]) => member?.split(', ') ?? []).sort()).toEqual(members.map(([member]) => member).sort());
    const attributes = [...page.slice(page.indexOf('## 7.')).matchAll(/^\| [^|]+ \| `([^`]+)`/gm)].map((match) => match[1] ?? '');
    expect(attributes).toHaveLength(mapped.length);
    expect(new Set(attributes).size).toBe(mapped.length);
    for (const attribute of attributes) expect(attribute).toMatch(/^[a-z0-9]{1,20}$/);
  });
});

const INSTANT = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`;
const MOMENT = String.raw`(?:${INSTANT}|\d{4}-\d\d-\d\d\[[A-Za-z_]+/[A-Za-z_]+\])`;
const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';

/** The forms that the table names; any other form is an enumeration or a pattern that stands there itself. */
const FORMS: Readonly<Record<string, RegExp>> = {
  'registered id': /^[a-z][a-z0-9-]{0,62}$/,
  UUID: new RegExp(`^${UUID}$`),
  UUIDv8: /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  '§3': new RegExp(`^${MOMENT}(?:/${MOMENT})?$`),
  'instant, §3': new RegExp(`^${INSTANT}$`),
  '[a-z]+-…': /^[a-z]+-[a-z0-9-]+$/,
  'base64url, 43 characters': /^[A-Za-z0-9_-]{43}$/,
};

type Lines = Readonly<Record<string, string | undefined>>;

/** The lines of a block: a name, spaces, and the rest as it stands. */
function block(name: string): Lines {
  const body = new RegExp('^```vector ' + name + '\\n([^]*?)\\n```$', 'm').exec(page)?.[1] ?? '';
  return Object.fromEntries(body.split('\n').map((line) => [line.split(' ', 1)[0] ?? '', line.replace(/^\S+ +/, '')]));
}

function example(): Record<string, unknown> {
  return JSON.parse(/^```json\n([^]*?)\n```$/m.exec(page)?.[1] ?? '') as Record<string, unknown>;
}

/** The rows of the first table under a heading, without back quotes. */
function table(heading: string): readonly (readonly string[])[] {
  const rows = /\n\| ---[^\n]*\n((?:\|[^\n]*\n)+)/.exec(page.slice(page.indexOf(heading)))?.[1] ?? '';
  return rows.trimEnd().split('\n').map((row) => row.replaceAll('`', '').split('|').slice(1, -1).map((cell) => cell.trim()));
}
