import { describe, expect, it } from '@jest/globals';
import { findsIdentifiers } from './finds-identifiers.js';

describe('findsIdentifiers', () => {
  it.each([
    ['email', 'anna@example.com'],
    ['email', 'crm:anna.exempel@example.com/1'],
    ['email', 'anna%40example.com'],
    ['email', 'åsa@räksmörgås.example'],
    ['email', 'a@b.se'],
    ['phone', '+46701740605'],
    ['phone', 'sms-+46 70 174 06 05'],
    ['phone', 'tel:%2B46701740605'],
    ['phone', '+46701740605-2024'],
    ['phone', '0046701740605'],
    ['phone', 'customer 0701740605'],
    ['phone', '070-174 06 05'],
    ['phone', 'sms_0701740605'.replace('_', '-')],
    ['phone', '+47 22 12 34 56'],
    ['personnummer', '19121212-1212'],
    ['personnummer', 'order-191212121212'],
    ['personnummer', 'kund121212-1212'],
    ['personnummer', '121212+1212'],
    ['personnummer', '1701102384'],
    ['personnummer', '640823–3234'],
    ['personnummer', 'x_196408233234_y'],
    ['personnummer', '191401682396'],
    ['personnummer', '６４０８２３-3234'],
  ] as const)('%s in %j', (kind, text) => {
    expect(findsIdentifiers(text)).toBe(kind);
  });

  it.each([
    '',
    'order-2024-000123',
    'crm-8812',
    'evt-20240517-0042',
    '2024-05-17',
    '20240517',
    '2024-05-17T09:30:00.000Z',
    '20240517T093000Z',
    '1715938200000',
    '1715938200',
    '196408233235',
    '640823-3235',
    '1964082332341',
    '9196408233234',
    '5560160680',
    '550e8400-e29b-41d4-a716-446655440000',
    'a@b',
    '@example.com',
    'v1.2.3+20240517',
    'sha256-e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    'invoice-000000123456',
    '0012345678',
    '07-01-2024 12:00',
    '070174060',
    '07017406051',
    'INV0701740605X',
    'newsletter/2024/7',
    '+46',
    '1+1',
  ])('nothing in %j', (text) => {
    expect(findsIdentifiers(text)).toBeUndefined();
  });

  it('takes a long string in its stride', () => {
    for (const piece of ['a@', '@a.', '+1', '07', '0', '1-', '00 1 ']) expect(findsIdentifiers(piece.repeat(50_000))).not.toBe('personnummer');
  });
});
