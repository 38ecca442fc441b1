/** The check run: its title for the merge box, its summary for who asks why, its text for who wants all of it, its annotations for the diff. */
import type { RootContent } from 'mdast';
import type { Audit } from '../model/audit.ts';
import type { SeenFinding } from '../model/comparison.ts';
import type { Annotation, CheckRunDocument, CheckRunHead, Overruling } from '../model/documents.ts';
import { overruledSummary } from '../model/overruling.ts';
import { compareSeverity } from '../model/severity.ts';
import type { Templates } from './fill.ts';
import { ANNOTATIONS, BUDGETS, fitDocument, LIST_ITEMS, TITLE_LENGTH, type Section } from './fit.ts';
import { toMarkdown } from './markdown.ts';
import { footer, restOfCheck } from './sections/about.ts';
import { brokeSection, closesSection, opensSection, reopensSection, type Telling } from './sections/changes.ts';
import { checksTable } from './sections/checks.ts';
import { headlineOf, phrasing, plainPhrase, plainText } from './sections/headline.ts';
import { LIMITS } from './sections/limits.ts';
import { paragraph, words } from './sections/nodes.ts';
import { knownSection, unverifiedSection } from './sections/known.ts';
import { problemsSection, rowsSection } from './sections/problems.ts';
import { startSection } from './sections/start.ts';
import { tellStory, type Blocking, type Story } from './sections/story.ts';
import { allDoubtsSection, blockSentence } from './sections/verdict.ts';
import { number } from './sections/words.ts';
import { codeSpan, link, text } from './untrusted.ts';

export function renderCheckRun(audit: Audit, templates: Templates, blocking: Blocking): CheckRunDocument {
  const story = tellStory(audit, blocking);
  const rest = restOfCheck(audit);
  const annotated = annotatedFindings(story);
  const sections = sectionsOf(story, { telling: { style: 'ids', rest, minor: 'listed' }, annotated: annotated.length });
  return {
    ...headOf(story),
    text: fitDocument({ template: templates.checkRun, sections, budget: BUDGETS.checkText, items: LIST_ITEMS.checkText, rest }),
    annotations: annotated.slice(0, ANNOTATIONS).map(annotationOf),
  };
}

function conclusionOf({ audit: { verdict }, blocks }: Story): CheckRunDocument['conclusion'] {
  if (blocks) return 'failure';
  return verdict.outcome === 'pass' ? 'success' : 'neutral';
}

/** The fullest of several wordings that is short enough. */
function titleOf(story: Story): string {
  const { verdict, reason, longReason } = headlineOf(story);
  const wordings = [longReason, reason].flatMap((phrase) => [LIMITS.name, 12].map((limit) => {
    const why = plainPhrase(phrase, limit);
    return why === '' ? verdict : `${verdict}: ${why}`;
  }));
  return wordings.find((wording) => wording.length <= TITLE_LENGTH) ?? plainText(wordings.at(-1) ?? verdict, TITLE_LENGTH);
}

export function renderCheckRunHead(audit: Audit, blocking: Blocking): CheckRunHead {
  return headOf(tellStory(audit, blocking));
}

function headOf(story: Story): CheckRunHead {
  return { name: story.audit.run.context.auditName, conclusion: conclusionOf(story), title: titleOf(story), summary: toMarkdown(whySection(story)) };
}

/** Says whose verdict is shown, then its own, which can be brought back. */
export function renderOverruled(head: CheckRunHead, { conclusion, url }: Overruling): CheckRunHead {
  const verdict = conclusion === 'failure' ? 'Failed' : 'Passed with known gaps';
  const told = [words('Another audit of this commit under the same name ended worse: '), ...link([words('see it')], url), words('. Give each audit a '), codeSpan('name'), words(' of its own to see both. What this one found:')];
  return { name: head.name, conclusion, title: `${verdict} in another audit of this commit`, summary: overruledSummary({ own: head, url, told: toMarkdown([paragraph(...told)]) }) };
}

