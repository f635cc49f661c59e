/**
 * Completes package-lock.json after packages were added: some registries leave out the binaries of other platforms, npm then
 * writes a lock file without them, and `npm ci` refuses it. Each missing optional package gets the entry that npm itself keeps
 * for a platform it does not install. Safe to run twice.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const file = new URL('../../package-lock.json', import.meta.url);
const systems = { darwin: 'darwin', win32: 'win32', win: 'win32', windows: 'win32', linux: 'linux', android: 'android', freebsd: 'freebsd', openbsd: 'openbsd', netbsd: 'netbsd', openharmony: 'openharmony', sunos: 'sunos', aix: 'aix' };
const processors = { arm64: 'arm64', aarch64: 'arm64', x64: 'x64', x86_64: 'x64', ia32: 'ia32', arm: 'arm', armv7: 'arm', ppc64: 'ppc64', s390x: 's390x', riscv64: 'riscv64', loong64: 'loong64', wasm32: 'wasm32' };

const lock = JSON.parse(readFileSync(file, 'utf8'));
const added = [];
for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (isLocked(path, name)) continue;
    if (!/^\d+\.\d+\.\d+/.test(version)) throw new Error(`${path} asks for ${name}@${version}: not an exact version, so no entry can be made for it`);
    const words = name.replace(/^@[^/]+\//, '').split(/[-_.]/);
    const os = words.map((word) => systems[word]).find(Boolean);
    const cpu = words.map((word) => processors[word]).find(Boolean);
    lock.packages[`node_modules/${name}`] = { version, ...(cpu && { cpu: [cpu] }), ...(entry.dev && { dev: true }), optional: true, ...(os && { os: [os] }) };
    added.push(name);
  }
}
const { '': root, ...others } = lock.packages;
lock.packages = { '': root, ...Object.fromEntries(Object.entries(others).sort(([a], [b]) => a.localeCompare(b, 'en'))) };
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(added.length === 0 ? 'the lock file was complete' : `added ${added.length}: ${added.join(' ')}`);

/** Whether npm would find `name` from `path`: in its own node_modules or in one further up. */
function isLocked(path, name) {
  for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    if (lock.packages[`${at ? `${at}/` : ''}node_modules/${name}`]) return true;
    if (at === '') return false;
    if (!at.includes('/node_modules/')) at = '';
    if (at === '') return Boolean(lock.packages[`node_modules/${name}`]);
  }
}
