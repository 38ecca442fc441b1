/** How bad a finding is: four levels, the most severe first. */
import { z } from 'zod';

export const SEVERITIES = ['P0', 'P1', 'P2', 'P3'] as const;
export const SeveritySchema = z.enum(SEVERITIES);
export type Severity = z.infer<typeof SeveritySchema>;

/** Negative when `a` is the more severe. */
export function compareSeverity(a: Severity, b: Severity): number {
  return SEVERITIES.indexOf(a) - SEVERITIES.indexOf(b);
}
