/** One finding on one line, and capped lists of such lines that say what they leave out. */
import type { List } from 'mdast';
import type { Audit } from '../../model/audit.ts';
import type { ClosedFinding, SeenFinding, UnverifiedFinding } from '../../model/comparison.ts';
import type { Finding } from '../../model/finding.ts';
import { fileLink, type Links } from '../../model/links.ts';
import type { LedgerFinding } from '../../model/ledger.ts';
import { testInFile } from '../../model/test-name.ts';
import type { Severity } from '../../model/severity.ts';
import { codeSpan, link, text, unstopped } from '../untrusted.ts';
import { LIMITS } from './limits.ts';
import { bullets, joined, strong, words, type Inline } from './nodes.ts';
import { number, severitiesOf } from './words.ts';

/** `ids`: for those who look a finding up; the author of a change does not need them. */
export type LineStyle = 'plain' | 'ids';

/** **P2** `src/a.ts:88` promise not awaited (`no-floating-promises`) */
export function seenLine({ known, seen }: SeenFinding, { links }: Pick<Audit, 'links'>, style: LineStyle): Inline[] {
  return foundLine(seen, links, id(known, style));
}

/** A finding that a report states, compared or not. */
export function foundLine(seen: Finding, links: Links, name: readonly Inline[] = []): Inline[] {
  const { path, line, test } = seen.place;
  const where = path === undefined ? undefined : placeCode(path, line, links);
  const what = seen.kind === 'test' && test !== undefined ? testWords(testInFile(test, path), seen.title) : [...titleBefore(seen.rule, seen.title), ...rule(seen.rule)];
  return joined([grade(seen.severity), name, where ?? orTask(seen.task, seen.kind === 'test'), what, seen.flaky === true ? [words('(flaky)')] : []].filter(filled), ' ');
}

/** **P1** `src/a.ts` token compared with `==`: Semgrep read the whole file and no longer reports it */
export function closedLine({ known, how, evidence }: ClosedFinding, audit: Audit, style: LineStyle): Inline[] {
  const links = how === 'removed' ? {} : audit.links;
  return [...knownLine(known, links, style), words(': '), ...text(withTool(evidence, known, audit), LIMITS.evidence)];
}

export function unverifiedLine({ known, reason }: UnverifiedFinding, audit: Audit, style: LineStyle): Inline[] {
  return [...knownLine(known, audit.links, style), words(': '), ...text(reason, LIMITS.reason)];
}

/** A known finding has no line: where it stands by now is not known. */
function knownLine(known: LedgerFinding, links: Links, style: LineStyle): Inline[] {
  const where = known.path === undefined ? undefined : placeCode(known.path, undefined, links);
  const what = known.kind === 'test' && known.test !== undefined ? [codeSpan(testInFile(known.test, known.path), LIMITS.test)] : [...unstopped(known.title, LIMITS.title), ...(style === 'ids' ? rule(known.rule) : [])];
  return joined([grade(known.severity), id(known, style), where ?? orTask(known.task, known.kind === 'test'), what].filter(filled), ' ');
}

function filled(part: readonly Inline[]): boolean {
  return part.length > 0;
}

function grade(severity: Severity): Inline[] {
  return [strong(words(severity))];
}

function id(known: LedgerFinding, style: LineStyle): Inline[] {
  return style === 'ids' ? [codeSpan(known.id, LIMITS.name)] : [];
}

/** A finding that stands nowhere is told by its task; a test by its name alone. */
function orTask(task: string, isTest: boolean): Inline[] {
  return isTest ? [] : [...text(task, LIMITS.task), words(':')];
}

/** Without its full stop where the rule follows. */
function titleBefore(name: string, title: string): Inline[] {
  return name === '' ? text(title, LIMITS.title) : unstopped(title, LIMITS.title);
}

function rule(name: string): Inline[] {
  return name === '' ? [] : [words(' ('), codeSpan(name, LIMITS.rule), words(')')];
}

export function placeCode(path: string, line: number | undefined, links: Links): Inline[] {
  // Half a character cannot be written in an address.
  const address = path.length > LIMITS.address || /[\ud800-\udfff]/u.test(path) ? undefined : fileLink(links, path, line);
  const label = codeSpan(path, LIMITS.path);
  const placed = line === undefined ? label : { ...label, value: `${label.value}:${line}` };
  return link([placed], address === undefined || address.length > LIMITS.address ? undefined : address);
}

/** The test's name, then what went wrong unless the title says no more than the name. */
function testWords(test: string, title: string): Inline[] {
  const rest = title.startsWith(test) ? title.slice(test.length).replace(/^[\s:,-]+/, '') : title;
  const name = codeSpan(test, LIMITS.test);
  if (rest === '') return [name];
  return [name, words(title === rest ? ': ' : ' '), ...text(rest, LIMITS.title)];
}

/** `the check` of our evidence by the name of its tool, where that is known. */
function withTool(evidence: string, known: LedgerFinding, { run }: Audit): string {
  const tool = run.checks.find(({ check }) => check === known.check)?.tool;
  return tool !== undefined && evidence.startsWith('the check ') ? `${tool} ${evidence.slice('the check '.length)}` : evidence;
}

export type Listing<T> = Readonly<{
  findings: readonly T[];
  items: number;
  line(finding: T): Inline[];
  severity(finding: T): Severity;
  /** Where the rest is: `in the check`. */
  rest: readonly Inline[];
}>;

/** The first `items` findings; if there are more, a last item counts them by severity and says where they are. */
export function findingList<T>({ findings, items, line, severity, rest }: Listing<T>): List {
  const shown = findings.slice(0, items);
  const hidden = findings.slice(items).map((finding) => ({ severity: severity(finding) }));
  const lines = shown.map(line);
  return bullets(hidden.length === 0 ? lines : [...lines, moreLine(hidden, shown.length, rest)]);
}

function moreLine(hidden: readonly Readonly<{ severity: Severity }>[], shown: number, rest: readonly Inline[]): Inline[] {
  const count = `${shown === 0 ? '' : 'and '}${number(hidden.length)}${shown === 0 ? '' : ' more'}`;
  return [words(`${count} (${severitiesOf(hidden)}) `), ...rest];
}
