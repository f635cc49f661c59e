import type { AppendRequest } from '#event-store/event-store.js';
import type { RowWrite, Rider } from './rows.js';
import { keyIdOf } from './seal.js';
import type { IdentifierKind, VaultRefusal, VaultWrite } from './vault.js';

/** What has to be known of an engine's rows to say whether it may take a rider. */
export interface Lookup {
  /** `id` undefined: destroyed. */
  key(holding: string): { readonly id: string | undefined } | undefined;
  claimant(kind: IdentifierKind, index: string): string | undefined;
  inbox(key: string): { readonly attempt: number; readonly settled: boolean } | undefined;
  /** The oldest epoch that new keys may be wrapped under. */
  epoch(): number;
}

/** Why an engine must refuse a rider, by the same rules on all of them. */
export function refusalOf(writes: readonly RowWrite[], stored: Lookup): VaultRefusal | undefined {
  /** Keys of holdings that this rider stores or has asked for. */
  const keys = new Map<string, string>();
  for (const write of writes) {
    const refusal = refusalOfOne(write, stored, keys);
    if (refusal) return refusal;
  }
  return undefined;
}

function refusalOfOne(write: RowWrite, stored: Lookup, keys: Map<string, string>): VaultRefusal | undefined {
  switch (write.op) {
    case 'key':
      if (write.epoch < stored.epoch()) return { kind: 'key', holding: write.holding };
      return refusalOfKey(write.holding, keyIdOf(write.wrapped), stored, keys, true);
    case 'value':
      return refusalOfKey(write.holding, keyIdOf(write.bytes), stored, keys, false);
    case 'claim': {
      const owner = stored.claimant(write.kind, write.index);
      return owner === undefined || owner === write.owner ? undefined : { kind: 'claimed', owner };
    }
    case 'inbox': {
      const row = stored.inbox(write.key);
      const fits = write.attempt === 1 ? row === undefined : row !== undefined && !row.settled && row.attempt === write.attempt - 1;
      return fits ? undefined : { kind: 'inbox' };
    }
    case 'link':
    case 'unlink':
    case 'settle':
    case 'void':
    case 'destroy':
    case 'collect':
    case 'text':
    case 'actor':
    case 'revoke':
    case 'epoch':
    case 'rewrap':
      return undefined;
    default: {
      const _: never = write;
      return _;
    }
  }
}

/** Whoever sealed under a key that is not the stored one would have sealed for nobody. */
function refusalOfKey(holding: string, id: string, stored: Lookup, keys: Map<string, string>, isKey: boolean): VaultRefusal | undefined {
  let known = keys.get(holding);
  if (known === undefined) {
    const row = stored.key(holding);
    if (row && row.id === undefined) return { kind: 'destroyed', holding };
    known = row?.id ?? (isKey ? id : undefined);
    if (known !== undefined) keys.set(holding, known);
  }
  return known === id ? undefined : { kind: 'key', holding };
}

/** The rider of these writes: the inbox first (a new attempt drops what the last one sealed), then keys, each once, then the rest. */
export function riderOf(writes: readonly VaultWrite[], at: number): Rider {
  const first: RowWrite[] = [];
  const rest: RowWrite[] = [];
  const holdings = new Set<string>();
  for (const write of writes) {
    switch (write.op) {
      case 'inbox':
        first.unshift({ ...write, prepared: preparedText(write.prepared) });
        break;
      case 'key':
        if (!holdings.has(write.holding)) first.push(write);
        holdings.add(write.holding);
        break;
      case 'link':
        rest.push({ ...write, from: instantOf(write.from), to: write.to === undefined ? null : instantOf(write.to) });
        break;
      case 'unlink':
        rest.push({ ...write, to: instantOf(write.to) });
        break;
      case 'value':
      case 'claim':
      case 'settle':
      case 'void':
        rest.push(write);
        break;
      default: {
        const _: never = write;
        return _;
      }
    }
  }
  return { at, writes: [...first, ...rest] };
}

/** Whether nothing can speak against a write, so that it may ride with any commit. */
export function isUnrefusable(write: VaultWrite): boolean {
  return write.op === 'settle' || write.op === 'void' || write.op === 'unlink';
}

/** Unix ms of an ISO 8601 instant. Instants are compared as numbers: as texts, `…:00.500Z` would sort before `…:00Z`. */
export function instantOf(text: string): number {
  const ms = Date.parse(text);
  if (Number.isNaN(ms) || !text.endsWith('Z')) throw new RangeError('an instant must be ISO 8601 in UTC');
  return ms;
}

function preparedText({ stream, expected, events }: AppendRequest): string {
  return JSON.stringify({ stream, expected, events: events.map(({ id, type, data }) => ({ id, type, data })) } satisfies AppendRequest);
}

/** What `riderOf` made of a prepared append. */
export function preparedOf(text: string): AppendRequest {
  const prepared: AppendRequest = JSON.parse(text);
  return prepared;
}
