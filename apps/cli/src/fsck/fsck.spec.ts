import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { liggare, linesOf, remove, serveLedger, tokenFileFor, type Ran, type ServedLedger } from '../cli.examples.js';
import { IdSet } from './id-set.js';

let ledger: ServedLedger;

/** A ledger of some people, stopped: each test spoils a copy of its own. */
beforeAll(async () => {
  ledger = await serveLedger();
  const token = await tokenFileFor(ledger, 'crm');
  expect((await liggare(['import', '-', '--token-file', token], ledger.env, linesOf(50))).code).toBe(0);
}, 60_000);

afterAll(async () => {
  await ledger.stop();
  remove(ledger);
});

interface Report {
  readonly clean: boolean;
  readonly byCode: Readonly<Record<string, number>>;
  readonly findings: readonly { readonly where: string; readonly code: string; readonly detail: string; readonly event?: string; readonly slot?: string }[];
  readonly events: number;
  readonly values: number;
  readonly viewRows: number;
}

const nothingSaid: Report = { clean: false, byCode: {}, findings: [], events: 0, values: 0, viewRows: 0 };

describe('fsck beside a running server', () => {
  it('finds nothing wrong, with the views too', async () => {
    const { code, out, err } = await liggare(['fsck', '--views'], ledger.env);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^log +\d+ events in 51 streams\nvault +50 sealed values spoken of in the log\nviews +\d+ rows compared with a rebuild\nclean: nothing is wrong\n$/);
    expect((JSON.parse((await liggare(['fsck', '--json'], ledger.env)).out) as Report)).toMatchObject({ clean: true, values: 50 });
  });
});

