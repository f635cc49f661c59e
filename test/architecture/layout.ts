/** Where files may lie (`architecture.md` §5). */
const TOP = new Set(['apps', 'libs', 'deploy', 'test', 'nest-cli.json', 'package.json', 'package-lock.json', 'tsconfig.json', 'README.md']);
const ROOMS = new Set(['audit', 'event-store', 'postgres', 'vault', 'projection', 'law', 'policy', 'ledger', 'nest']);
const APPS = new Set(['api', 'projector', 'console', 'cli']);
/** What a folder is called when nobody knew what it is about. */
const NAMELESS = /(^|\/)(common|shared|core|utils?|helpers?|misc|lib)(\/|$)/;

/** `paths`: files that git tracks, from the repository's root. */
export function layoutFaults(paths: readonly string[]): readonly string[] {
  const faults: string[] = [];
  for (const path of paths) {
    const [top = '', room = ''] = path.split('/');
    if (!top.startsWith('.') && !TOP.has(top)) faults.push(`${path}: nothing of this name belongs at the top`);
    if (top === 'libs' && !ROOMS.has(room)) faults.push(`${path}: libs has no room ${room}`);
    if (top === 'apps' && !APPS.has(room)) faults.push(`${path}: apps has no room ${room}`);
    if (NAMELESS.test(path.slice(0, path.lastIndexOf('/')))) faults.push(`${path}: a folder is named for what it is about`);
    if (/^libs\/ledger\/.*\/?index\.ts$/.test(path)) faults.push(`${path}: a barrel`);
  }
  return faults;
}
