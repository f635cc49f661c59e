/** The demo's mix of commands, sealed ones, asks and faulty lines included, told to a ledger as its systems tell it. */
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import { sendLines } from '../../../apps/cli/src/send-lines.js';
import type { ServerProcess } from '../../crash/server.js';
import { readCodes } from '../../demo/codes.js';
import { SENDERS } from '../../demo/step.js';
import { generateUpstream } from '../../demo/upstream.js';

const POLICY = fileURLToPath(new URL('../../../../deploy/policy/asurgent.yaml', import.meta.url));
const PATIENCE_MS = 300_000;

export interface Told {
  readonly lines: number;
  readonly recorded: number;
  readonly seconds: number;
}

export async function tellMix(server: ServerProcess, people: number): Promise<Told> {
  const upstream = generateUpstream({ people, seed: 1, from: '2019-01-15', until: '2022-01-15', codes: readCodes(POLICY) });
  const url = new URL(`http://127.0.0.1:${server.start.port}`);
  let [lines, recorded] = [0, 0];
  const began = performance.now();
  for (const system of SENDERS) {
    const token = system === 'console' ? server.officer : await server.upstream(system);
    const text = function* (): Generator<Buffer> {
      for (const line of upstream.lines(system)) yield Buffer.from(`${line.text}\n`);
    };
    const report = (await sendLines({ url, token }, Readable.from(text(), { objectMode: false }))).report();
    lines += report.answered;
    recorded += report.recorded;
  }
  return { lines, recorded, seconds: (performance.now() - began) / 1000 };
}

/** Resolves when every view has all that the log has. */
export async function viewsHaveAll(server: ServerProcess): Promise<void> {
  for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += 100) {
    const { body } = await server.call('GET', '/v1/status', undefined, { token: server.officer });
    const { position, projector } = body as { position: string; projector: { serving: boolean; views: readonly { position: string | null }[] } };
    if (projector.serving && projector.views.length > 0 && projector.views.every((view) => (view.position ?? '') >= position)) return;
    await delay(100);
  }
  throw new Error('the views did not catch up');
}
