import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NotCanonical } from './canonical.js';
import { commandEventIdText, derivedEventIdText, fingerprintText, LEDGER_SYSTEM, uuidV8, uuidV8OfHex } from './event-id.js';

const UUID_V8 = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const hmac = (text: string): Uint8Array => createHmac('sha256', Buffer.alloc(32, 7)).update(text).digest();

describe('the texts behind ids', () => {
  it('are different for different commands, whatever stands in the ids', () => {
    const part = fc.oneof(fc.string(), fc.constantFrom('crm', 'crm","', '1', '', ',', '"'));
    const command = fc.tuple(part, part, fc.nat(3)).filter(([system]) => system !== LEDGER_SYSTEM);
    fc.assert(
      fc.property(command, command, (a, b) => {
        expect(commandEventIdText(...a) === commandEventIdText(...b)).toBe(a.every((item, i) => item === b[i]));
      }),
    );
  });

  it('refuse a sender of the ledger\'s own name, whose command could otherwise take the id of an event the ledger makes', () => {
    expect(() => commandEventIdText('liggare', 'x', 0)).toThrow('"liggare" is the ledger itself and sends no commands');
    expect(derivedEventIdText('x', 'y')).toBe('["liggare","x","y"]');
  });

  it.each([-1, 0.5, Number.NaN, 2 ** 53])('refuse %d as the number of an event', (n) => {
    expect(() => commandEventIdText('crm', 'x', n)).toThrow(RangeError);
  });

  it('refuse a command id that has no UTF-8 form', () => {
    expect(() => commandEventIdText('crm', '\ud800', 0)).toThrow(NotCanonical);
  });

  it('of fingerprints are the same for the same command in another order, others for another name or field, and never those of ids', () => {
    const text = fingerprintText('GiveConsent', { purposes: ['newsletter'], subject: 'x' });
    expect(fingerprintText('GiveConsent', { subject: 'x', purposes: ['newsletter'] })).toBe(text);
    expect(fingerprintText('WithdrawConsent', { subject: 'x', purposes: ['newsletter'] })).not.toBe(text);
    expect(fingerprintText('GiveConsent', { subject: 'y', purposes: ['newsletter'] })).not.toBe(text);
    expect(text).toMatch(/^\{/);
    expect(commandEventIdText('crm', 'x', 0)).toMatch(/^\[/);
  });
});

describe('uuidV8OfHex', () => {
  it('gives what uuidV8 gives of the bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => expect(uuidV8OfHex(Buffer.from(bytes).toString('hex'))).toBe(uuidV8(bytes))));
  });
  it.each(['', 'f'.repeat(63), 'F'.repeat(64), 'g'.repeat(64)])('refuses what is not 64 digits in lower-case hex', (text) => {
    expect(() => uuidV8OfHex(text)).toThrow(RangeError);
  });
});

describe('uuidV8', () => {
  it('has version 8 and variant 10 whatever the bytes, and all their other bits', () => {
    const marks = Buffer.from('ffffffffffff0fff3fffffffffffffff', 'hex');
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        const id = uuidV8(bytes);
        expect(id).toMatch(UUID_V8);
        Buffer.from(id.replaceAll('-', ''), 'hex').forEach((byte, i) => expect(byte & (marks[i] ?? 0)).toBe((bytes[i] ?? 0) & (marks[i] ?? 0)));
      }),
    );
    expect(uuidV8(new Uint8Array(32).fill(255))).toBe('ffffffff-ffff-8fff-bfff-ffffffffffff');
    expect(uuidV8(new Uint8Array(32))).toBe('00000000-0000-8000-8000-000000000000');
  });

  it('is the same for the same command and another for its next event', () => {
    const [a, again, next] = [0, 0, 1].map((n) => uuidV8(hmac(commandEventIdText('crm', 'order-1', n))));
    expect(again).toBe(a);
    expect(next).not.toBe(a);
  });

  it.each([16, 31, 33])('refuses %i bytes', (length) => {
    expect(() => uuidV8(new Uint8Array(length))).toThrow(`an HMAC-SHA-256 has 32 bytes, not ${length}`);
  });
});
