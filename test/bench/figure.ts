/** One line of the bench: what was reached beside its limit, measured in the same run on the same machine. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** Of the same unit; the name in `note` says what it is. */
  readonly limit: number;
  /** Value over limit; the growth factor where the name says growth, and value over limit where smaller is better. */
  readonly ratio: number;
  readonly note: string;
}

/** What `architecture.md` §7 asks of each figure. */
export const targets: Readonly<Record<string, { readonly atLeast: number; readonly smallerIsBetter?: true }>> = {
  commands: { atLeast: 0.3 },
  'commands-sealed': { atLeast: 0.25 },
  http: { atLeast: 0.2 },
  import: { atLeast: 0.3 },
  decisions: { atLeast: 0.25 },
  rebuild: { atLeast: 0.3 },
  'long-subject': { atLeast: 1.5, smallerIsBetter: true },
  'commands-esdb': { atLeast: 0.5 },
  'start-empty': { atLeast: 1, smallerIsBetter: true },
  'start-1m': { atLeast: 1, smallerIsBetter: true },
};

export function isReached({ name, ratio }: Figure): boolean | undefined {
  const target = targets[name];
  if (target === undefined) return undefined;
  return target.smallerIsBetter === true ? ratio <= target.atLeast : ratio >= target.atLeast;
}

/** A table for people; widths follow the content. */
export function tableOf(figures: readonly Figure[]): string {
  const rows = [['figure', 'value', 'unit', 'limit', 'ratio', 'asked', '', 'note'], ...figures.map(rowOf)];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => row.map((cell, column) => (column === 0 || column > 5 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ').trimEnd()).join('\n');
}

function rowOf(figure: Figure): string[] {
  const target = targets[figure.name];
  const reached = isReached(figure);
  const asked = target === undefined ? '' : `${target.smallerIsBetter === true ? '≤' : '≥'} ${target.atLeast}`;
  return [figure.name, number(figure.value), figure.unit, number(figure.limit), figure.ratio.toFixed(2), asked, reached === undefined ? '' : reached ? 'yes' : 'NO', figure.note];
}

function number(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en').replaceAll(',', ' ') : value.toFixed(2);
}
