/** What a run changed: tests that broke, findings opened, reopened and closed, each as a labelled list. */
import type { RootContent } from 'mdast';
import type { ClosedFinding, SeenFinding } from '../../model/comparison.ts';
import type { Severity } from '../../model/severity.ts';
import { codeSpan } from '../untrusted.ts';
import { closedLine, findingList, seenLine, type LineStyle } from './finding-lines.ts';
import { LIMITS } from './limits.ts';
import { paragraph, strong, words, type Inline } from './nodes.ts';
import { capitalVerb, type Story } from './story.ts';

export type Telling = Readonly<{
  style: LineStyle;
  /** Where lists go on that are too long here: `in the check`. */
  rest: readonly Inline[];
  /** `counted`: findings of P3 are only counted, for readers who should not be disturbed by them. */
  minor: 'listed' | 'counted';
}>;

export function brokeSection(story: Story, telling: Telling, items: number): RootContent[] {
  const { run, comparison } = story.audit;
  const base = run.context.pullRequest?.baseBranch;
  const label = strong(words(comparison.firstRun ? 'Failing' : 'Broke'));
  const known: Inline[] = comparison.firstRun || base === undefined ? [] : [words(' (not known to fail on '), codeSpan(base, LIMITS.branch), words(')')];
  return [
    ...(story.broke.length === 0 ? [] : [paragraph(label, ...known), seenList(story, story.broke, { telling, items })]),
    ...(story.stillFailing.length === 0 ? [] : [paragraph(strong(words('Still failing'))), seenList(story, story.stillFailing, { telling, items })]),
  ];
}

export function opensSection(story: Story, telling: Telling, items: number): RootContent[] {
  return story.opens.length === 0 ? [] : [paragraph(strong(words(capitalVerb(story, 'opens')))), seenList(story, story.opens, { telling, items })];
}

export function reopensSection(story: Story, telling: Telling, items: number): RootContent[] {
  return story.reopens.length === 0 ? [] : [paragraph(strong(words(capitalVerb(story, 'reopens')))), seenList(story, story.reopens, { telling, items })];
}

export function closesSection(story: Story, { style, rest, minor }: Telling, items: number): RootContent[] {
  if (story.closes.length === 0) return [];
  const severity = ({ known }: ClosedFinding): Severity => known.severity;
  const listed = minor === 'listed' ? story.closes.length : story.closes.filter((finding) => severity(finding) !== 'P3').length;
  const line = (finding: ClosedFinding): Inline[] => closedLine(finding, story.audit, style);
  return [paragraph(strong(words(capitalVerb(story, 'closes')))), findingList({ findings: story.closes, items: Math.min(items, listed), line, severity, rest })];
}

type Shape = Readonly<{ telling: Telling; items: number }>;

function seenList(story: Story, pairs: readonly SeenFinding[], { telling: { style, rest, minor }, items }: Shape): RootContent {
  const severity = ({ seen }: SeenFinding): Severity => seen.severity;
  const listed = minor === 'listed' ? pairs.length : pairs.filter((pair) => severity(pair) !== 'P3' || pair.seen.kind === 'test').length;
  return findingList({ findings: pairs, items: Math.min(items, listed), line: (pair) => seenLine(pair, story.audit, style), severity, rest });
}
