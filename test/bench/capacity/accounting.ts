/** What the operating system says that a process has used: CPU time and memory, which do not depend on who else is on the machine. */
import { readdirSync, readFileSync } from 'node:fs';

/** Of /proc, in ticks a second on every Linux there is. */
const TICKS = 100;

interface Stat {
  readonly parent: number;
  readonly name: string;
  /** Seconds, user and system. */
  readonly own: number;
  /** Of children that have ended and were waited for. */
  readonly ended: number;
}

function statOf(path: string): Stat {
  const text = readFileSync(path, 'utf8');
  const rest = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const seconds = (from: number): number => (Number(rest[from]) + Number(rest[from + 1])) / TICKS;
  return { name: text.slice(text.indexOf('(') + 1, text.lastIndexOf(')')), parent: Number(rest[1]), own: seconds(11), ended: seconds(13) };
}

/** CPU seconds of a process, all its threads. */
export const cpuOf = (pid: number): number => statOf(`/proc/${pid}/stat`).own;

/** CPU seconds of a process and of all children it has or had: a PostgreSQL server with its backends. */
export function cpuOfFamily(pid: number): number {
  const { own, ended } = statOf(`/proc/${pid}/stat`);
  return childrenOf(pid).reduce((sum, child) => sum + child.own, own + ended);
}

export interface Memory {
  /** Bytes now, and at the most. */
  readonly now: number;
  readonly peak: number;
}

export function memoryOf(pid: number): Memory {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const of = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? Number.NaN) * 1024;
  return { now: of('VmRSS'), peak: of('VmHWM') };
}

/** The server that a backend belongs to; undefined when that process is not to be seen from here, as in a container. */
export function serverOf(backend: number): number | undefined {
  try {
    const { name, parent } = statOf(`/proc/${backend}/stat`);
    return name === 'postgres' ? parent : undefined;
  } catch {
    return undefined;
  }
}

function childrenOf(pid: number): readonly Stat[] {
  return readdirSync('/proc').flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return [];
    try {
      const stat = statOf(`/proc/${entry}/stat`);
      return stat.parent === pid ? [stat] : [];
    } catch {
      // It has ended meanwhile.
      return [];
    }
  });
}