describe('fsck of spoiled files', () => {
  let copies = '';
  beforeAll(async () => {
    await ledger.stop();
    copies = mkdtempSync(join(tmpdir(), 'liggare-fsck-spec-'));
  });
  afterAll(() => rmSync(copies, { recursive: true, force: true }));

  async function spoiled(name: string, spoil: (data: string) => void, ...options: string[]): Promise<Ran & { readonly report: Report }> {
    const data = join(copies, name);
    cpSync(ledger.data, data, { recursive: true });
    cpSync(`${ledger.data}.keys`, `${data}.keys`, { recursive: true });
    spoil(data);
    const ran = await liggare(['fsck', '--json', ...options], { LIGGARE_DATA: data });
    return { ...ran, report: ran.out === '' ? nothingSaid : (JSON.parse(ran.out) as Report) };
  }

  const change = (file: string, sql: string) => (data: string) => {
    const db = new DatabaseSync(join(data, file));
    db.exec(sql);
    db.close();
  };

  it('says a flipped bit in the text of an event', async () => {
    const { code, report } = await spoiled('log-bit', (data) => {
      const db = new DatabaseSync(join(data, 'log.db'), { readOnly: true });
      const text = String(db.prepare('SELECT data FROM events WHERE position = 20').get()?.['data']);
      db.close();
      flip(join(data, 'log.db'), text, 0);
    });
    expect(code).toBe(4);
    expect(report.byCode).toEqual({ 'not-canonical': 1 });
  });

  it('says a flipped bit in a sealed value, by event and slot and without the value', async () => {
    let sealed: { event?: unknown; slot?: unknown } = {};
    const { code, report } = await spoiled('vault-bit', (data) => {
      const db = new DatabaseSync(join(data, 'vault.db'), { readOnly: true });
      const row = db.prepare('SELECT event, slot, bytes FROM value LIMIT 1').get() ?? {};
      db.close();
      sealed = { event: row['event'], slot: row['slot'] };
      flip(join(data, 'vault.db'), Buffer.from(row['bytes'] as Uint8Array), 30);
    });
    expect(code).toBe(4);
    expect(report.byCode).toEqual({ broken: 1 });
    expect(report.findings).toEqual([{ where: 'vault', code: 'broken', detail: 'the value or its key cannot be opened', ...sealed }]);
  });

  it('says a value that is gone, and does not take it for erased', async () => {
    const { code, report } = await spoiled('lost', change('vault.db', 'DELETE FROM value WHERE rowid = (SELECT min(rowid) FROM value)'));
    expect(code).toBe(4);
    expect(report.byCode).toEqual({ lost: 1 });
  });

  it('says a data key that is gone', async () => {
    const { code, report } = await spoiled('key', change('vault.db', 'DELETE FROM key WHERE holding = (SELECT holding FROM value LIMIT 1)'));
    expect([code, report.byCode]).toEqual([4, { broken: 1 }]);
  });

  it('says a gap in the log', async () => {
    const { code, report } = await spoiled('gap', change('log.db', "DELETE FROM events WHERE type = 'SubjectRegistered' AND position = (SELECT max(position) FROM events WHERE type = 'SubjectRegistered')"));
    expect(code).toBe(4);
    expect(report.byCode).toEqual({ gap: 1, revision: 1 });
  });

  it('says an event that is not the one its columns name, one that stands twice, and one recorded before its elder', async () => {
    const renamed = "UPDATE events SET id = '00000000-0000-8000-8000-000000000000' WHERE position = 5";
    expect((await spoiled('id', change('log.db', renamed))).report.byCode).toMatchObject({ envelope: 1 });
    const twice = 'UPDATE events SET id = (SELECT e.id FROM events AS e WHERE e.stream = events.stream AND e.revision = events.revision - 1) WHERE position = (SELECT max(position) FROM events WHERE revision > 0)';
    expect((await spoiled('twice', change('log.db', twice))).report.byCode).toMatchObject({ 'id-twice': 1, envelope: 1 });
    const earlier = `UPDATE events SET data = replace(data, '"recordedAt":"2', '"recordedAt":"1') WHERE position = (SELECT max(position) FROM events)`;
    expect((await spoiled('time', change('log.db', earlier))).report.byCode).toEqual({ 'time-runs-back': 1 });
  });

  it('says a commitment that salt and value do not give', async () => {
    const swapped = `UPDATE events SET data = replace(data, '"commitment":"', '"commitment":"A') WHERE position = (SELECT max(position) FROM events WHERE data LIKE '%commitment%')`;
    expect((await spoiled('commitment', change('log.db', swapped))).report.byCode).toEqual({ commitment: 1 });
  });

  it('says rows of a view that the log does not make, and those that are missing, only when asked to look', async () => {
    const wrong = "UPDATE record_entry SET body = '{}' WHERE (subject, entry) = (SELECT subject, entry FROM record_entry ORDER BY subject, entry LIMIT 1)";
    const both = change('views.db', `${wrong}; DELETE FROM trail_entry WHERE position = (SELECT max(position) FROM trail_entry)`);
    expect((await spoiled('views-not-asked', both)).code).toBe(0);
    const { code, report } = await spoiled('views', both, '--views');
    expect(code).toBe(4);
    expect(report.byCode).toEqual({ 'view-differs': 2 });
    expect(report.findings.map(({ detail }) => detail)).toEqual([expect.stringMatching(/^record_entry, row 0: body differ/), expect.stringMatching(/^trail_entry, row \d+: it is missing/)]);
  });

  it('says views that are ahead of the log', async () => {
    const { code, report } = await spoiled('ahead', change('log.db', 'DELETE FROM events WHERE position = (SELECT max(position) FROM events)'), '--views');
    expect(code).toBe(4);
    expect(report.byCode).toMatchObject({ 'view-ahead': 1 });
  });

  it('says pages that are ruined, without a stack', async () => {
    const { code, err, report } = await spoiled('ruined', (data) => {
      const file = join(data, 'log.db');
      const bytes = readFileSync(file);
      bytes.fill(0xa5, 4096, Math.min(bytes.length, 40_960));
      writeFileSync(file, bytes);
    });
    expect([code, err]).toEqual([4, '']);
    expect(report.findings.some(({ where, code: found }) => where === 'log' && found === 'file-damaged')).toBe(true);
  });

  it.each(['log.db', 'views.db'])('says ruined pages of %s among its other findings, though the views cannot be compared then', async (file) => {
    const { code, err, report } = await spoiled(`ruined-${file}`, (data) => {
      const name = join(data, file);
      change(file, 'PRAGMA wal_checkpoint(TRUNCATE)')(data);
      const bytes = readFileSync(name);
      bytes.fill(0xa5, 4096, 40_960);
      writeFileSync(name, bytes);
      change('vault.db', 'DELETE FROM value WHERE rowid = (SELECT min(rowid) FROM value)')(data);
    }, '--views');
    expect([code, err]).toEqual([4, '']);
    expect(report.byCode).toMatchObject({ 'file-damaged': expect.any(Number), ...(file === 'views.db' && { lost: 1, unreadable: 1 }) });
  });

  it('says a published policy that is gone, and one that was altered', async () => {
    const document = "sha256 = (SELECT substr(data, instr(data, '\"document\":\"') + 12, 64) FROM log.events WHERE type = 'PolicyVersionPublished')";
    const attached = (sql: string) => (data: string) => change('vault.db', `ATTACH '${join(data, 'log.db')}' AS log; ${sql}`)(data);
    expect((await spoiled('policy-gone', attached(`DELETE FROM text WHERE ${document}`))).report.byCode).toEqual({ lost: 1 });
    expect((await spoiled('policy-altered', attached(`UPDATE text SET text = text || ' ' WHERE ${document}`))).report.byCode).toEqual({ broken: 1 });
  });

  it('does not take another program’s file for the vault', async () => {
    const { code, err } = await spoiled('vault-foreign', change('vault.db', 'PRAGMA application_id = 7'));
    expect([code, err]).toEqual([1, expect.stringMatching(/^liggare: ".*vault\.db" is not a vault \(hint: .*\)\n$/)]);
  });

  it.each([
    ['no ledger', (data: string) => rmSync(data, { recursive: true })],
    ['no keys', (data: string) => rmSync(`${data}.keys`, { recursive: true })],
    ['no vault', (data: string) => rmSync(join(data, 'vault.db'))],
    ['no name of the ledger', (data: string) => writeFileSync(join(data, 'ledger.json'), '{}')],
  ])('says in a sentence that there is %s', async (name, spoil) => {
    const { code, out, err } = await spoiled(name.replaceAll(/\W/g, '-'), spoil);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/^liggare: .+\n$/);
  });

  it('changes nothing', async () => {
    const before = readFileSync(join(ledger.data, 'log.db'));
    await liggare(['fsck', '--views'], { LIGGARE_DATA: ledger.data });
    expect(readFileSync(join(ledger.data, 'log.db')).equals(before)).toBe(true);
  });
});

