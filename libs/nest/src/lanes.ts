/**
 * Who waits for whom: tasks that share a key, directly or through others that are under way, run in the order they came; all others
 * run side by side. Keys are remembered only while a task that has them is under way, so memory follows what is in flight.
 */
interface Lane {
  readonly keys: Set<string>;
  /** Settles when all that was put in so far has ended; never rejects. */
  last: Promise<unknown>;
  underWay: number;
  /** The lane that took this one's keys. */
  joined: Lane | undefined;
}

export class Lanes {
  readonly #lanes = new Map<string, Lane>();
  #underWay = 0;
  readonly #onIdle: (() => void)[] = [];

  /** Begins `task` when all earlier tasks with one of these keys have ended. The task must not reject. */
  run(keys: readonly string[], task: () => Promise<void>): void {
    const earlier = new Set(keys.flatMap((key) => laneOf(this.#lanes.get(key)) ?? []));
    const lane = this.#join(earlier);
    for (const key of keys) {
      lane.keys.add(key);
      this.#lanes.set(key, lane);
    }
    lane.underWay += 1;
    this.#underWay += 1;
    const before = earlier.size === 0 ? undefined : lane.last;
    lane.last = (before === undefined ? task() : before.then(task)).finally(() => this.#ended(lane));
  }

  /** Resolves when nothing is under way. */
  idle(): Promise<void> {
    return this.#underWay === 0 ? Promise.resolve() : new Promise((resolve) => this.#onIdle.push(resolve));
  }

  get keysHeld(): number {
    return this.#lanes.size;
  }

  /** One lane of several: the one with most keys takes those of the others. */
  #join(lanes: ReadonlySet<Lane>): Lane {
    const [largest, ...others] = [...lanes].sort((a, b) => b.keys.size - a.keys.size);
    if (largest === undefined) return { keys: new Set(), last: Promise.resolve(), underWay: 0, joined: undefined };
    if (others.length > 0) largest.last = Promise.all([largest.last, ...others.map(({ last }) => last)]);
    for (const other of others) {
      for (const key of other.keys) {
        largest.keys.add(key);
        this.#lanes.set(key, largest);
      }
      other.keys.clear();
      other.joined = largest;
      largest.underWay += other.underWay;
    }
    return largest;
  }

  #ended(of: Lane): void {
    const lane = laneOf(of) as Lane;
    lane.underWay -= 1;
    this.#underWay -= 1;
    if (lane.underWay === 0) for (const key of lane.keys) this.#lanes.delete(key);
    if (this.#underWay > 0) return;
    for (const told of this.#onIdle.splice(0)) told();
  }
}

function laneOf(lane: Lane | undefined): Lane | undefined {
  let last = lane;
  while (last?.joined !== undefined) last = last.joined;
  return last;
}
