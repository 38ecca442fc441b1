/** Numbers, nouns and severities as the documents write them. */
import type { SeenFinding } from '../../model/comparison.ts';
import { SEVERITIES, type Severity } from '../../model/severity.ts';

/** `4,012`. */
export function number(value: number): string {
  return String(value).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** `1 test`, `4,012 tests`. */
export function counted(count: number, noun: string): string {
  return `${number(count)} ${plural(count, noun)}`;
}

export function plural(count: number, noun: string): string {
  return count === 1 ? noun : `${noun}s`;
}

type Graded = Readonly<{ severity: Severity }>;

/** How many there are of each severity that occurs, the most severe first. */
export function severityCounts(findings: readonly Graded[]): [Severity, number][] {
  return SEVERITIES.flatMap((severity): [Severity, number][] => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return count === 0 ? [] : [[severity, count]];
  });
}

/** `P2` when all are of one severity, else `2 × P2, 12 × P3`. */
export function severitiesOf(findings: readonly Graded[]): string {
  const counts = severityCounts(findings);
  const [only] = counts;
  if (counts.length === 1 && only !== undefined) return only[0];
  return counts.map(([severity, count]) => `${number(count)} × ${severity}`).join(', ');
}

export function gradesOf(pairs: readonly SeenFinding[]): Graded[] {
  return pairs.map(({ seen }) => seen);
}
