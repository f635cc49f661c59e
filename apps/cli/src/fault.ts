/** How a run of `liggare` ends. */
export const EXIT = { done: 0, failed: 1, usage: 2, refused: 3, faults: 4, blocked: 5, interrupted: 130 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_CODES_HELP = `
Exit codes:
  0    done
  1    it could not be done; one sentence on stderr says why
  2    the command line or the configuration is wrong
  3    import: all lines were answered, and some were refused
  4    fsck: faults were found
  5    import: all lines were answered and none refused, and some asks were blocked
  130  stopped by Ctrl-C`;

/** What the caller is told instead of a result: one sentence that holds no personal data. */
export class CliFault extends Error {
  override readonly name = 'CliFault';
  constructor(
    sentence: string,
    readonly exitCode: ExitCode = EXIT.failed,
    options?: ErrorOptions,
  ) {
    super(sentence, options);
  }
}

/** The file system's codes in words; undefined for others. */
export function fileFault(file: string, error: unknown): CliFault | undefined {
  const code = codeOf(error);
  const why = code === undefined ? undefined : WHY[code];
  return why === undefined ? undefined : new CliFault(`could not use "${file}": ${why}`, EXIT.failed, { cause: error });
}

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a directory',
  ENOTDIR: 'a part of the path is a file, not a directory',
  EACCES: 'this user may not',
  EPERM: 'this user may not',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EMFILE: 'too many files are open',
};
