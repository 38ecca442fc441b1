/** The arithmetic of the benchmark: medians, ratios and the table that shows them. */

/** The middle value, or the mean of the two middle ones. Throws on an empty list: no number may be made up. */
export function median(values) {
  if (values.length === 0) throw new Error('median of no values');
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** How many times the base; null where the base is too small to be measured. */
export function ratio(value, base) {
  return base > 0 ? value / base : null;
}

/** `within` and `over` compare a ratio with its target; `none` where there is no target or no ratio. */
export function verdictOf(value, target) {
  if (target === null || value === null) return 'none';
  return value <= target ? 'within' : 'over';
}

/** Columns padded to their widest cell: the first to the left, the others to the right. Ends with a newline. */
export function formatTable(header, rows) {
  const lines = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  const show = (line) => line.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))).join('  ').trimEnd();
  return `${[show(header), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map((row) => show(row))].join('\n')}\n`;
}
