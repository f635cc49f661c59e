import { describe, expect, it } from '@jest/globals';
import type { AccessLog } from './access/access-log.js';
import { MoveRecipient, RegisterRecipient } from './recipient/recipient.commands.js';
import { Unavailable } from './refusals.js';
import { listRegisters, readRegister } from './register-queries.js';
import type { Registers } from './registers.js';
import type { Asker } from './queries.js';
import { ACTOR, event, NOW } from './testing/decider.fixture.js';
import { memoryEngines, Teller } from './testing/ledger.fixture.js';
import { firstModel, registersWith } from './testing/registers.fixture.js';

const asker: Asker = { actor: ACTOR, system: 'office', purpose: 'supervision', now: NOW };

async function asked(registers: Registers) {
  const engines = await memoryEngines();
  const teller = new Teller(engines);
  await teller.tell(RegisterRecipient, { recipient: 'acme', kind: 'printer', name: 'Acme Exempel AB', country: 'SE', from: '2020-03-01' });
  await teller.tell(MoveRecipient, { recipient: 'acme', country: 'US', from: '2021-01-01' });
  const opened: unknown[] = [];
  const vault = Object.assign(Object.create(engines.vault) as typeof engines.vault, { open: (refs: readonly unknown[]) => (opened.push(...refs), Promise.resolve(refs.map(() => ({ kind: 'erased' as const })))) });
  const accesses: object[] = [];
  const access = { record: async (line: object) => void accesses.push({ line, openedBefore: opened.length }) } as AccessLog;
  return { parts: { log: engines.log, vault, registers, access }, accesses, opened };
}

const behind = registersWith({ 'recipient-acme': [event({ type: 'RecipientRegistered', data: { kind: 'printer', country: 'SE', from: '2020-03-01' } }, 0, 'recipient-acme')] }, firstModel);

describe('a register that is read', () => {
  it('is shown up to the revision that is known here, its history too', async () => {
    const { parts } = await asked(behind);
    const reply = await readRegister(parts, 'recipient', 'acme', '2021-06-01', asker);
    expect(reply).toMatchObject({ revision: 0, register: { country: 'SE', name: { erased: true } }, history: [{ type: 'RecipientRegistered' }] });
  });

  it('is opened after its line of access', async () => {
    const { parts, accesses, opened } = await asked(behind);
    await readRegister(parts, 'recipient', 'acme', '2021-06-01', asker);
    expect(accesses).toEqual([{ line: { type: 'RegisterAccessed', data: { register: 'recipient', id: 'acme', purpose: 'supervision' }, actor: ACTOR, system: 'office', now: NOW }, openedBefore: 0 }]);
    expect(opened.length).toBeGreaterThan(0);
  });

  it('is nobody, and leaves no line, when none of the id is registered', async () => {
    const { parts, accesses } = await asked(behind);
    expect(await readRegister(parts, 'recipient', 'bolt', '2021-06-01', asker)).toBeUndefined();
    expect(accesses).toEqual([]);
  });

  it('is not given while the registers are behind', async () => {
    const { parts, accesses } = await asked({ ...behind, freshened: () => Promise.reject(new Unavailable('behind')) });
    await expect(readRegister(parts, 'recipient', 'acme', '2021-06-01', asker)).rejects.toThrow(Unavailable);
    await expect(listRegisters(parts, 'recipient', '2021-06-01')).rejects.toThrow(Unavailable);
    expect(accesses).toEqual([]);
  });
});
