import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Lanes } from './lanes.js';

/** Tasks that end when they are told to, and the order in which they began. */
class Bench {
  readonly lanes = new Lanes();
  readonly begun: number[] = [];
  readonly #ends = new Map<number, () => void>();

  enter(n: number, ...keys: string[]): void {
    this.lanes.run(keys, () => {
      this.begun.push(n);
      return new Promise((resolve) => this.#ends.set(n, resolve));
    });
  }

  async end(n: number): Promise<void> {
    this.#ends.get(n)?.();
    this.#ends.delete(n);
    for (let i = 0; i < 10; i++) await Promise.resolve();
  }

  get running(): readonly number[] {
    return [...this.#ends.keys()];
  }
}

describe('Lanes', () => {
  it('runs what shares nothing side by side', () => {
    const bench = new Bench();
    bench.enter(1, 'a');
    bench.enter(2, 'b');
    bench.enter(3);
    expect(bench.begun).toEqual([1, 2, 3]);
  });

  it('runs what shares a key in order', async () => {
    const bench = new Bench();
    bench.enter(1, 'a');
    bench.enter(2, 'a');
    bench.enter(3, 'a');
    expect(bench.begun).toEqual([1]);
    await bench.end(1);
    expect(bench.begun).toEqual([1, 2]);
  });

  it('waits for both when a task has a key of each of two', async () => {
    const bench = new Bench();
    bench.enter(1, 'a');
    bench.enter(2, 'b');
    bench.enter(3, 'a', 'b');
    await bench.end(1);
    expect(bench.begun).toEqual([1, 2]);
    await bench.end(2);
    expect(bench.begun).toEqual([1, 2, 3]);
  });

  it('follows a key through those that joined it', async () => {
    const bench = new Bench();
    bench.enter(1, 'a');
    bench.enter(2, 'a', 'b');
    bench.enter(3, 'b', 'c');
    bench.enter(4, 'c');
    expect(bench.begun).toEqual([1]);
    for (const n of [1, 2, 3, 4]) await bench.end(n);
    expect(bench.begun).toEqual([1, 2, 3, 4]);
  });

  it('forgets keys when nothing of theirs is under way', async () => {
    const bench = new Bench();
    bench.enter(1, 'a', 'b');
    bench.enter(2, 'b', 'c');
    expect(bench.lanes.keysHeld).toBe(3);
    await bench.end(1);
    await bench.end(2);
    expect(bench.lanes.keysHeld).toBe(0);
    await bench.lanes.idle();
  });

  it('never lets two that are connected run at once, nor out of order, whatever ends when', async () => {
    const tasks = fc.array(fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 14 });
    await fc.assert(
      fc.asyncProperty(tasks, fc.infiniteStream(fc.nat()), async (all, picks) => {
        const bench = new Bench();
        const sharing = (n: number, m: number): boolean => (all[n] ?? []).some((key) => all[m]?.includes(key));
        const ended = new Set<number>();
        const check = (): void => {
          for (const n of bench.begun) for (let m = 0; m < n; m++) if (sharing(n, m)) expect(bench.begun.indexOf(m)).toBeGreaterThanOrEqual(0);
          for (const n of bench.running) for (let m = 0; m < n; m++) if (sharing(n, m)) expect(ended.has(m)).toBe(true);
        };
        for (const [n, keys] of all.entries()) {
          bench.enter(n, ...keys);
          check();
          if ((picks.next().value ?? 0) % 2 === 0) continue;
          const { running } = bench;
          const one = running[(picks.next().value ?? 0) % Math.max(running.length, 1)];
          if (one === undefined) continue;
          ended.add(one);
          await bench.end(one);
          check();
        }
        while (bench.running.length > 0) {
          const one = bench.running[(picks.next().value ?? 0) % bench.running.length] as number;
          ended.add(one);
          await bench.end(one);
          check();
        }
        expect(ended.size).toBe(all.length);
        expect(bench.lanes.keysHeld).toBe(0);
      }),
      { numRuns: 150 },
    );
  });
});
