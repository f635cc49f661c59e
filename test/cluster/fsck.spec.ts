import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isLeftOut } from '#postgres/postgres.suite.js';
import { liggare, type Ran } from '../../apps/cli/src/cli.examples.js';
import { CommandMaker, randomFrom, SYSTEM } from '../crash/commands.js';
import { Cluster } from './cluster.js';

interface Report {
  readonly clean: boolean;
  readonly byCode: Readonly<Record<string, number>>;
  readonly events: number;
  readonly values: number;
  readonly viewRows: number;
}

describe('fsck of a ledger on servers', () => {
  if (isLeftOut()) return;
  let cluster: Cluster;
  beforeAll(async () => {
    const started = await Cluster.start({ apis: 1, projectors: 1 });
    if ('notRun' in started) throw new Error(`not run: PostgreSQL (${started.notRun})`);
    cluster = started;
    await told(40);
  }, 180_000);
  afterAll(async () => cluster.stop(), 60_000);

  let made = 0;
  async function told(count: number): Promise<void> {
    const [node] = cluster.apis;
    if (node === undefined) throw new Error('there is a node');
    const token = await node.upstream(SYSTEM);
    const maker = new CommandMaker(randomFrom(7), `f${made++}`);
    for (let n = 0; n < count; n++) {
      const { id, name, body } = maker.next();
      const { status } = await node.call('POST', `/v1/commands/${name}`, body, { token, headers: { 'idempotency-key': id } });
      expect(status).toBe(200);
    }
  }
  const fsck = (env = cluster.env): Promise<Ran> => liggare(['fsck', '--views', '--json'], env);
  const change = (text: string): Promise<unknown> => cluster.postgres.ask(String(cluster.env['LIGGARE_VAULT']), text);

  it('finds nothing wrong beside running nodes that write meanwhile', async () => {
    const [{ code, out, err }] = await Promise.all([fsck(), told(20)]);
    expect([code, err]).toEqual([0, '']);
    const report = JSON.parse(out) as Report;
    expect(report).toMatchObject({ clean: true, byCode: {} });
    expect(report.events).toBeGreaterThan(40);
    expect(report.values).toBeGreaterThan(10);
    expect(report.viewRows).toBeGreaterThan(40);
  }, 60_000);

  it('says rows of a view that the log does not make', async () => {
    await change("UPDATE liggare_views.record_entry SET body = '{}'");
    const { code, out } = await fsck();
    expect([code, Object.keys((JSON.parse(out) as Report).byCode)]).toEqual([4, ['view-differs']]);
  }, 60_000);

  it('says values that are gone or do not open', async () => {
    await change("WITH one AS (SELECT event, slot FROM liggare_vault.value WHERE slot <> 'actor' ORDER BY event LIMIT 1) DELETE FROM liggare_vault.value USING one WHERE value.event = one.event AND value.slot = one.slot");
    await change("WITH one AS (SELECT event, slot FROM liggare_vault.value WHERE slot LIKE 'value%' ORDER BY event LIMIT 1) UPDATE liggare_vault.value SET bytes = set_byte(bytes, 60, 255 - get_byte(bytes, 60)) FROM one WHERE value.event = one.event AND value.slot = one.slot");
    const { code, out } = await liggare(['fsck', '--json'], cluster.env);
    expect([code, (JSON.parse(out) as Report).byCode]).toEqual([4, { lost: 1, broken: 1 }]);
  }, 60_000);

  it('makes no ledger where there is none', async () => {
    const empty = await cluster.postgres.newDatabase();
    const { code, err } = await fsck({ ...cluster.env, LIGGARE_VAULT: empty, LIGGARE_VIEWS: empty });
    expect([code, err]).toEqual([1, expect.stringContaining('there is no ledger in this PostgreSQL database')]);
    expect(await cluster.postgres.ask(empty, "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'liggare%'")).toEqual([]);
  }, 60_000);
});
