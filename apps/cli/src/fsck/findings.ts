/** What a check of the files found. Names places, never what stands there. */

export interface Finding {
  readonly where: 'log' | 'vault' | 'views';
  readonly code:
    | 'file-damaged'
    | 'unreadable'
    | 'gap'
    | 'revision'
    | 'not-canonical'
    | 'envelope'
    | 'time-runs-back'
    | 'id-twice'
    | 'lost'
    | 'broken'
    | 'commitment'
    | 'view-stopped'
    | 'view-differs'
    | 'view-ahead';
  readonly detail: string;
  readonly position?: string;
  readonly stream?: string;
  readonly revision?: number;
  readonly event?: string;
  readonly slot?: string;
}

/** Faults are counted without end; of each code so many are kept, so that a ruined file does not fill the memory. */
const KEPT = 1_000;

export class Findings {
  count = 0;
  readonly kept: Finding[] = [];
  readonly #byCode = new Map<string, number>();

  add(finding: Finding): void {
    this.count++;
    const known = this.#byCode.get(finding.code) ?? 0;
    this.#byCode.set(finding.code, known + 1);
    if (known < KEPT) this.kept.push(finding);
  }

  countOf(where: Finding['where']): number {
    return this.kept.filter((finding) => finding.where === where).length;
  }

  byCode(): ReadonlyMap<string, number> {
    return this.#byCode;
  }
}
