/** The job summary: the whole story of one run, for those who come to find out. */
import type { RootContent } from 'mdast';
import { UNRECORDED, UNSURE, type Audit } from '../model/audit.ts';
import type { ChangedFile } from '../model/run.ts';
import type { Templates } from './fill.ts';
import { BUDGETS, fitDocument, LIST_ITEMS, type Section } from './fit.ts';
import { footer, recorded, restOfSummary } from './sections/about.ts';
import { brokeSection, closesSection, opensSection, reopensSection, type Telling } from './sections/changes.ts';
import { checksTable } from './sections/checks.ts';
import { failureDetails } from './sections/details.ts';
import { knownSection, unverifiedSection } from './sections/known.ts';
import { LIMITS } from './sections/limits.ts';
import { bullets, fold, paragraph, small, strong, words, type Inline } from './sections/nodes.ts';
import { problemsSection, rowsSection } from './sections/problems.ts';
import { startSection } from './sections/start.ts';
import { tellStory, type Blocking, type Story } from './sections/story.ts';
import { blockSentence, doubtsSection, headedDoubts, overruledSection, verdictHeading } from './sections/verdict.ts';
import { counted, number } from './sections/words.ts';
import { codeBlock, codeSpan, text } from './untrusted.ts';

/** `entry`: what the log should hold and does not, or perhaps does not. */
export type SummaryOptions = Blocking & Readonly<{ entry?: string }>;

/** At most 1,000,000 bytes. */
export function renderSummary(audit: Audit, templates: Templates, { entry = '', ...blocking }: SummaryOptions): string {
  const rest = restOfSummary(audit);
  const sections = [...sectionsOf(tellStory(audit, blocking), { style: 'ids', rest, minor: 'listed' }), entrySection(entry)];
  return fitDocument({ template: templates.summary, sections, budget: BUDGETS.summary, items: LIST_ITEMS.summary, rest });
}

function sectionsOf(story: Story, telling: Telling): readonly Section[] {
  const { audit } = story;
  return [
    { zone: 'verdict', name: 'verdict', weight: 'kept', render: (items) => verdictSection(story, items) },
    { zone: 'checks', name: 'checks', weight: 'kept', render: (items) => checksTable(story, telling.rest, items) },
    { zone: 'doubts', name: 'what is not proven', weight: 'kept', render: (items) => doubtsSection(story, items) },
    { zone: 'broke', name: 'broken tests', weight: 'kept', render: (items) => brokeSection(story, telling, items) },
    { zone: 'opens', name: 'what opened', weight: 'kept', render: (items) => opensSection(story, telling, items) },
    { zone: 'reopens', name: 'what reopened', weight: 'kept', render: (items) => reopensSection(story, telling, items) },
    { zone: 'about', name: 'about', weight: 'kept', render: () => aboutSection(audit) },
    { zone: 'rules', name: 'what decided', weight: 'kept', render: (items) => rowsSection(story, items) },
    { zone: 'closes', name: 'what closed', weight: 'kept', render: (items) => closesSection(story, telling, items) },
    { zone: 'start', name: 'starting point', weight: 'kept', render: (items) => startSection(story, telling, items) },
    { zone: 'problems', name: 'problems', weight: 'droppable', render: (items) => problemsSection(story, telling.rest, items) },
    { zone: 'known', name: 'known findings', weight: 'droppable', render: () => knownSection(story) },
    { zone: 'unverified', name: 'what was not checked', weight: 'droppable', render: (items) => unverifiedSection(story, telling.rest, items) },
    { zone: 'details', name: 'details of failing tests', weight: 'droppable', render: (items) => failureDetails(story, items) },
    { zone: 'files', name: 'files touched', weight: 'droppable', render: (items) => filesSection(audit, items) },
  ];
}

function verdictSection(story: Story, items: number): RootContent[] {
  const { verdict: { outcome, reason } } = story.audit;
  const { inline, list } = headedDoubts(story, items);
  const why: Inline[] = outcome === 'pass' ? [...text(`${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`, LIMITS.reason), words(' ')] : [];
  return [verdictHeading(story, 2), ...overruledSection(story), paragraph(...why, ...blockSentence(story), ...inline), ...list];
}

function filesSection(audit: Audit, items: number): RootContent[] {
  const { files } = audit.run;
  if (files.length === 0) return [];
  const lines = files.slice(0, items).map(fileLine);
  const hidden = files.length - lines.length;
  const more: Inline[][] = hidden === 0 ? [] : [[words(`${lines.length === 0 ? '' : 'and '}${number(hidden)} more `), ...restOfSummary(audit)]];
  return fold(`${counted(files.length, 'file')} touched`, [bullets([...lines, ...more])]);
}

/** As code: it is for carrying into the log, and nothing in it is alive here. */
function entrySection(entry: string): Section {
  return {
    zone: 'entry', name: 'the entry', weight: 'droppable',
    render: () => (entry === '' ? [] : fold('The entry as it would stand in the log', [codeBlock(entry, { lines: 5_000, bytes: 300_000 })])),
  };
}

function fileLine({ path, status, from, uncommitted }: ChangedFile): Inline[] {
  return [
    codeSpan(path, LIMITS.path), words(` ${status}`), ...(from === undefined ? [] : [words(' from '), codeSpan(from, LIMITS.path)]), ...(uncommitted ? [words(' (not committed)')] : []),
  ];
}

function aboutSection(audit: Audit): RootContent[] {
  return [paragraph(...whereRecorded(audit)), small(...footer(audit))];
}

function whereRecorded({ runId, logPath, recordPath, links }: Audit): Inline[] {
  if (runId === UNRECORDED) return [strong(words('Not recorded')), words(': the run log got no entry of this run.')];
  if (runId === UNSURE) return [strong(words('Perhaps recorded')), words(': whether the entry is in '), ...recorded(logPath, links), words(' is not known. Look there; recording again writes nothing twice.')];
  return [words('The entry is '), strong(...text(runId, LIMITS.name)), words(' in '), ...recorded(logPath, links), words(', its record '), ...recorded(recordPath, links), words('.')];
}
