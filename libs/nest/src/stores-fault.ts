/** The stores cannot be opened. The message is one sentence and says what to do. */
export class StoresFault extends Error {
  override readonly name = 'StoresFault';
}

const HINTS: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EIO: 'the disk gave an error',
  EDQUOT: 'the disk quota is used up',
  ENOTDIR: 'a part of the path is a file, not a directory',
  EEXIST: 'there is a file of that name',
  EISDIR: 'it is a directory',
  ENOENT: 'a part of the path does not exist',
};

/** One sentence for whatever the file system had against a path. Errors that are a sentence already stay what they are. */
export function storesFault(path: string, error: unknown): unknown {
  const code = typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const why = code === undefined ? undefined : HINTS[code];
  return why === undefined ? error : new StoresFault(`could not use "${path}": ${why} (${code})`, { cause: error });
}

const AWAY: ReadonlySet<string> = new Set(['StoreUnavailable', 'VaultUnavailable', 'ViewsUnavailable']);

/** Whether a store's server cannot be reached now: what was asked may be asked again. */
export function isAway(error: unknown): boolean {
  return error instanceof Error && (AWAY.has(error.name) || (error.name === 'Unavailable' && isAway(error.cause)));
}
