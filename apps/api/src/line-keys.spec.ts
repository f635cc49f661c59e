import { describe, expect, it } from '@jest/globals';
import { catalogue } from '#ledger/catalogue.js';
import type { Command } from '#ledger/command.js';
import { RecordDeath } from '#ledger/subject/identity/protection.commands.js';
import { RegisterSubject } from '#ledger/subject/identity/register-subject.command.js';
import { MergeSubjects, UnmergeSubjects } from '#ledger/subject/merge/merge.commands.js';
import { RecordInError } from '#ledger/subject/mistake/record-in-error.command.js';
import { command, idOf, NOW } from '#ledger/testing/decider.fixture.js';
import { memoryEngines, Teller } from '#ledger/testing/ledger.fixture.js';
import { exampleRegisters } from '#ledger/testing/registers.fixture.js';
import { keysOf, type LineKeys } from './line-keys.js';

describe('lines of one import', () => {
  it('share a key under either id of one person, and under each identifier of both, once they are merged', async () => {
    const engines = await memoryEngines();
    const desk = new Teller(engines);
    const [one, two] = [idOf('one'), idOf('two')];
    for (const [subject, value] of [[one, 'K-1'], [two, 'K-2']] as const) await desk.tell(RegisterSubject, { subject, identifiers: [{ kind: 'customer-number', value }] });
    const look = async (line: Command): Promise<LineKeys> => {
      const entry = catalogue.get(line.constructor.name);
      if (entry === undefined) throw new Error('no such command');
      return keysOf(entry, line, { vault: engines.vault, registers: exampleRegisters, survivorOf: (stream) => desk.ledger.survivorOf(stream, NOW) });
    };
    const lines = [{ subject: one }, { subject: two }, { identifier: { kind: 'customer-number', value: 'K-2' } as const }].map((naming) => command(RecordDeath, naming));
    expect((await look(lines[1] as Command)).keys).toEqual([`subject-${two}`]);
    await desk.tell(MergeSubjects, { subject: one, from: two });
    for (const line of lines) expect((await look(line)).keys).toContain(`subject-${one}`);
    for (const line of [command(MergeSubjects, { subject: one, from: two }), command(UnmergeSubjects, { subject: one, from: two }), command(RecordInError, { subject: one, event: one, code: 'duplicate' })])
      expect(await look(line)).toEqual({ keys: [], alone: true });
    await engines.close();
  });
});
