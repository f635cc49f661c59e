import { existsSync } from 'node:fs';
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

  it.each([
    [{ LIGGARE_PORT: 'http' }, /^LIGGARE_PORT /],
    [{ LIGGARE_PORT: '65536' }, /^LIGGARE_PORT /],
    [{ LIGGARE_PORT: '-1' }, /^LIGGARE_PORT /],
    [{ LIGGARE_LOG: 'esdb://x' }, /^LIGGARE_LOG /],
    [{ LIGGARE_VAULT: 'postgres://x' }, /^LIGGARE_VAULT /],
    [{ LIGGARE_VIEWS: 'disk' }, /^LIGGARE_VIEWS /],
    [{ LIGGARE_VAULT: 'memory:' }, /one engine/],
    [{ LIGGARE_LOG: 'memory:', LIGGARE_VIEWS: 'sqlite:' }, /^LIGGARE_VIEWS /],
  ])('refuses %j in one sentence', (env, sentence) => {
    expect(() => readConfiguration(env)).toThrow(ConfigurationFault);
    expect(() => readConfiguration(env)).toThrow(sentence);
  });
});
