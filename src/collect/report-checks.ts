/** Reports taken apart into checks: most speak of one, some documents of several tools. */
import { evidenceCheck, stepCheck } from '../model/finding.ts';
import { FORMAT_IDS } from '../report/index.ts';
import type { ReportedCheck } from '../report/format.ts';
import type { ReadReport } from './read-reports.ts';

/** What one report says of one check. `scan`: where the report holds several, the one in question. */
export type CheckReport = Readonly<{ check: string; report: ReadReport; scan?: ReportedCheck }>;

export function checkReports(report: ReadReport): CheckReport[] {
  const { task, evidence: { format }, parsed } = report;
  if (parsed.checks === undefined) return [{ check: reportCheck({ task, format }), report }];
  return parsed.checks.map((scan) => ({ check: reportCheck({ task, format, scan }), report, scan }));
}

type Named = Readonly<{ task: string; format: string; scan?: Pick<ReportedCheck, 'tool' | 'category'> | undefined }>;

/** Tool and category that must run to the end before the absence of one of its findings means anything. */
export function reportCheck({ task, format, scan }: Named): string {
  // Escaped both ways: `a/b` and `a%2Fb` are two tools.
  const tool = scan?.tool?.replaceAll('%', '%25').replaceAll('/', '%2F') ?? format;
  // A tool may be called like a format, or like a check of our own: it is neither. Nor is it one that is called as such a tool is here.
  const isTaken = scan?.tool !== undefined && (FORMAT_IDS.includes(tool) || tool.startsWith(`${format}:`) || [stepCheck(task), evidenceCheck(task)].includes(`${task}/${tool}`));
  return [task, isTaken ? `${format}:${tool}` : tool, ...(scan?.category === undefined ? [] : [scan.category])].join('/');
}
