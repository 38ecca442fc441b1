/** A finding: one problem that a report or an auditor states, with the prints by which it is matched from run to run. */

export type { CheckRun, Finding, KeyPrint, LinePrint, Place, Print } from './schema/finding.ts';

/** The checks that every task has beside those of its reports: how its step ended, and whether its reports could be used. */
export function stepCheck(task: string): string {
  return `${task}/step`;
}
export function evidenceCheck(task: string): string {
  return `${task}/evidence`;
}

/** Rules of findings that we state ourselves. `stepFailed`: a failure that no complete report explains; `hiddenFailures`: a report states more than it lists. */
export const OWN_RULES = { noReport: 'no-report', stepFailed: 'step-failed', hiddenFailures: 'hidden-failures', contradiction: 'outcome-contradiction' } as const;
