/** Samples of one measure, and the line that tells of them. */

/** Milliseconds, in the order they were taken. */
export type Samples = readonly number[];

export type Measure = {
  /** What was measured, in the words of the one who waits for it. */
  readonly name: string;
  readonly samples: Samples;
  /** The median shall not be above this. */
  readonly goalMs?: number;
};

/** The value below which this part of the samples lies; linear between neighbours. NaN where there are none. */
export function quantile(samples: Samples, part: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * part;
  const [below, above] = [sorted[Math.floor(at)] ?? Number.NaN, sorted[Math.ceil(at)] ?? Number.NaN];
  return below + (above - below) * (at - Math.floor(at));
}

export function median(samples: Samples): number {
  return quantile(samples, 0.5);
}

const HEADLINE = ["median", "quarter", "3 quarters", "least", "most", "samples", "goal", ""] as const;

/** `median`, quartiles, extremes, number of samples, goal and whether it is met: cells in the order of `HEADLINE`. */
export function cellsOf({ samples, goalMs }: Measure): readonly string[] {
  const figures = [0.5, 0.25, 0.75, 0, 1].map((part) => `${quantile(samples, part).toFixed(1)} ms`);
  const verdict = goalMs === undefined ? "" : median(samples) <= goalMs ? "met" : "MISSED";
  return [...figures, `${samples.length}`, goalMs === undefined ? "" : `${goalMs} ms`, verdict];
}

/** Rows under headings, columns aligned: the first to the left, the others to the right. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const aligned = (cell: string, column: number) =>
    column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  return rows.map((row) => row.map(aligned).join("  ").trimEnd()).join("\n");
}

export function measuresTable(title: string, measures: readonly Measure[]): string {
  return table([[title, ...HEADLINE], ...measures.map((measure) => [measure.name, ...cellsOf(measure)])]);
}
