import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ConfigurationFault, readConfiguration } from './configuration.js';

describe('readConfiguration', () => {
  it('has a default for everything', () => {
    const found = readConfiguration({});
    expect(found).toMatchObject({ host: '127.0.0.1', port: 8420, log: { engine: 'sqlite' }, vault: { engine: 'sqlite' }, views: { engine: 'sqlite' } });
    expect(found.keys).toBe(`${found.data}.keys`);
    expect(existsSync(found.policy)).toBe(true);
  });

  it('puts the stores in the data directory, and the keys beside it', () => {
    expect(readConfiguration({ LIGGARE_DATA: '/srv/x', LIGGARE_PORT: '0', LIGGARE_HOST: '::1' })).toMatchObject({
      data: '/srv/x', keys: '/srv/x.keys', port: 0, host: '::1', log: { file: '/srv/x/log.db' }, vault: { file: '/srv/x/vault.db' }, views: { file: '/srv/x/views.db' },
    });
    expect(readConfiguration({ LIGGARE_LOG: 'sqlite:/srv/l.db', LIGGARE_MASTER_KEY: '/srv/k' })).toMatchObject({ log: { file: '/srv/l.db' }, keys: '/srv/k' });
  });

  it('lets the vault and the views follow the log into memory', () => {
    expect(readConfiguration({ LIGGARE_LOG: 'memory:' })).toMatchObject({ log: { engine: 'memory' }, vault: { engine: 'memory' }, views: { engine: 'memory' } });
    expect(readConfiguration({ LIGGARE_VIEWS: 'memory:' })).toMatchObject({ log: { engine: 'sqlite' }, views: { engine: 'memory' } });
  });

  it('takes servers, whose URLs may lie in files', () => {
    const url = 'esdb+discover://liggare:secret@a:2113,b:2113?tls=true';
    const database = 'postgresql://liggare@db/liggare';
    const directory = mkdtempSync(join(tmpdir(), 'liggare-configuration-'));
    writeFileSync(join(directory, 'log'), `${url}\n`);
    const found = readConfiguration({ LIGGARE_LOG_FILE: join(directory, 'log'), LIGGARE_VAULT: database, LIGGARE_VIEWS: database });
    rmSync(directory, { recursive: true });
    expect(found).toMatchObject({ log: { engine: 'esdb', url }, vault: { engine: 'postgres', url: database }, views: { engine: 'postgres', url: database } });
  });

  it('never repeats a URL in a fault: it may hold a password', () => {
    for (const env of [{ LIGGARE_LOG: 'esdb://a:secret@b' }, { LIGGARE_LOG: 'http://a:secret@b' }, { LIGGARE_VAULT: 'postgres://a:secret@b/c' }]) {
      expect(() => readConfiguration(env)).toThrow(ConfigurationFault);
      expect(() => readConfiguration(env)).not.toThrow(/secret/);
    }
  });

  it.each([
    [{ LIGGARE_PORT: 'http' }, /^LIGGARE_PORT /],
    [{ LIGGARE_PORT: '65536' }, /^LIGGARE_PORT /],
    [{ LIGGARE_PORT: '-1' }, /^LIGGARE_PORT /],
    [{ LIGGARE_LOG: 'esdb:' }, /^LIGGARE_LOG is "sqlite:"/],
    [{ LIGGARE_LOG: 'esdb://x' }, /^LIGGARE_VAULT is "postgres/],
    [{ LIGGARE_LOG: 'esdb://x', LIGGARE_VAULT: 'postgres://x/l' }, /^LIGGARE_VIEWS is "postgres/],
    [{ LIGGARE_LOG: 'esdb://x', LIGGARE_VAULT: 'sqlite:', LIGGARE_VIEWS: 'postgres://x/l' }, /goes with LIGGARE_VAULT=postgres/],
    [{ LIGGARE_VAULT: 'postgres://x/l' }, /goes with LIGGARE_VAULT=postgres/],
    [{ LIGGARE_LOG_FILE: '/nowhere/url' }, /^LIGGARE_LOG_FILE names/],
    [{ LIGGARE_LOG: 'sqlite:', LIGGARE_LOG_FILE: '/nowhere/url' }, /both set/],
    [{ LIGGARE_VIEWS: 'disk' }, /^LIGGARE_VIEWS /],
    [{ LIGGARE_VAULT: 'memory:' }, /one engine/],
    [{ LIGGARE_LOG: 'memory:', LIGGARE_VIEWS: 'sqlite:' }, /^LIGGARE_VIEWS /],
  ])('refuses %j in one sentence', (env, sentence) => {
    expect(() => readConfiguration(env)).toThrow(ConfigurationFault);
    expect(() => readConfiguration(env)).toThrow(sentence);
  });
});
