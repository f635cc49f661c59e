import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readConfiguration } from '#nest/configuration.js';
import { temporaryData } from './server.fixture.js';
import { startServer } from './server.js';

const MAIN = fileURLToPath(new URL('./main.js', import.meta.url));

let place: ReturnType<typeof temporaryData>;
beforeEach(() => {
  place = temporaryData();
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  place.remove();
});

/** What a test that failed may have left running. */
const children: ChildProcess[] = [];

interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

type Environment = Readonly<Record<string, string>>;
const environment = (env: Environment): Record<string, string> => ({ PATH: process.env['PATH'] ?? '', LIGGARE_DATA: place.data, LIGGARE_PORT: '0', ...env });

/** A process that listens; `stop` sends a signal and waits for its end. */
async function running(env: Environment = {}): Promise<{ readonly url: string; readonly out: () => string; stop(signal: NodeJS.Signals): Promise<Run> }> {
  const child = spawn(process.execPath, ['--no-warnings', MAIN], { env: environment(env), stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  let [out, err] = ['', ''];
  const ended = once(child, 'close') as Promise<[number | null]>;
  child.stderr.on('data', (part: Buffer) => (err += part.toString()));
  const listening = new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (part: Buffer) => {
      out += part.toString();
      if (out.includes('token ')) resolve();
    });
    void ended.then(() => reject(new Error(`ended: ${err}`)));
  });
  await listening;
  return {
    url: /http:\/\/[^/]+/.exec(out)?.[0] ?? '',
    out: () => out,
    stop: async (signal) => {
      child.kill(signal);
      const [code] = await ended;
      return { code, out, err };
    },
  };
}

/** A process that cannot start. */
function failing(env: Environment = {}): Run {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--no-warnings', MAIN], { env: environment(env), encoding: 'utf8', timeout: 20_000 });
  return { code: status, out: stdout, err: stderr };
}

/** One sentence for people, and nothing of how the program is made. */
function expectOneSentence({ err, out }: Run, sentence: RegExp): void {
  expect(err).toMatch(sentence);
  expect(err.trimEnd().split('\n')).toHaveLength(1);
  expect(err + out).not.toMatch(/\n\s+at |node:internal|file:\/\//);
}

describe('the process', () => {
  it('says where it is, keeps its first token, and ends with 0 on a signal', async () => {
    const first = await running();
    expect(first.out()).toContain(`${first.url}/docs`);
    expect(first.out()).toContain(join(place.data, 'token'));
    const token = readFileSync(join(place.data, 'token'), 'utf8').trim();
    expect(statSync(join(place.data, 'token')).mode & 0o777).toBe(0o600);
    expect(first.out()).not.toContain(token);
    expect((await fetch(`${first.url}/v1/status`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
    expect((await first.stop('SIGTERM')).code).toBe(0);

    const second = await running();
    expect((await fetch(`${second.url}/v1/status`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
    const ended = await second.stop('SIGINT');
    expect([ended.code, ended.err]).toEqual([0, '']);
    expect(readFileSync(join(place.data, 'token'), 'utf8').trim()).toBe(token);
    // The last one out takes the log of what was written along.
    for (const name of ['log.db', 'vault.db', 'views.db']) expect([name, existsSync(join(place.data, `${name}-wal`))]).toEqual([name, false]);
  });

  it('makes no second token for an officer who removed the file', async () => {
    const configuration = readConfiguration(environment({}));
    const quiet = { writeLog: () => undefined };
    const first = await startServer(configuration, quiet);
    await first.parts.vault.createActor({ name: 'somebody', role: 'officer' });
    await first.close();
    rmSync(join(place.data, 'token'));
    const second = await startServer(configuration, quiet);
    expect(second.firstToken).toBeUndefined();
    await second.close();
  });

  it('refuses a wrong value with exit code 2', () => {
    const run = failing({ LIGGARE_PORT: 'http' });
    expect(run.code).toBe(2);
    expectOneSentence(run, /^liggare: LIGGARE_PORT is a number/);
    expect(existsSync(place.data)).toBe(false);
  });

  it('refuses a policy with errors, naming line and field, and leaves nothing half made', async () => {
    mkdirSync(place.data, { recursive: true });
    const file = join(place.data, '..', 'policy.yaml');
    writeFileSync(file, 'id: x\nversion: 7\n');
    const run = failing({ LIGGARE_POLICY: file });
    expect(run.code).toBe(1);
    expectOneSentence(run, /^liggare: the policy ".*" has errors: line \d+, column \d+: /);
    expectOneSentence(failing({ LIGGARE_POLICY: `${file}.no` }), /^liggare: could not use ".*": .*\(ENOENT\)/);
    expect((await (await running()).stop('SIGTERM')).code).toBe(0);
  });

  it('refuses a published version with other content', async () => {
    await (await running()).stop('SIGTERM');
    const file = join(place.data, '..', 'policy.yaml');
    writeFileSync(file, `${readFileSync(readConfiguration({}).policy, 'utf8')}# changed\n`);
    expectOneSentence(failing({ LIGGARE_POLICY: file }), /differs from version asurgent-2018-05-25 as it was published/);
  });

  it('refuses a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const run = failing({ LIGGARE_PORT: String((other.address() as AddressInfo).port) });
    other.close();
    expect(run.code).toBe(1);
    expectOneSentence(run, /^liggare: port \d+ on 127\.0\.0\.1 is taken/);
  });

  it('refuses stores that are open already, damaged views, and a directory it may not write', async () => {
    const first = await running();
    expectOneSentence(failing(), /already open for writing/);
    await first.stop('SIGTERM');
    const views = join(place.data, 'views.db');
    writeFileSync(views, 'x'.repeat(5_000));
    expectOneSentence(failing(), /views/);
    const closed = join(place.data, '..', 'closed');
    mkdirSync(closed);
    chmodSync(closed, 0o500);
    // Root may write anywhere: there a file stands in the way instead.
    const isRoot = process.getuid?.() === 0;
    if (isRoot) writeFileSync(join(closed, 'data'), '');
    expectOneSentence(failing({ LIGGARE_DATA: join(closed, 'data') }), /^liggare: could not use /);
    chmodSync(closed, 0o700);
  });
});

describe('main.ts', () => {
  it('imports nothing before it has looked at the version of Node', () => {
    const source = readFileSync(MAIN, 'utf8');
    expect(source).not.toMatch(/^\s*import\s[^(]/m);
    expect(source.indexOf('process.versions.node')).toBeLessThan(source.indexOf('await import('));
  });
});
