/**
 * Another store that commits in the log writer's groups: its commit first, then the log's, then the answers.
 *
 * The writer thread loads the participant's module by URL and calls these, all synchronously, in this order for each group that has a
 * rider: `begin`, then for each append that the log takes `check` and (if nothing speaks against it) `apply`, then `commit`; on any
 * error in the group `rollback`, and the store stops. An append that conflicts or repeats is not asked about.
 */
export interface WriterParticipant {
  begin(): void;
  /** What speaks against this rider (a plain, cloneable object), or undefined. Sees the riders applied earlier in the group. Writes nothing. */
  check(rider: unknown): unknown;
  apply(rider: unknown): void;
  commit(): void;
  rollback(): void;
  /** Work that must be alone with the file (a purge): between two groups, outside any transaction. Gives what the caller receives. */
  run(job: unknown): unknown;
  close(): void;
}

/** What the module at the participant's URL exports. */
export interface WriterParticipantModule {
  openParticipant(options: unknown): WriterParticipant;
}

/** The log writer as its participant's owner sees it. */
export interface SharedWriter {
  /** Commits a rider without an append, in the next group. Resolves when it is durable; rejects as `append` does. */
  ride(rider: unknown): Promise<void>;
  /** Runs a job between two groups. Rejects with what it threw; the store goes on. */
  run(job: unknown): Promise<unknown>;
}
