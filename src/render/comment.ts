/** The comment on a pull request: for its author, in ten seconds; what cannot be acted on is in the fold. */
import type { RootContent } from 'mdast';
import type { Audit } from '../model/audit.ts';
import { commentMarker } from '../model/marker.ts';
import type { Templates } from './fill.ts';
import { BUDGETS, fitDocument, LIST_ITEMS, utf8Bytes, type Section } from './fit.ts';
import { footer, restOfComment } from './sections/about.ts';
import { brokeSection, closesSection, opensSection, reopensSection, type Telling } from './sections/changes.ts';
import { checksLine, checksParagraph } from './sections/checks.ts';
import { commandsSection, idsSection, knownSection, unverifiedCounts } from './sections/known.ts';
import { fold, paragraph, small, words } from './sections/nodes.ts';
import { labelledList, problemsForAuthor, rowsSection } from './sections/problems.ts';
import { startDetails, startSection, startSentences } from './sections/start.ts';
import { tellStory, verb, type Blocking, type Story } from './sections/story.ts';
import { blockSentence, doubtsSection, headedDoubts, overruledSection, verdictHeading } from './sections/verdict.ts';
import { counted, number } from './sections/words.ts';

/** At most 60,000 bytes; the first line is the marker by which the comment is found again. */
export function renderComment(audit: Audit, templates: Templates, blocking: Blocking): string {
  const marker = `${commentMarker(audit.run.context.auditName)}\n`;
  const rest = restOfComment(audit);
  const story = tellStory(audit, blocking);
  const sections = sectionsOf(story, { style: 'plain', rest, minor: 'counted' });
  return `${marker}${fitDocument({ template: templates.comment, sections, budget: BUDGETS.comment - utf8Bytes(marker), items: LIST_ITEMS.comment, rest })}`;
}

function sectionsOf(story: Story, telling: Telling): readonly Section[] {
  const { audit } = story;
  return [
    { zone: 'verdict', name: 'verdict', weight: 'kept', render: (items) => verdictSection(story, telling, items) },
    { zone: 'broke', name: 'broken tests', weight: 'kept', render: (items) => brokeSection(story, telling, items) },
    { zone: 'opens', name: 'what opened', weight: 'kept', render: (items) => opensSection(story, telling, items) },
    { zone: 'reopens', name: 'what reopened', weight: 'kept', render: (items) => reopensSection(story, telling, items) },
    { zone: 'doubts', name: 'what is not proven', weight: 'kept', render: (items) => doubtsSection(story, items) },
    { zone: 'footer', name: 'footer', weight: 'kept', render: () => [small(...footer(audit))] },
    { zone: 'closes', name: 'what closed', weight: 'kept', render: (items) => closesSection(story, telling, items) },
    { zone: 'checks', name: 'checks', weight: 'kept', render: () => (isQuiet(story) ? [] : checksParagraph(story)) },
    { zone: 'start', name: 'starting point', weight: 'droppable', render: (items) => (isFirstNews(story) ? [] : startSection(story, telling, items)) },
    { zone: 'fold', name: 'known findings, ids and commands', weight: 'droppable', render: (items) => foldSection(story, telling, items) },
  ];
}

/** Nothing to tell but that all is well: one sentence instead of sections. */
function isQuiet({ audit, unrecorded, opens, reopens, closes }: Story): boolean {
  return unrecorded === undefined && audit.verdict.outcome === 'pass' && opens.length + reopens.length + closes.length === 0;
}

/** That there is nothing to compare with is the news itself. */
function isFirstNews({ audit: { verdict } }: Story): boolean {
  return verdict.rows[0]?.rule === 'first-run';
}

function verdictSection(story: Story, { rest }: Telling, items: number): RootContent[] {
  const heading = [verdictHeading(story, 3), ...overruledSection(story)];
  if (isQuiet(story)) return [...heading, paragraph(words(`Nothing ${verb(story, 'opens')}, nothing ${verb(story, 'closes')}${story.audit.overruled === undefined ? ', nothing blocks' : ''}. `), ...quietChecks(story))];
  if (isFirstNews(story)) {
    return [...heading, paragraph(...blockSentence(story), words(' '), ...startSentences(story)), ...startDetails(story, rest)];
  }
  const { inline, list } = headedDoubts(story, items);
  return [...heading, paragraph(...blockSentence(story), ...inline), ...list];
}

function quietChecks(story: Story) {
  const total = story.audit.run.tasks.length;
  const done = story.finished.length;
  const lead = done < total ? `${number(done)} of ${number(total)} checks ran to the end: ` : `${total === 1 ? 'The check' : total === 2 ? 'Both checks' : `All ${number(total)} checks`} ran to the end: `;
  return [words(lead), ...checksLine(story)];
}

function foldSection(story: Story, { rest }: Telling, items: number): RootContent[] {
  const { comparison, verdict } = story.audit;
  const isKnown = comparison.persisting.length + comparison.waived.length > 0;
  const ids = idsSection(story, items);
  const commands = commandsSection(story, items);
  const { evidence, notices } = problemsForAuthor(story);
  const label = [
    isKnown ? `${number(comparison.persisting.length + comparison.waived.length)} known before` : '',
    comparison.unverified.length > 0 ? `${number(comparison.unverified.length)} not checked` : '',
    evidence.length > 0 ? `${counted(evidence.length, 'problem')} with evidence` : '',
    notices.length > 0 ? counted(notices.length, 'notice') : '',
    [ids.length > 0 ? 'ids' : '', commands.length > 0 ? 'commands' : ''].filter((part) => part !== '').join(' and '),
  ].filter((part) => part !== '').join(' · ');
  return fold(label === '' ? 'What decided' : label.charAt(0).toUpperCase() + label.slice(1), [
    ...knownSection(story), ...unverifiedCounts(story, items), ...(verdict.rows.length > 1 ? rowsSection(story, 0) : []),
    ...labelledList('Problems', evidence, { rest, items }), ...labelledList('Notices', notices, { rest, items }), ...ids, ...commands,
  ]);
}
