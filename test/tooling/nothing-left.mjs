import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';

/** Fails the run when a test left a file in its temporary directory or a process that was started with it. */
export default function nothingLeft() {
  const directory = tmpdir();
  const processes = startedWith(`TMPDIR=${directory}`);
  // Testcontainers takes turns with itself by a lock file that it keeps.
  const files = readdirSync(directory).filter((name) => !/^testcontainers-node-\d+\.lock$/.test(name));
  rmSync(directory, { recursive: true, force: true });
  if (processes.length > 0) throw new Error(`tests left processes running: ${processes.join(', ')}`);
  if (files.length > 0) throw new Error(`tests left files in their temporary directory: ${files.join(', ')}`);
}

/** Living processes but this one with a setting in their environment. Told by /proc, so only where there is one. */
function startedWith(setting) {
  let ids;
  try {
    ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  } catch {
    return [];
  }
  return ids.flatMap((id) => {
    try {
      if (/^State:\s+Z/m.test(readFileSync(`/proc/${id}/status`, 'utf8'))) return [];
      if (!readFileSync(`/proc/${id}/environ`, 'utf8').split('\0').includes(setting)) return [];
      return [`${id} (${readFileSync(`/proc/${id}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()})`];
    } catch {
      return [];
    }
  });
}
