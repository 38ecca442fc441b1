/** The findings of a linter or compiler while its report is read: capped in number, their texts in length. */
import type { Counts } from '../model/task.ts';
import { noCounts, type ReportedFinding, type ReportLimits } from './format.ts';
import { counted, type Problems } from './problems.ts';
import { ownCopy, wholeCharacters } from './text.ts';

export type LintFindings = Readonly<{
  add(finding: ReportedFinding): void;
  list(): readonly ReportedFinding[];
  counts(): Counts;
}>;

export function openLintFindings(limits: ReportLimits, problems: Problems): LintFindings {
  const findings: ReportedFinding[] = [];
  const fit = (text: string): string => {
    if (text.length <= limits.text) return text;
    const kept = wholeCharacters(text.slice(0, limits.text));
    problems.tally.cutTexts += 1;
    problems.tally.cutCharacters += text.length - kept.length;
    return ownCopy(kept);
  };
  return {
    add(finding) {
      if (problems.stopped()) return;
      if (findings.length >= limits.findings) problems.fatal('LIMIT_REACHED', `The report states more than ${counted(limits.findings, 'finding')}.`);
      else findings.push({ ...finding, rule: fit(finding.rule), message: fit(finding.message), ...(finding.detail === undefined ? {} : { detail: fit(finding.detail) }) });
    },
    list: () => findings,
    counts: () => ({ ...noCounts(), findings: findings.length }),
  };
}
