/**
 * Which ids were seen, in 16 bytes each or so where a Set of strings takes a hundred. Kept are 64 random bits of each: of ten
 * million ids two agree there with a chance of three in a million.
 */
export class IdSet {
  #size = 0;
  #slots = new BigUint64Array(1024);

  /** False when it was there already. `id`: a UUID, seen in the stream or anywhere. */
  add(id: string, stream = ''): boolean {
    if (this.#size * 2 >= this.#slots.length) this.#grow();
    return this.#put(keyOf(id) ^ saltOf(stream));
  }

  has(id: string): boolean {
    const key = keyOf(id);
    for (let at = this.#home(key); ; at = (at + 1) & (this.#slots.length - 1)) {
      const found = this.#slots[at];
      if (found === key) return true;
      if (found === 0n) return false;
    }
  }

  get size(): number {
    return this.#size;
  }

  #put(key: bigint): boolean {
    let at = this.#home(key);
    for (; this.#slots[at] !== 0n; at = (at + 1) & (this.#slots.length - 1)) if (this.#slots[at] === key) return false;
    this.#slots[at] = key;
    this.#size++;
    return true;
  }

  #home(key: bigint): number {
    return Number(key & 0xffffffffn) & (this.#slots.length - 1);
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new BigUint64Array(old.length * 2);
    this.#size = 0;
    for (const key of old) if (key !== 0n) this.#put(key);
  }
}

/** The last 64 bits, their fixed ones mixed with the first. Zero means an empty slot. */
function keyOf(id: string): bigint {
  const key = BigInt(`0x${id.slice(20).replace('-', '')}`) ^ (BigInt(`0x${id.slice(0, 4)}`) << 48n);
  return key === 0n ? 1n : key;
}

/** FNV-1a of 32 bits, in the upper half: the lower half of a key finds its place. Zero for no stream. */
function saltOf(stream: string): bigint {
  if (stream === '') return 0n;
  let hash = 0x811c9dc5;
  for (let i = 0; i < stream.length; i++) hash = Math.imul(hash ^ stream.charCodeAt(i), 0x01000193);
  return BigInt(hash >>> 0) << 32n;
}