describe('rebuild without a server', () => {
  it('makes views that fsck finds to be what the log makes, and is refused while a server has the files', async () => {
    const other = await serveLedger(ledger.directory);
    const elsewhere = await liggare(['rebuild'], { LIGGARE_DATA: ledger.data });
    await other.stop();
    expect(elsewhere).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/^liggare: .*already open for writing.*\n$/) });
    rmSync(join(ledger.data, 'views.db'));
    expect(await liggare(['rebuild'], { LIGGARE_DATA: ledger.data })).toMatchObject({ code: 0, out: expect.stringMatching(/^the views were rebuilt from \d+ events\n$/) });
    expect((await liggare(['fsck', '--views'], { LIGGARE_DATA: ledger.data })).code).toBe(0);
  }, 60_000);
});

describe('the set of ids', () => {
  it('knows those that were added, through growth, and no others', () => {
    const set = new IdSet();
    const id = (n: number): string => `${String(n % 7).repeat(8)}-0000-8000-9${String(n % 1000).padStart(3, '0')}-${n.toString(16).padStart(12, '0')}`;
    for (let n = 0; n < 5_000; n++) expect(set.add(id(n))).toBe(true);
    for (let n = 0; n < 5_000; n++) expect([set.has(id(n)), set.add(id(n))]).toEqual([true, false]);
    expect(set.has(id(5_001))).toBe(false);
    expect(set.size).toBe(5_000);
  });
});

/** Flips one bit wherever the bytes stand in a file: what SQLite moved may still lie where it was. */
function flip(file: string, sought: string | Buffer, offset: number): void {
  const bytes = readFileSync(file);
  let found = bytes.indexOf(sought);
  if (found === -1) throw new Error('the bytes are not in the file');
  for (; found !== -1; found = bytes.indexOf(sought, found + 1)) bytes[found + offset] = (bytes[found + offset] ?? 0) ^ 1;
  writeFileSync(file, bytes);
}
