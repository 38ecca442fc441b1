/** The head of every document: verdict with its reason, whether it blocks and until when, and what decided it. */
import type { RootContent } from 'mdast';
import type { Overruling } from '../../model/documents.ts';
import { UNSURE } from '../../model/audit.ts';
import { codeSpan, link, text } from '../untrusted.ts';
import { doubtSentences, isOwn, type Doubt } from './doubts.ts';
import { headlineOf, isHeaded, phrasing } from './headline.ts';
import { LIMITS } from './limits.ts';
import { bullets, heading, paragraph, strong, words, type Inline } from './nodes.ts';
import type { Story } from './story.ts';
import { counted, number } from './words.ts';

/** The name of an audit is told where a repository may have several. */
const DEFAULT_NAME = 'Audit';

/** `### ❌ Failed: 1 test broke here`. A better verdict does not head what a worse one of the same name overrules. */
export function verdictHeading(story: Story, depth: 2 | 3): RootContent {
  const { mark, verdict, reason } = headlineOf(story);
  const { auditName } = story.audit.run.context;
  const name: Inline[] = auditName === DEFAULT_NAME ? [] : [words(' ('), ...text(auditName, LIMITS.name), words(')')];
  if (story.audit.overruled !== undefined) return heading(depth, ...overruledWords(story.audit.overruled), ...name);
  return heading(depth, words(`${mark} ${verdict}${reason.length === 0 ? '' : ': '}`), ...phrasing(reason), ...name);
}

function overruledWords({ conclusion }: Overruling): Inline[] {
  return [words(conclusion === 'failure' ? '❌ Failed in another audit of this commit' : '🟡 Passed with known gaps in another audit of this commit')];
}

/** Whose verdict heads the document, and what this audit says by itself; nothing where it heads its own. */
export function overruledSection(story: Story): RootContent[] {
  const { overruled } = story.audit;
  if (overruled === undefined) return [];
  const { mark, verdict, reason } = headlineOf(story);
  return [paragraph(
    words('Under the same name, '), ...link([words('another audit')], overruled.url), words(' of this commit ended worse. Give each audit a '), codeSpan('name', LIMITS.name),
    words(' of its own to see both. This one says: '), strong(words(`${mark} ${verdict}`)), words(reason.length === 0 ? '' : ': '), ...phrasing(reason), words('.'),
  )];
}

/** Whether the outcome blocks, and until when; then whether it is still of interest, and whether the log tells of it. */
export function blockSentence(story: Story): Inline[] {
  return [...blockWords(story), ...orderWords(story), ...unrecordedWords(story)];
}

function orderWords({ audit: { run } }: Story): Inline[] {
  const codes = run.problems.map(({ code }) => code);
  if (codes.includes('OLDER_COMMIT')) return [words(' '), strong(words('A newer commit was recorded before')), words(': what that run says holds.')];
  if (codes.includes('ORDER_UNKNOWN')) return [words(' '), strong(words('Perhaps a newer commit was recorded before')), words(': what is known of the branch was left as it was.')];
  return [];
}

function unrecordedWords({ unrecorded, audit }: Story): Inline[] {
  if (unrecorded === undefined) return [];
  const said = audit.runId === UNSURE ? 'Perhaps the run log got no entry' : 'The run log got no entry';
  const step: Inline[] = unrecorded.log === 'required' ? [words(', so the step fails ('), { type: 'inlineCode', value: 'log: required' }, words(')')] : [];
  return [words(' '), strong(words(said)), ...step, words(': '), ...text(unrecorded.problem.message, LIMITS.message)];
}