/** Why, in one sentence that names the rule; then whether it blocks. */
function whySection(story: Story): RootContent[] {
  const { audit: { verdict } } = story;
  const { verdict: said, reason } = headlineOf(story);
  const rule = verdict.rows[0]?.rule;
  const why = rule === 'first-run' ? phrasing(reason) : text(verdict.reason, LIMITS.reason);
  return [paragraph(words(`${said}: `), ...why, ...(rule === undefined ? [] : [words(' ('), codeSpan(rule, LIMITS.rule), words(')')]), words('. '), ...blockSentence(story))];
}

type Shape = Readonly<{ telling: Telling; annotated: number }>;

function sectionsOf(story: Story, { telling, annotated }: Shape): readonly Section[] {
  const { audit } = story;
  return [
    { zone: 'checks', name: 'checks', weight: 'kept', render: (items) => checksTable(story, telling.rest, items) },
    { zone: 'broke', name: 'broken tests', weight: 'kept', render: (items) => brokeSection(story, telling, items) },
    { zone: 'opens', name: 'what opened', weight: 'kept', render: (items) => opensSection(story, telling, items) },
    { zone: 'reopens', name: 'what reopened', weight: 'kept', render: (items) => reopensSection(story, telling, items) },
    { zone: 'doubts', name: 'what is not proven', weight: 'kept', render: (items) => allDoubtsSection(story, items) },
    { zone: 'about', name: 'about', weight: 'kept', render: () => aboutSection(audit, annotated) },
    { zone: 'rules', name: 'what decided', weight: 'kept', render: (items) => rowsSection(story, items) },
    { zone: 'closes', name: 'what closed', weight: 'kept', render: (items) => closesSection(story, telling, items) },
    { zone: 'start', name: 'starting point', weight: 'droppable', render: (items) => startSection(story, telling, items) },
    { zone: 'known', name: 'known findings', weight: 'droppable', render: () => knownSection(story) },
    { zone: 'problems', name: 'problems', weight: 'droppable', render: (items) => problemsSection(story, telling.rest, items) },
    { zone: 'unverified', name: 'what was not checked', weight: 'droppable', render: (items) => unverifiedSection(story, telling.rest, items) },
  ];
}

/** New findings of P0 to P2 that have a line: those in files of the change first, then by severity. */
function annotatedFindings({ audit: { run }, broke, opens, reopens }: Story): readonly SeenFinding[] {
  const touched = new Set(run.files.map(({ path }) => path));
  const inChange = ({ seen: { place } }: SeenFinding): number => (place.path !== undefined && touched.has(place.path) ? 0 : 1);
  return [...broke, ...opens, ...reopens]
    .filter(({ seen: { severity, place } }) => severity !== 'P3' && place.path !== undefined && place.path.length <= LIMITS.address && place.line !== undefined)
    .sort((a, b) => inChange(a) - inChange(b) || compareSeverity(a.seen.severity, b.seen.severity));
}

/** GitHub shows both texts as they are, not as Markdown. */
function annotationOf({ known, seen: { place, severity, title, rule, task } }: SeenFinding): Annotation {
  return {
    path: place.path ?? '', line: place.line ?? 1, level: severity === 'P2' ? 'warning' : 'failure',
    title: plainText(`${severity} ${place.test ?? rule}`, LIMITS.test), message: `${plainText(title, LIMITS.title)} (${plainText(task, LIMITS.task)}, ${known.id})`,
  };
}

function aboutSection(audit: Audit, annotated: number): RootContent[] {
  const { checkRun: _itself, ...links } = audit.links;
  const told = annotated > ANNOTATIONS ? [paragraph(words(`The ${ANNOTATIONS} annotations are the first of ${number(annotated)} new findings that have a line.`))] : [];
  return [...told, paragraph(...footer({ ...audit, links }))];
}
