/**
 * `npm run capacity`: what the demo's mix costs on files and on servers, in CPU and bytes, at two sizes, so that what each event costs can be told from what a
 * start does. `--json`: one JSON line a measurement. `-- PEOPLE PEOPLE`: other sizes. What it is for stands in `deploy/capacity.md`.
 */
import { measureFiles } from './on-files.js';
import { measureServers } from './on-servers.js';
import { filesText, serversText } from './report.js';

const isJson = process.argv.includes('--json');
const sizes = process.argv.slice(2).filter((argument) => /^\d+$/.test(argument)).map(Number);
const [small = 300, large = 1_500] = sizes;
const say = (measured: object, text: () => string): void => void process.stdout.write(isJson ? `${JSON.stringify(measured)}\n` : `${text()}\n\n`);

process.stderr.write('on files …\n');
const files = [await measureFiles(small), await measureFiles(large)] as const;
say({ on: 'files', sizes: files }, () => filesText(...files));
process.stderr.write('on servers …\n');
const servers = [await measureServers(small), await measureServers(large)] as const;
const [first, second] = servers;
if ('notRun' in first) process.stdout.write(`not run: on servers (${first.notRun})\n`);
else if ('notRun' in second) process.stdout.write(`not run: on servers (${second.notRun})\n`);
else say({ on: 'servers', sizes: servers }, () => serversText(first, second, files[1].log));
