import { describe, expect, it } from '@jest/globals';
import { answersTo, type LineWork } from './ingest.js';
import type { Line } from './line-reader.js';
import { BlockedAsk, problemOf } from './problem.js';

const line = (number: number, text: string): Line => ({ number, kind: 'text', text });

const BLOCKED = { commandId: 'ask-1', about: ['00000000-0000-4000-8000-000000000001'], verdict: 'unjustified', decision: { outcome: 'blocked', rules: [] }, events: [] };

interface Running {
  readonly text: string;
  readonly finish: () => void;
}

/** Work whose lines are `key` or `key!` (alone) or `?` (not understood), and end when told to, or at once. */
function work(atOnce: boolean): { readonly work: LineWork; readonly begun: string[]; readonly running: Running[]; understood: number } {
  const state = { begun: [] as string[], running: [] as Running[], understood: 0 };
  const lineWork: LineWork = {
    problemOf,
    understand: async (one) => {
      state.understood += 1;
      const text = one.kind === 'text' ? one.text : '?';
      if (text === '?') return { problem: problemOf(new Error('no')) };
      const run = async (): Promise<object> => {
        state.begun.push(text);
        if (!atOnce) await new Promise<void>((finish) => state.running.push({ text, finish }));
        if (text.startsWith('bad')) throw new Error('a secret');
        if (text.startsWith('blocked')) throw new BlockedAsk(BLOCKED);
        return { status: 'recorded' };
      };
      return { name: { id: `id-${one.number}` }, keys: [text.replace(/[!0-9]/g, '')], alone: text.endsWith('!'), run };
    },
  };
  return Object.assign(state, { work: lineWork });
}

async function* batches(...all: readonly (readonly Line[])[]): AsyncGenerator<readonly Line[]> {
  for (const batch of all) {
    await Promise.resolve();
    yield batch;
  }
}

async function collect(answers: AsyncIterable<string>): Promise<readonly Record<string, unknown>[]> {
  let text = '';
  for await (const part of answers) text += part;
  return text.split('\n').filter((one) => one !== '').map((one) => JSON.parse(one) as Record<string, unknown>);
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('answersTo', () => {
  it('answers in the order of the lines, whichever ends first', async () => {
    const bench = work(false);
    const answers = collect(answersTo(batches([line(1, 'a'), line(2, 'b'), line(3, 'c')]), bench.work));
    await turn();
    for (const { finish } of [...bench.running].reverse()) finish();
    expect((await answers).map((one) => [one['line'], one['id'], one['status']])).toEqual([[1, 'id-1', 'recorded'], [2, 'id-2', 'recorded'], [3, 'id-3', 'recorded']]);
  });

  it('goes on after lines that are not understood or fail, and tells nothing of why ours did', async () => {
    const answers = await collect(answersTo(batches([line(1, '?'), line(2, 'bad'), line(3, 'c')]), work(true).work));
    expect(answers.map((one) => [one['line'], one['status'], one['code'], one['httpStatus']])).toEqual([
      [1, 'refused', 'InternalError', 500],
      [2, 'refused', 'InternalError', 500],
      [3, 'recorded', undefined, undefined],
    ]);
    expect(JSON.stringify(answers)).not.toContain('secret');
  });

  it('tells a blocked ask from a refused line, and what it recorded', async () => {
    const { commandId: _commandId, ...recorded } = BLOCKED;
    const answers = await collect(answersTo(batches([line(1, 'blocked'), line(2, 'b')]), work(true).work));
    expect(answers).toEqual([{ line: 1, id: 'id-1', status: 'blocked', code: 'Blocked', httpStatus: 403, title: expect.any(String), ...recorded }, { line: 2, id: 'id-2', status: 'recorded' }]);
  });

  it('lets a line that stands alone wait for all before it, and all after it wait', async () => {
    const bench = work(false);
    const answers = collect(answersTo(batches([line(1, 'a'), line(2, 'b'), line(3, 'x!'), line(4, 'c')]), bench.work));
    await turn();
    expect(bench.begun).toEqual(['a', 'b']);
    bench.running[0]?.finish();
    await turn();
    expect(bench.begun).toEqual(['a', 'b']);
    bench.running[1]?.finish();
    await turn();
    expect(bench.begun).toEqual(['a', 'b', 'x!']);
    bench.running[2]?.finish();
    await turn();
    expect(bench.begun).toEqual(['a', 'b', 'x!', 'c']);
    bench.running[3]?.finish();
    expect(await answers).toHaveLength(4);
  });

  it('reads no further than its places while nobody takes the answers', async () => {
    const bench = work(true);
    const lines = Array.from({ length: 1_000 }, (_, i) => line(i + 1, `k${i}`));
    const answers = answersTo(batches(lines), bench.work, 16);
    const first = await answers.next();
    for (let i = 0; i < 50; i++) await turn();
    expect(bench.understood).toBeLessThanOrEqual(16 + String(first.value).split('\n').length);
    let rest = String(first.value);
    for await (const part of answers) rest += part;
    expect(rest.trimEnd().split('\n')).toHaveLength(1_000);
  });

  it('stops reading when the reader leaves, and lets what began end', async () => {
    const bench = work(true);
    const answers = answersTo(batches(...Array.from({ length: 100 }, (_, i) => [line(i + 1, `k${i}`)])), bench.work, 4);
    await answers.next();
    await answers.return(undefined);
    expect(bench.understood).toBeLessThan(20);
  });

  it('gives the answers to all that was read before it says that the stream broke off', async () => {
    async function* broken(): AsyncGenerator<readonly Line[]> {
      yield [line(1, 'a'), line(2, 'b')];
      await Promise.resolve();
      throw new Error('aborted');
    }
    let text = '';
    await expect(
      (async () => {
        for await (const part of answersTo(broken(), work(true).work)) text += part;
      })(),
    ).rejects.toThrow('aborted');
    expect(text.trimEnd().split('\n')).toHaveLength(2);
  });
});
