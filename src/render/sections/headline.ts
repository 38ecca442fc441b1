/** The verdict in a few words: what came out, why, and whether it blocks. For people in a hurry; every document begins with it. */
import type { SeenFinding } from '../../model/comparison.ts';
import type { OutcomeRow } from '../../model/outcome.ts';
import { visible } from '../../model/visible.ts';
import { text } from '../untrusted.ts';
import { unfinishedWords, type Doubt } from './doubts.ts';
import { LIMITS } from './limits.ts';
import { words, type Inline } from './nodes.ts';
import { verb, type Story } from './story.ts';
import { counted, gradesOf, number, plural, severitiesOf, severityCounts } from './words.ts';

/** Our own words, and names from the workflow or a report, which are not trusted. */
export type Phrase = readonly (string | Readonly<{ name: string }>)[];

export type Headline = Readonly<{
  mark: '✅' | '🟡' | '❌' | '⚪';
  /** `Passed with known gaps`. */
  verdict: string;
  /** `opens 2, closes 1`; empty if the verdict says it all. */
  reason: Phrase;
  /** As `reason`, with more in it where there is more to say: for the title of a check. */
  longReason: Phrase;
}>;

export function headlineOf(story: Story): Headline {
  const { verdict } = story.audit;
  const [deciding] = verdict.rows;
  if (deciding === undefined) return passed(story);
  const reason = reasonOf(deciding, story);
  const said = { reason, longReason: ADDS_CHANGES.has(deciding.rule) ? [changes(story, 'severities')] : reason };
  if (verdict.cancelled) return { mark: '⚪', verdict: 'Cancelled', ...said };
  if (verdict.outcome === 'failed') return { mark: '❌', verdict: 'Failed', ...said };
  if (deciding.rule === 'first-run') return { mark: '🟡', verdict: 'First audit', ...said };
  return { mark: '🟡', verdict: 'Passed with known gaps', ...said };
}

/** Rules whose reason is what opened and closed. */
const ADDS_CHANGES: ReadonlySet<string> = new Set(['opened-p2']);

function passed(story: Story): Headline {
  const reason = changes(story, 'numbers');
  if (reason === '') return { mark: '✅', verdict: 'Audit passed', reason: [], longReason: [] };
  return { mark: '✅', verdict: 'Passed', reason: [reason], longReason: [changes(story, 'severities')] };
}

/** `opens 2, closes 1`. */
function changes(story: Story, detail: 'numbers' | 'severities'): string {
  const opens = detail === 'severities' && story.opens.length > 0 ? ` (${severitiesOf(gradesOf(story.opens))})` : '';
  return [
    story.opens.length === 0 ? '' : `${verb(story, 'opens')} ${number(story.opens.length)}${opens}`,
    story.reopens.length === 0 ? '' : `${verb(story, 'reopens')} ${number(story.reopens.length)}`,
    story.closes.length === 0 ? '' : `${verb(story, 'closes')} ${number(story.closes.length)}`,
  ].filter((part) => part !== '').join(', ');
}

/** In the words of this file where it has some, else in those of the row. */
function reasonOf(row: OutcomeRow, story: Story): Phrase {
  const tasks = TASK_ROWS[row.rule];
  const doubts = tasks === undefined ? [] : story.doubts.filter(tasks.matches);
  if (tasks !== undefined) return named(row.rule === 'task-unfinished' ? unfinished(doubts) : tasks, doubts.map(({ task }) => task), row);
  const { run, comparison } = story.audit;
  switch (row.rule) {
    case 'test-broke': return [comparison.firstRun ? failing(story.broke.length) : `${counted(story.broke.length, 'test')} broke${story.tense === 'present' ? ' here' : ''}`];
    case 'build-failed': return named(FAILED, run.tasks.filter((task) => task.kind === 'build' && task.required && task.outcome === 'failed').map(({ name }) => name), row);
    case 'opened-p0-p1': return grave(story) === '' ? disagreeing(story, row) : [grave(story)];
    case 'opened-p2': return story.opens.length + story.reopens.length === 0 ? disagreeing(story, row) : [changes(story, 'numbers')];
    case 'first-run': return ['nothing to compare with yet'];
    default: return [{ name: row.reason }];
  }
}

type Forms = Readonly<{ one: string; many: string }>;
type TaskRow = Forms & Readonly<{ matches(doubt: Doubt): boolean }>;

