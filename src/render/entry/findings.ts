/** Findings in an entry: one line each, or counts by rule where they are many. */
import { writesLedger, type Audit } from '../../model/audit.ts';
import type { Comparison } from '../../model/comparison.ts';
import type { LedgerFinding } from '../../model/ledger.ts';
import { compareText } from '../../model/order.ts';
import { testInFile } from '../../model/test-name.ts';
import { compareSeverity, SEVERITIES } from '../../model/severity.ts';
import { codeSpan, unstopped } from '../untrusted.ts';
import { capLines, counted, enumerate, line, shownCount, type Line, type Section } from './line.ts';

/** So many findings of a kind stand in an entry one by one; more become counts. */
const LISTED = 20;
const RULES_SHOWN = 8;
const CLAIMS_SHOWN = 50;
const TITLE_LIMIT = 160;
const NAME_LIMIT = 160;

/** In the past of a run that keeps a ledger; else nothing has come about for good, as before a merge. */
export const HAPPENED = {
  past: { opened: 'Opened', reopened: 'Reopened', closed: 'Closed' },
  present: { opened: 'Opens', reopened: 'Reopens', closed: 'Closes' },
} as const;
type Verbs = (typeof HAPPENED)['past' | 'present'];
type Happened = Verbs[keyof Verbs];

export function happened(audit: Pick<Audit, 'run' | 'verdict'>): Verbs {
  return HAPPENED[writesLedger(audit) ? 'past' : 'present'];
}

/** A finding of which something is told. `verb` is empty in a list whose label says it. `proof`: why it counts as closed. */
export type Told = Readonly<{ verb: '' | Happened | 'Already there:' | 'Still open:'; known: LedgerFinding; proof?: string }>;

/** `Opened P2 F-7KQ2MDAB: promise not awaited, src/queue.ts (no-floating-promises).` */
export function findingLine({ verb, known, proof }: Told): Line {
  const name = proof === undefined ? line(findingName(known), '.') : line(closedName(known), '; ', unstopped(proof), '.');
  return line(verb === '' ? '' : `${verb} `, `${known.severity} `, codeSpan(known.id), ': ', name);
}

/** What is wrong and where; a test by its name, with what it said. */
export function findingName(known: LedgerFinding): Line {
  const title = unstopped(known.title, TITLE_LIMIT);
  // The rule of a failing test is its kind; that says nothing more.
  const rule = known.rule === '' || known.rule === known.kind ? [] : line(' (', codeSpan(known.rule, NAME_LIMIT), ')');
  const place = known.path === undefined ? [] : line(', ', codeSpan(known.path, NAME_LIMIT));
  if (known.test === undefined || known.title.includes(known.test)) return line(title.length === 0 ? 'no title' : title, place, rule);
  return line(codeSpan(testInFile(known.test, known.path), NAME_LIMIT), title.length === 0 ? [] : line(': ', title), place, rule);
}

/** What a test said when it failed is no news when it passes. */
function closedName(known: LedgerFinding): Line {
  return known.kind === 'test' && known.test !== undefined ? line(codeSpan(testInFile(known.test, known.path), NAME_LIMIT)) : findingName(known);
}

/** Opened, then reopened, then closed with proof; each the most severe first. Findings about a check itself stand before all others. */
export function openedFindings(audit: Pick<Audit, 'run' | 'verdict' | 'comparison'>): Told[] {
  const { opened, reopened } = audit.comparison;
  const verbs = happened(audit);
  return [
    ...bySeverity(opened.map(({ known }): Told => ({ verb: verbs.opened, known }))),
    ...bySeverity(reopened.map(({ known }): Told => ({ verb: verbs.reopened, known }))),
  ];
}

export function closedFindings(audit: Pick<Audit, 'run' | 'verdict' | 'comparison'>): Told[] {
  return bySeverity(audit.comparison.closed.map(({ known, evidence }): Told => ({ verb: happened(audit).closed, known, proof: evidence })));
}

function bySeverity(told: readonly Told[]): Told[] {
  const rank = ({ known }: Told): number => (known.kind === 'check' ? 0 : 1);
  return [...told].sort((a, b) => rank(a) - rank(b) || compareSeverity(a.known.severity, b.known.severity));
}

/** One line each; of more than can be listed those of P0 and P1, as far as they can, and the rest as counts by rule. */
export function findingLines(told: readonly Told[], verb: string): Line[] {
  if (told.length <= LISTED) return told.map(findingLine);
  const grave = told.filter(({ known }) => known.severity === 'P0' || known.severity === 'P1').slice(0, LISTED);
  const rest = told.filter((one) => !grave.includes(one));
  return [...grave.map(findingLine), ruleCounts(rest.map(({ known }) => known), verb)];
}

/** `Opened 130 findings (2 P1, 128 P2): E722 100, F401 30; all are in the record.` */
export function ruleCounts(findings: readonly LedgerFinding[], verb: string): Line {
  const rules = new Map<string, number>();
  for (const { rule } of findings) rules.set(rule, (rules.get(rule) ?? 0) + 1);
  const ranked = [...rules].sort((a, b) => b[1] - a[1] || compareText(a[0], b[0]));
  const lead = verb === '' ? '' : `${verb} `;
  return line(`${lead}${counted(findings.length, 'finding')} (${severityCounts(findings)}): `,
    enumerate(ranked.map(([rule, count]) => line(codeSpan(rule, NAME_LIMIT), ` ${shownCount(count)}`)), RULES_SHOWN), '; all are in the record.');
}

function severityCounts(findings: readonly LedgerFinding[]): string {
  return SEVERITIES.map((severity) => [severity, findings.filter((finding) => finding.severity === severity).length] as const)
    .filter(([, count]) => count > 0).map(([severity, count]) => `${count} ${severity}`).join(', ');
}

export function adoptedLine({ adopted }: Comparison): Line[] {
  return adopted.length === 0 ? [] : [ruleCounts(adopted.map(({ known }) => known), 'Taken over as the starting point:')];
}

export const findingsOpened: Section = ({ audit }) => {
  const { comparison, run } = audit;
  const told = openedFindings(audit).map((one): Told => (one.verb === happened(audit).opened ? { ...one, verb: '' } : one));
  const none = told.length === 0 ? [line('None opened.')] : [];
  return [...none, ...findingLines(told, ''), ...adoptedLine(comparison), ...claimed(run.notes.findingsOpened)];
};

export const findingsClosed: Section = ({ audit }) => {
  const { run } = audit;
  const told = closedFindings(audit).map((one): Told => ({ ...one, verb: '' }));
  const none = told.length === 0 ? [line('None closed.')] : [];
  return [...none, ...findingLines(told, ''), ...claimed(run.notes.findingsClosed)];
};

/** What the notes say without proof stands as said, never as found. */
export function claimed(items: readonly string[]): Line[] {
  return capLines(items, (item) => line(unstopped(item), ' (said in the notes, not checked).'), { limit: CLAIMS_SHOWN, what: 'items of the notes' });
}
