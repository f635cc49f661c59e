/** The rules of the house (`architecture.md` §5). Each is shown to see a planted violation, then that the house has none. */
import 'reflect-metadata';
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { CommandHandler } from '@nestjs/cqrs';
import { catalogue } from '#ledger/catalogue.js';
import { eventTypes } from '#ledger/event-types.js';
import { codeFaults } from './architecture/code-rules.js';
import { commandClasses, handledCommands, onceEachFaults } from './architecture/commands.js';
import { importFaults, reachedFrom } from './architecture/imports.js';
import { layoutFaults } from './architecture/layout.js';
import { schemaFaults } from './architecture/schemas.js';
import { readSources, root, sourceOf, type Source } from './architecture/sources.js';

const sources = readSources();
const standing = new Set(importFaults(sources));
/** The faults that come with more sources. */
const planted = (...more: readonly Source[]): readonly string[] => importFaults([...sources, ...more]).filter((fault) => !standing.has(fault));

describe('imports', () => {
  it('follow the table', () => {
    expect([...standing]).toEqual([]);
  });

  it.each([
    ['audit imports nothing', 'libs/audit/src/x.ts', "import { createHash } from 'node:crypto';"],
    ['law imports no other lib', 'libs/law/src/x.ts', "import type { Policy } from '#policy/policy.js';"],
    ['policy does not know the ledger', 'libs/policy/src/x.ts', "import { refusals } from '#ledger/refusals.js';"],
    ['the port of the log knows no driver', 'libs/event-store/src/x.ts', "import { DatabaseSync } from 'node:sqlite';"],
    ['the log knows no other lib', 'libs/event-store/src/sqlite/x.ts', "import { canonical } from '#audit/canonical.js';"],
    ['the vault does not reach behind the port of the log', 'libs/vault/src/x.ts', "import { LogWriter } from '#event-store/sqlite/log-writer.js';"],
    ['projection does not know the ledger', 'libs/projection/src/x.ts', "import type { Envelope } from '#ledger/envelope.js';"],
    ['the ledger does not know Nest', 'libs/ledger/src/x.ts', "import { Injectable } from '@nestjs/common';"],
    ['the ledger opens no file', 'libs/ledger/src/x.ts', "import { readFileSync } from 'node:fs';"],
    ['the ledger knows no engine', 'libs/ledger/src/x.ts', "import { MemoryEventStore } from '#event-store/memory/memory-event-store.js';"],
    ['the ledger uses no rxjs', 'libs/ledger/src/x.ts', "import { map } from 'rxjs';"],
    ['a re-export counts', 'libs/ledger/src/x.ts', "export { readFileSync } from 'node:fs';"],
    ['a dynamic import counts', 'libs/ledger/src/x.ts', "const fs = await import('node:fs');"],
    ['a computed import is nowhere allowed in the ledger', 'libs/ledger/src/x.ts', 'const x = await import(name);'],
    ['a type by import() counts', 'libs/law/src/x.ts', "let x: import('node:fs').Stats;"],
    ['nest does not know the ledger', 'libs/nest/src/x.ts', "import { Ledger } from '#ledger/ledger.js';"],
    ['the server knows no driver', 'apps/api/src/x.ts', "import { DatabaseSync } from 'node:sqlite';"],
    ['no file leads to a test', 'libs/ledger/src/x.ts', "import { x } from './y.examples.js';"],
    ['every import leads to a file', 'libs/ledger/src/x.ts', "import { x } from './nowhere.js';"],
  ])('%s', (_rule, path, text) => {
    const found = planted(sourceOf(path, text), sourceOf('libs/ledger/src/y.examples.ts', ''));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(new RegExp(`^${path}:1 `));
  });

  it('keep a pure file from going round by a controller', () => {
    const controller = sourceOf('libs/ledger/src/x.controller.ts', "import { Controller } from '@nestjs/common';");
    expect(planted(controller)).toEqual([]);
    expect(planted(controller, sourceOf('libs/ledger/src/x.ts', "import { X } from './x.controller.js';"))).toEqual([
      'libs/ledger/src/x.ts:1 may not import ./x.controller.js',
    ]);
  });

  it('keep Nest out of whatever the command line loads, but for the server that `serve` starts', () => {
    const chain = [sourceOf('libs/nest/src/x.ts', "import { Logger } from '@nestjs/common';"), sourceOf('libs/nest/src/y.ts', "export { x } from './x.js';")];
    const cli = (text: string): Source => sourceOf('apps/cli/src/x.ts', text);
    expect(planted(...chain, cli("import { x } from '#nest/y.js';"))).toEqual([
      'the command line reaches @nestjs/common by apps/cli/src/x.ts → libs/nest/src/y.ts → libs/nest/src/x.ts',
    ]);
    const server = sourceOf('apps/api/src/x.ts', "import { Logger } from '@nestjs/common';");
    expect(planted(server, cli("const { startServer } = await import('../../api/src/x.js');"))).toEqual([]);
    expect(planted(server, cli("import { startServer } from '../../api/src/x.js';"))).toHaveLength(2);
  });
});