function unfinished(doubts: readonly Doubt[]): Forms {
  const kinds = new Set(doubts.map(unfinishedWords));
  const [only] = kinds;
  return { one: `${only ?? ''}, so it proves nothing`, many: `${kinds.size === 1 ? (only ?? '').replace('has', 'have') : 'left no usable result'}, so they prove nothing` };
}

const FAILED: Forms = { one: 'failed', many: 'failed' };
const DISAGREE: Forms = { one: 'is told differently by its step and its report', many: 'are told differently by their steps and reports' };

/** Rows that speak of tasks: which ones, and what is said of them. */
const TASK_ROWS: Readonly<Record<string, TaskRow>> = {
  'task-unfinished': { one: 'left no usable result', many: 'left no usable result', matches: (doubt) => doubt.required && (doubt.what === 'unfinished' || doubt.what === 'cancelled') },
  'task-failed': { one: 'failed, and no report says why', many: 'failed, and no report says why', matches: (doubt) => doubt.required && doubt.what === 'unexplained' && doubt.kind !== 'build' },
  cancelled: { one: 'did not run to its end', many: 'did not run to their end', matches: ({ what }) => what === 'cancelled' },
  'optional-task': { one: 'gave no good result', many: 'gave no good result', matches: (doubt) => !doubt.required && (doubt.what === 'unfinished' || doubt.what === 'unexplained') },
  'task-skipped': { one: 'was skipped', many: 'were skipped', matches: ({ what }) => what === 'skipped' },
  'task-absent': { one: 'did not run this time', many: 'did not run this time', matches: ({ what }) => what === 'absent' },
  'vanishing-held': { one: 'lost too many findings at once to believe it', many: 'lost too many findings at once to believe it', matches: ({ what }) => what === 'held' },
};

/** The doubts that the deciding row, and so the headline, speaks of. */
export function isHeaded(doubt: Doubt, rule: string): boolean {
  if (rule === 'build-failed') return doubt.required && doubt.what === 'unexplained' && doubt.kind === 'build';
  return TASK_ROWS[rule]?.matches(doubt) ?? false;
}

function failing(count: number): string {
  return `${counted(count, 'test')} ${count === 1 ? 'fails' : 'fail'}`;
}

/** `opens 1 P0 and 2 P1 findings`; empty if none is of these. */
function grave(story: Story): string {
  const isGrave = ({ seen }: SeenFinding): boolean => seen.severity === 'P0' || seen.severity === 'P1';
  const opened = story.opens.filter(isGrave);
  const all = gradesOf([...opened, ...story.reopens.filter(isGrave)]);
  if (all.length === 0) return '';
  const counts = severityCounts(all).map(([severity, count]) => `${number(count)} ${severity}`).join(' and ');
  return `${verb(story, opened.length === 0 ? 'reopens' : 'opens')} ${counts} ${plural(all.length, 'finding')}`;
}

/** What opened is only about our own evidence. */
function disagreeing(story: Story, row: OutcomeRow): Phrase {
  return named(DISAGREE, story.doubts.filter(({ what }) => what === 'contradicts').map(({ task }) => task), row);
}

function named({ one, many }: Forms, [first, ...more]: readonly string[], row: OutcomeRow): Phrase {
  if (first === undefined) return [{ name: row.reason }];
  return more.length === 0 ? [{ name: first }, ` ${one}`] : [{ name: first }, ` and ${number(more.length)} more ${many}`];
}

/** For Markdown. */
export function phrasing(phrase: Phrase): Inline[] {
  return phrase.flatMap((part) => (typeof part === 'string' ? [words(part)] : text(part.name, LIMITS.name)));
}

/** For where GitHub shows plain text: one line, nothing that acts in it, names cut. */
export function plainPhrase(phrase: Phrase, nameLimit: number): string {
  return phrase.map((part) => (typeof part === 'string' ? part : plainText(part.name, nameLimit))).join('');
}

/** One line of at most `limit` UTF-16 units, never cut inside a character. */
export function plainText(value: string, limit: number): string {
  const line = visible(value.slice(0, 4 * limit)).replace(/[\ud800-\udfff]/gu, '\ufffd').replace(/\s+/g, ' ').trim();
  if (line.length <= limit) return line;
  return `${line.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, '').trimEnd()}…`;
}
