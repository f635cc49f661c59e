#!/usr/bin/env node
/**
 * Runs on any Node: finds the pinned one that came with `npm ci` and lets it do the work, since the ledger needs what only that has.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

const main = new URL('../../../dist/apps/cli/src/main.js', import.meta.url);
const pinned = fileURLToPath(new URL(`../../../node_modules/.bin/node${process.platform === 'win32' ? '.cmd' : ''}`, import.meta.url));
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (!existsSync(main)) {
  fail('liggare is not built yet (hint: npm run build)');
} else if (major > 24 || (major === 24 && minor >= 9)) {
  await import(main.href);
} else if (!existsSync(pinned)) {
  fail(`liggare needs Node 24.9 or newer, this is ${process.versions.node}, and the one that belongs to it is missing (hint: npm ci)`);
} else {
  runPinned();
}

function runPinned() {
  const child = spawn(pinned, [fileURLToPath(main), ...process.argv.slice(2)], { stdio: 'inherit', shell: process.platform === 'win32' });
  // Ctrl-C in a terminal reaches the child by itself: passed on, it would count as the second one, which stops at once.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(`could not start ${pinned}: ${error.message} (hint: npm ci)`));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal ?? 'SIGTERM'] ?? 0)));
}

function fail(sentence) {
  process.stderr.write(`liggare: ${sentence}\n`);
  process.exitCode = 1;
}
