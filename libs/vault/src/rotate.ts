import type { Keys } from './keys.js';
import type { KeyRow, RowWrite, VaultRows } from './rows.js';
import { rewrapKey, unwrapKey } from './seal.js';

/** Where a rotation stands; each is durable when it is told. */
export type RotationStep = 'epoch-made' | 'hmac-rewrapped' | 'old-epoch-closed' | 'batch-rewrapped' | 'old-epoch-forgotten';

export interface RotationOptions {
  /** Data keys a batch; default 500. */
  readonly batchSize?: number;
  /** Told after each step; an error thrown in it stops the rotation there. */
  readonly onStep?: (step: RotationStep) => void;
}

export interface Rotation {
  readonly epoch: number;
  /** Data keys that this run rewrapped. */
  readonly rewrapped: number;
}

/**
 * The order makes every crash harmless: both master keys are in the key file from before the first key is wrapped under the new one
 * until after the last is unwrapped from the old one, and the vault refuses keys of the old epoch before the sweep begins, so that the
 * sweep misses none. Throws, and keeps the old epoch, when a data key does not open: to forget it then would make the damage final.
 */
export async function rotateMasterKey(
  rows: VaultRows,
  { keys, ledgerId }: { readonly keys: Keys; readonly ledgerId: string },
  vault: { readonly now: () => number; readonly forget: () => void },
  { batchSize = 500, onStep = () => undefined }: RotationOptions = {},
): Promise<Rotation> {
  const write = async (...writes: readonly RowWrite[]): Promise<void> => rows.write({ at: vault.now(), writes });

  const epoch = keys.beginRotation();
  onStep('epoch-made');
  keys.rewrapHmacKeys();
  onStep('hmac-rewrapped');
  // Keys that were made but never stored are wrapped under the old epoch: whoever seals next makes new ones.
  vault.forget();
  await write({ op: 'epoch', epoch });
  onStep('old-epoch-closed');

  let rewrapped = 0;
  for (let after = ''; ; ) {
    const batch = await rows.keysAfter(after, batchSize);
    const writes = batch.filter((row) => row.epoch < epoch).map((row) => rewrapOf(row, epoch));
    if (writes.length > 0) {
      await write(...writes);
      onStep('batch-rewrapped');
    }
    rewrapped += writes.length;
    after = batch.at(-1)?.holding ?? after;
    if (batch.length < batchSize) break;
  }

  keys.endRotation();
  onStep('old-epoch-forgotten');
  return { epoch, rewrapped };

  function rewrapOf(row: KeyRow, to: number): RowWrite {
    const { holding, owner, wrapped, epoch: from } = row;
    const [old, next] = [keys.master(from), keys.master(to)];
    const dataKey = old && wrapped && unwrapKey(wrapped, old, { ledgerId, holding, owner, epoch: from });
    if (!dataKey || !next) throw new Error(`the data key of holding ${holding} does not open, so the old master key is kept (hint: run fsck)`);
    return { op: 'rewrap', holding, from, wrapped: rewrapKey(dataKey, next, { ledgerId, holding, owner, epoch: to }), epoch: to };
  }
}
