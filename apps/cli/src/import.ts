/** `liggare import`: a file of commands, one CloudEvent a line, to a running server. */
import { createReadStream, createWriteStream, openSync, statSync, type WriteStream } from 'node:fs';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { CliFault, EXIT, fileFault, type ExitCode } from './fault.js';
import { announceStop, onInterrupt } from './interrupt.js';
import { grouped, perSecond, showProgress } from './progress.js';
import { sendLines, type Sending } from './send-lines.js';
import { serverFrom, type Environment, type ServerOptions } from './server.js';
import type { Tally, TallyReport } from './tally.js';

export interface ImportOptions extends ServerOptions {
  readonly answers?: string;
  readonly json?: true;
}

export async function importFile(file: string, options: ImportOptions, env: Environment): Promise<ExitCode> {
  const server = serverFrom(options, env);
  const input = openInput(file);
  const answers = options.answers === undefined ? undefined : await openOutput(options.answers);
  const interrupt = onInterrupt();
  announceStop(interrupt.signal);
  const startedMs = performance.now();
  let progress: ReturnType<typeof showProgress> | undefined;
  try {
    const tally = await sendLines(server, input.stream, {
      signal: interrupt.signal,
      onStart: (sending) => (progress = showProgress(process.stderr, () => progressLine(sending, input.size, startedMs))),
      ...(answers !== undefined && { onAnswer: (_answer, text) => writeLine(answers, text) }),
    }).catch((error: unknown) => {
      throw fileFault(file, error) ?? error;
    });
    progress?.end();
    return conclude(tally, { isStopped: interrupt.signal.aborted, tookMs: performance.now() - startedMs, asJson: options.json === true });
  } finally {
    progress?.end();
    interrupt.release();
    if (answers !== undefined) await new Promise((closed) => answers.end(closed));
  }
}

function openInput(file: string): { readonly stream: Readable; readonly size?: number } {
  if (file === '-') {
    if (process.stdin.isTTY === true) process.stderr.write('reading commands from the terminal, one a line; Ctrl-D ends\n');
    return { stream: process.stdin };
  }
  try {
    const found = statSync(file);
    if (found.isDirectory()) throw new CliFault(`could not read "${file}": it is a directory`);
    const stream = createReadStream(file, { fd: openSync(file, 'r'), highWaterMark: 256 * 1024 });
    return { stream, ...(found.isFile() && { size: found.size }) };
  } catch (error) {
    throw fileFault(file, error) ?? error;
  }
}

async function openOutput(file: string): Promise<WriteStream> {
  try {
    const stream = createWriteStream(file, { fd: openSync(file, 'w', 0o600) });
    stream.on('error', (error) => {
      throw fileFault(file, error) ?? error;
    });
    return stream;
  } catch (error) {
    throw fileFault(file, error) ?? error;
  }
}

async function writeLine(stream: WriteStream, text: string): Promise<void> {
  if (!stream.write(`${text}\n`)) await once(stream, 'drain');
}

function progressLine({ tally, sent }: Sending, size: number | undefined, startedMs: number): string {
  const { recorded, unchanged, duplicate, blocked, refused } = tally.report();
  const share = size === undefined || size === 0 ? '' : ` ${String(Math.floor((100 * sent.bytes) / size)).padStart(3)} %`;
  return `import${share} ${grouped(tally.answered)} lines ${perSecond(tally.answered, startedMs, performance.now())}  recorded ${grouped(recorded)}  unchanged ${grouped(unchanged)}  duplicate ${grouped(duplicate)}  blocked ${grouped(blocked)}  refused ${grouped(refused)}`;
}

function conclude(tally: Tally, { isStopped, tookMs, asJson }: { isStopped: boolean; tookMs: number; asJson: boolean }): ExitCode {
  const report = tally.report();
  const seconds = tookMs / 1000;
  process.stdout.write(asJson ? `${JSON.stringify({ ...report, stopped: isStopped, lastLine: tally.lastLine, seconds: Number(seconds.toFixed(3)) })}\n` : `${summary(report, seconds)}\n`);
  if (isStopped) {
    process.stderr.write(`stopped: every line up to ${tally.lastLine} was answered (hint: run the same import again to go on)\n`);
    return EXIT.interrupted;
  }
  if (report.unavailable > 0) throw new CliFault(`${grouped(report.unavailable)} lines could not be recorded just now (hint: run the same import again, what was recorded is answered as a duplicate)`);
  if (report.refused > 0) return EXIT.refused;
  return report.blocked > 0 ? EXIT.blocked : EXIT.done;
}

/** The summary in words; the refused by code, with the first lines of each. */
export function summary(report: TallyReport, seconds: number): string {
  const unjustified = report.unjustified > 0 ? `  (${grouped(report.unjustified)} of them not justified)` : '';
  const head = [
    `${grouped(report.answered)} lines in ${seconds.toFixed(1)} s`,
    `  recorded   ${grouped(report.recorded).padStart(9)}${unjustified}`,
    `  unchanged  ${grouped(report.unchanged).padStart(9)}`,
    `  duplicate  ${grouped(report.duplicate).padStart(9)}`,
    `  blocked    ${grouped(report.blocked).padStart(9)}`,
    `  refused    ${grouped(report.refused).padStart(9)}`,
  ];
  const width = Math.max(0, ...report.refusedBy.map(({ code }) => code.length));
  const refused = report.refusedBy.flatMap(({ code, title, count, lines }) => [
    `    ${grouped(count).padStart(7)}  ${code.padEnd(width)}  ${count > lines.length ? 'first at lines' : lines.length === 1 ? 'line' : 'lines'} ${lines.join(', ')}`,
    ...(title === '' ? [] : [`             ${title}`]),
  ]);
  return [...head, ...refused].join('\n');
}