describe('code', () => {
  it('keeps the rules of the house', () => {
    expect(sources.flatMap(codeFaults)).toEqual([]);
  });

  it.each([
    ['new Date()', 'const at = new Date();'],
    ['Date()', 'const at = Date();'],
    ['Date.now', 'const at = Date.now();'],
    ['Date.now handed on', 'const clock = { now: Date.now };'],
    ['globalThis.Date.now', 'const at = globalThis.Date.now();'],
    ['performance.now', 'const at = performance.now();'],
    ['Math.random', 'const chance = Math.random();'],
    ['randomUUID', 'const id = randomUUID();'],
    ['crypto.randomUUID', 'const id = crypto.randomUUID();'],
    ['process.env', "const where = process.env['HOME'];"],
    ["the machine's time zone", "const format = new Intl.DateTimeFormat('sv-SE');"],
  ])('sees %s in a pure file', (_what, text) => {
    for (const path of ['libs/ledger/src/subject/x.ts', 'libs/law/src/x.ts', 'libs/policy/src/x.ts', 'libs/audit/src/x.ts']) expect(codeFaults(sourceOf(path, text))).toHaveLength(1);
    expect(codeFaults(sourceOf('libs/ledger/src/x.controller.ts', text))).toEqual([]);
    expect(codeFaults(sourceOf('libs/ledger/src/x.spec.ts', text))).toEqual([]);
  });

  it('leaves given instants and named zones alone', () => {
    expect(codeFaults(sourceOf('libs/law/src/x.ts', "const a = new Date(0); const b = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Stockholm' });"))).toEqual([]);
  });

  it.each([
    ['has a default export', 'export default class {}'],
    ['has a default export', 'export default 1;'],
    ['hands on what another file exports: a barrel', "export { x } from './y.js';"],
    ['says any', 'const x: any = 1;'],
    ['casts through unknown', 'const x = 1 as unknown as string;'],
    ['leaves tests out', `it.${'skip'}('x', () => {});`],
    ['leaves tests out', `describe.${'only'}('x', () => {});`],
    ['leaves tests out', `it.${'to'}${'do'}('x');`],
    ["leaves work undone without an issue's number", `// ${'TO'}DO later`],
    ["names a path of somebody's machine", `const x = '/${'home'}/somebody/x';`],
  ])('%s: seen', (what, text) => {
    expect(codeFaults(sourceOf('libs/ledger/src/x.ts', text))).toEqual([`libs/ledger/src/x.ts:1 ${what}`]);
  });
});

describe('files', () => {
  it('lie where they belong', () => {
    const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' });
    expect(layoutFaults(tracked.split('\n').filter((path) => path !== ''))).toEqual([]);
  });

  it.each(['scripts/x.ts', 'libs/common/src/x.ts', 'libs/ledger/src/utils/x.ts', 'apps/tool/src/x.ts', 'libs/ledger/src/subject/index.ts', 'LICENSE'])('sees %s', (path) => {
    expect(layoutFaults([path])).not.toEqual([]);
  });

  it('leaves dotfiles alone', () => {
    expect(layoutFaults(['.ci/run', '.npmrc', 'libs/audit/src/leaf.ts'])).toEqual([]);
  });
});

