/** Runs a worker that answers once. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { BareJob, BareResult } from './bare-writer.worker.js';
import type { LoadJob, LoadResult } from './http-load.worker.js';

export const bareWriter = (job: BareJob): Promise<BareResult> => answerOf<BareResult>('./bare-writer.worker.js', job);
export const httpLoad = (job: LoadJob): Promise<LoadResult> => answerOf<LoadResult>('./http-load.worker.js', job);

async function answerOf<R>(file: string, workerData: unknown): Promise<R> {
  const worker = new Worker(new URL(file, import.meta.url), { workerData });
  const [answer] = (await once(worker, 'message')) as [R];
  await worker.terminate();
  return answer;
}