/** One sentence, of our own words. */
function blockWords(story: Story): Inline[] {
  const { blocks, failOn, audit: { verdict } } = story;
  const [deciding] = verdict.rows;
  if (blocks && verdict.outcome !== 'failed') return [words('Blocks: gaps fail this check ('), { type: 'inlineCode', value: 'fail-on: gaps' }, words(').')];
  if (blocks) return [words(`Blocks until ${untilOf(deciding?.rule ?? '', deciding?.findings.length || doubtsBySide(story).headed.length)}${moreReasons(story)}.`)];
  if (verdict.cancelled) return [words('Does not block, and proves nothing: run it again.')];
  if (verdict.outcome === 'failed') return [words(`Does not block: this check only informs (`), { type: 'inlineCode', value: `fail-on: ${failOn}` }, words(').')];
  return [words(deciding?.rule === 'opened-p2' ? 'Does not block: nothing opened is P1 or worse.' : 'Does not block.')];
}

/** Other rows that fail the audit by themselves; those that only state the headline's doubt as a finding do not count again. */
function moreReasons({ audit: { comparison, verdict } }: Story): string {
  // A cancelled task whose report is useless too is one reason.
  const isSaid = (rule: string): boolean => rule === 'cancelled' && verdict.rows[0]?.rule === 'task-unfinished';
  const own = new Set([...comparison.opened, ...comparison.reopened].filter(({ seen }) => isOwn(seen)).map(({ known }) => known.id));
  const others = verdict.rows.slice(1).filter(({ rule, outcome, findings }) => outcome === 'failed' && !isSaid(rule) && (findings.length === 0 || findings.some((id) => !own.has(id))));
  return others.length === 0 ? '' : `, and for ${counted(others.length, 'more reason')} below`;
}

function untilOf(rule: string, count: number): string {
  switch (rule) {
    case 'test-broke':
    case 'test-still-failing': return count === 1 ? 'the test passes' : 'the tests pass';
    case 'build-failed': return 'the build succeeds';
    case 'task-unfinished':
    case 'cancelled': return count === 1 ? 'it runs to its end and reports' : 'they run to their end and report';
    case 'task-failed': return count === 1 ? 'it passes or a report explains its failure' : 'they pass or reports explain their failures';
    case 'opened-p0-p1':
    case 'open-p0': return count === 1 ? 'it is mended' : 'they are mended';
    case 'no-evidence': return 'a report or a step outcome is given';
    default: return 'this is mended';
  }
}

/** The doubts that the headline speaks of, and the others. */
function doubtsBySide({ audit: { verdict }, doubts }: Story): Readonly<{ headed: readonly Doubt[]; others: readonly Doubt[] }> {
  const rule = verdict.rows[0]?.rule ?? '';
  return { headed: doubts.filter((doubt) => isHeaded(doubt, rule)), others: doubts.filter((doubt) => !isHeaded(doubt, rule)) };
}

/** What the headline's tasks left behind: behind the block sentence for one task, as a list for several. */
export function headedDoubts(story: Story, items: number): Readonly<{ inline: Inline[]; list: RootContent[] }> {
  const { headed } = doubtsBySide(story);
  const [only, ...more] = headed;
  if (only === undefined) return { inline: [], list: [] };
  if (more.length === 0) return { inline: [words(' '), ...doubtSentences(only, story.audit)], list: [] };
  return { inline: [], list: doubtList(headed, story, items) };
}

/** What did not finish, or cannot be believed, beside what the headline says already. */
export function doubtsSection(story: Story, items: number): RootContent[] {
  const { others } = doubtsBySide(story);
  return others.length === 0 ? [] : [paragraph(strong(words('No usable result'))), ...doubtList(others, story, items)];
}

/** All of them, where the headline does not stand beside. */
export function allDoubtsSection(story: Story, items: number): RootContent[] {
  return story.doubts.length === 0 ? [] : [paragraph(strong(words('No usable result'))), ...doubtList(story.doubts, story, items)];
}

function doubtList(doubts: readonly Doubt[], { audit }: Story, items: number): RootContent[] {
  const lines = doubts.slice(0, items).map((doubt): Inline[] => [strong(...text(doubt.task, LIMITS.task)), words(': '), ...doubtSentences(doubt, audit)]);
  const hidden = doubts.length - lines.length;
  return [bullets(hidden === 0 ? lines : [...lines, [words(`and ${number(hidden)} more`)]])];
}
