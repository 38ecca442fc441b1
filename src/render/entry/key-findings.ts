/** Key findings of an entry: at most five lines that say what this run found, the gravest first. */
import type { Audit } from '../../model/audit.ts';
import { adoptedLine, claimed, closedFindings, findingLine, findingLines, happened, openedFindings, type Told } from './findings.ts';
import { line, type EntryContext, type Line, type Section } from './line.ts';
import { evidenceReasons, otherReasons } from './reasons.ts';
import { verificationLines } from './verification.ts';

const SHOWN = 5;
/** Of a first run: graver findings that were there before. */
const OLD_SHOWN = 2;

export const keyFindings: Section = (context) => {
  // What has no other label is never cut: it would be said nowhere.
  const homeless = verificationLines('key-findings', context);
  return [...atMost(SHOWN, allKeyFindings(context)), ...homeless];
};

function allKeyFindings({ audit }: EntryContext): Line[] {
  const { comparison, verdict, run } = audit;
  const verbs = happened(audit);
  const opened = findingLines(openedFindings(audit), verbs.opened);
  const closed = findingLines(closedFindings(audit), verbs.closed);
  const evidence = evidenceReasons(verdict);
  const open = findingLines(stillOpen(audit), 'Still open:');
  const quiet = evidence.length + opened.length + closed.length > 0 || comparison.firstRun ? [] : [quietLine(audit)];
  return [...evidence, ...opened, ...closed, ...quiet, ...open, ...firstRunLines(audit), ...otherReasons(audit), ...claimed(run.notes.keyFindings)];
}

/** What was known before and is grave: a reader of this entry alone must not believe that it is gone. */
function stillOpen({ comparison }: Audit): Told[] {
  return comparison.persisting.filter(({ known }) => known.severity === 'P0' || known.severity === 'P1').map(({ known }): Told => ({ verb: 'Still open:', known }));
}

function quietLine({ verdict }: Audit): Line {
  return line(verdict.outcome === 'pass' ? 'Nothing opened, nothing closed; every check ran to the end.' : 'Nothing opened, nothing closed.');
}

function firstRunLines({ comparison }: Audit): Line[] {
  const grave = comparison.adopted.filter(({ known }) => known.severity === 'P0' || known.severity === 'P1').slice(0, OLD_SHOWN);
  return [
    ...(comparison.firstRun ? [line('First audit: there is nothing to compare with yet.')] : []),
    ...grave.map(({ known }) => findingLine({ verb: 'Already there:', known } satisfies Told)),
    ...adoptedLine(comparison),
  ];
}

function atMost(limit: number, lines: readonly Line[]): Line[] {
  if (lines.length <= limit) return [...lines];
  return [...lines.slice(0, limit - 1), line(`… and ${lines.length - limit + 1} more; all are in the record.`)];
}