describe('event schemas', () => {
  it('have no place for a string outside a sealed slot', () => {
    expect(eventTypes.size).toBeGreaterThan(20);
    expect(schemaFaults(eventTypes)).toEqual([]);
  });

  it.each([
    ['a string', { reason: { kind: 'string' } }],
    ['a string in a list', { reasons: { kind: 'list', of: { kind: 'text' } } }],
    ['a string in an optional object', { told: { kind: 'optional', of: { kind: 'object', members: { by: { kind: 'string' } } } } }],
    ['an enumeration of sentences', { why: { kind: 'oneOf', values: ['Because they said so'] } }],
    ['an enumeration of nothing', { why: { kind: 'oneOf', values: [] } }],
    ['no schema', undefined],
  ])('%s is seen', (_what, members) => {
    expect(schemaFaults(new Map([['Planted', { version: 1, members }]]))).toHaveLength(1);
  });
});

describe('commands', () => {
  const classes = commandClasses(sources);
  const entries = sources.filter(({ path }) => path === 'libs/ledger/src/catalogue.ts' || (path.startsWith('libs/ledger/src/') && path.endsWith('.entries.ts'))).map(({ text }) => text).join('\n');
  const listed = [...entries.matchAll(/about(?:Subject|Stream)\(\s*(\w+),|^ {2}type: (\w+),/gm)].map(([, about, own]) => about ?? own ?? '');

  it('stand in the catalogue once each', () => {
    expect(classes.length).toBeGreaterThan(20);
    expect(onceEachFaults(classes, listed, 'in the catalogue')).toEqual([]);
    expect([...catalogue.keys()].sort()).toEqual([...classes].sort());
  });

  it('are seen when they are nowhere, twice, or only in the catalogue', () => {
    const more = commandClasses([...sources, sourceOf('libs/ledger/src/subject/x.command.ts', 'export class ForgetMe extends SubjectCommand {}')]);
    expect(onceEachFaults(more, listed, 'in the catalogue')).toEqual(['ForgetMe is 0 times in the catalogue']);
    expect(onceEachFaults(classes, [...listed, 'GiveConsent'], 'in the catalogue')).toEqual(['GiveConsent is 2 times in the catalogue']);
    expect(onceEachFaults(classes, [...listed, 'Other'], 'in the catalogue')).toEqual(['Other is in the catalogue, but no file declares such a command']);
  });

  const moduleFiles = sources.map(({ path }) => path).filter((path) => /^libs\/ledger\/.*\.module\.ts$/.test(path));
  const handled = async (): Promise<readonly string[]> => {
    const loaded = await Promise.all(moduleFiles.map((path) => import(new URL(`../${path.replace(/\.ts$/, '.js')}`, import.meta.url).href) as Promise<object>));
    return handledCommands(loaded.flatMap((exported) => Object.values(exported).filter((value): value is object => typeof value === 'function')));
  };

  it('have one handler each, in a module that the server loads', async () => {
    expect(onceEachFaults(classes, await handled(), 'handled')).toEqual([]);
    const served = reachedFrom(sources, 'apps/api/src/main.ts');
    expect(moduleFiles.filter((path) => !served.has(path))).toEqual([]);
  });

  it('are seen when they have no handler, or two', () => {
    class ForgetMe {}
    @CommandHandler(ForgetMe)
    class First {}
    @CommandHandler(ForgetMe)
    class Second {}
    @Module({ providers: [First, { provide: 'other', useValue: 1 }] })
    class One {}
    @Module({ providers: [Second] })
    class Two {}
    expect(onceEachFaults(['ForgetMe'], handledCommands([]), 'handled')).toEqual(['ForgetMe is 0 times handled']);
    expect(onceEachFaults(['ForgetMe'], handledCommands([One]), 'handled')).toEqual([]);
    expect(onceEachFaults(['ForgetMe'], handledCommands([One, Two]), 'handled')).toEqual(['ForgetMe is 2 times handled']);
  });
});
