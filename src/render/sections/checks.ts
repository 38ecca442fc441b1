/** The tasks of an audit: on one line for a comment, as a table for check and summary. */
import type { RootContent } from 'mdast';
import type { Task } from '../../model/task.ts';
import { codeSpan, text } from '../untrusted.ts';
import { isOwn, unfinishedWords, type Doubt } from './doubts.ts';
import { LIMITS } from './limits.ts';
import { joined, paragraph, strong, table, words, type Inline } from './nodes.ts';
import { isFailingTest, type Story } from './story.ts';
import { counted, number, plural } from './words.ts';

/** Tasks named on the one line of a comment. */
const LINE_TASKS = 12;

/** Findings of one task: `fresh` opened or reopened in this run, `known` before it, `adopted` taken over as the starting point. */
type Tally = Readonly<{ fresh: number; known: number; adopted: number; freshFailures: number }>;

const NO_TALLY: Tally = { fresh: 0, known: 0, adopted: 0, freshFailures: 0 };

function talliesOf({ audit: { comparison }, broke, opens, reopens }: Story): ReadonlyMap<string, Tally> {
  const tallies = new Map<string, Tally>();
  const add = (pairs: Story['opens'], key: keyof Tally): void => {
    for (const { seen: { task } } of pairs) {
      const tally = tallies.get(task) ?? NO_TALLY;
      tallies.set(task, { ...tally, [key]: tally[key] + 1 });
    }
  };
  add(broke, 'freshFailures');
  add([...opens, ...reopens], 'fresh');
  add(comparison.persisting.filter((pair) => !isFailingTest(pair) && !isOwn(pair.seen)), 'known');
  add(comparison.adopted, 'adopted');
  return tallies;
}

type Row = Readonly<{ task: Task; tally: Tally; doubt: Doubt | undefined }>;

function rowsOf(story: Story): readonly Row[] {
  const tallies = talliesOf(story);
  const doubts = new Map(story.doubts.map((doubt) => [doubt.task, doubt]));
  return story.audit.run.tasks.map((task) => ({ task, tally: tallies.get(task.name) ?? NO_TALLY, doubt: doubts.get(task.name) }));
}

/** `test 1,284 · **eslint 1 new**, 41 known · ruff` */
export function checksLine(story: Story): Inline[] {
  const rows = rowsOf(story);
  const shown = rows.length <= LINE_TASKS ? rows : [...rows].sort((a, b) => Number(isGood(a)) - Number(isGood(b))).slice(0, LINE_TASKS);
  const hidden = rows.length - shown.length;
  return joined([...shown.map(rowWords), ...(hidden === 0 ? [] : [[words(`${number(hidden)} more`)]])], ' · ');
}

export function checksParagraph(story: Story): RootContent[] {
  return story.audit.run.tasks.length === 0 ? [] : [paragraph(...checksLine(story))];
}

function isGood({ task, tally, doubt }: Row): boolean {
  return task.outcome === 'passed' && doubt === undefined && tally.fresh + tally.freshFailures === 0;
}

function rowWords({ task, tally, doubt }: Row): Inline[] {
  const name = text(task.name, LIMITS.task);
  const loud = (what: string): Inline => strong(...name, words(` ${what}`));
  const { tests, failures, errors } = task.counts;
  const bad = failures + errors;
  switch (doubt?.what) {
    case 'unfinished': return [loud(unfinishedWords(doubt))];
    case 'unexplained': return [loud('failed')];
    case 'cancelled': return [loud('cancelled')];
    case 'skipped': return [loud('skipped')];
    default: break;
  }
  if (task.outcome === 'skipped') return [...name, words(' skipped')];
  if (tally.freshFailures > 0) return [loud(`${number(bad || tally.freshFailures)} failed`), words(tests === 0 ? '' : ` of ${number(tests)}`)].filter(isFilled);
  if (bad > 0) return [...name, words(` ${number(bad)} of ${number(tests)} failed as before`)];
  if (tally.fresh > 0) return [loud(`${number(tally.fresh)} new`), ...(tally.known === 0 ? [] : [words(`, ${number(tally.known)} known`)])];
  const count = tests > 0 ? number(tests) : tally.adopted > 0 ? `${number(tally.adopted)} found` : tally.known > 0 ? `${number(tally.known)} known` : '';
  return count === '' ? name : [...name, words(` ${count}`)];
}

function isFilled(node: Inline): boolean {
  return node.type !== 'text' || node.value !== '';
}

/** Check, result, counts, command; the rows that are not shown are counted below the table. */
export function checksTable(story: Story, rest: readonly Inline[], items: number): RootContent[] {
  return tableOf(rowsOf(story), rest, { items, result: resultCell });
}

/** As the reports and steps say, compared with nothing. */
export function bareChecksTable(tasks: readonly Task[], rest: readonly Inline[], items: number): RootContent[] {
  const result = ({ task: { outcome } }: Row): Inline[] => [outcome === 'passed' || outcome === 'skipped' ? words(outcome) : strong(words(outcome))];
  return tableOf(tasks.map((task) => ({ task, tally: NO_TALLY, doubt: undefined })), rest, { items, result });
}

function tableOf(rows: readonly Row[], rest: readonly Inline[], { items, result }: Readonly<{ items: number; result(row: Row): Inline[] }>): RootContent[] {
  if (rows.length === 0) return [];
  const shown = rows.slice(0, items).map((row) => [text(row.task.name, LIMITS.task), result(row), [words(countsOf(row))], commandCell(row.task)]);
  const hidden = rows.length - shown.length;
  const more = hidden === 0 ? [] : [paragraph(words(`${shown.length === 0 ? '' : 'and '}${number(hidden)} more ${plural(hidden, 'check')} `), ...rest, words('.'))];
  return shown.length === 0 ? more : [table(['Check', 'Result', 'Counts', 'Command'], shown), ...more];
}

function resultCell({ task, tally, doubt }: Row): Inline[] {
  if (doubt?.what === 'unfinished') return [strong(words(unfinishedWords(doubt)))];
  if (task.outcome !== 'failed') return [words(task.outcome)];
  if (doubt !== undefined || tally.fresh + tally.freshFailures > 0) return [strong(words('failed'))];
  return [words(tally.adopted > 0 ? 'failed' : 'failed as before')];
}

/** `128 passed, 2 skipped`, `42 findings: 1 new, 41 known`. */
function countsOf({ task: { counts, outcome, reported }, tally }: Row): string {
  const { tests, passed, failures, errors, skipped, flaky, findings } = counts;
  const results = [
    [passed, 'passed'], [failures, 'failed'], [errors, plural(errors, 'error')], [skipped, 'skipped'], [flaky, 'flaky'],
  ] as const;
  const told = tests === 0 ? [] : results.filter(([count], at) => count > 0 || at === 0).map(([count, word]) => `${number(count)} ${word}`);
  const kinds = [[tally.fresh, 'new'], [tally.known, 'known'], [tally.adopted, 'already there']] as const;
  const split = kinds.filter(([count]) => count > 0);
  const [only] = split;
  if (findings === 1 && only !== undefined) told.push(`1 finding, ${only[1]}`);
  else if (only?.[0] === findings && findings > 0) told.push(`${counted(findings, 'finding')}, all ${only[1]}`);
  else if (findings > 0) told.push(`${counted(findings, 'finding')}${split.length === 0 ? '' : ': '}${split.map(([count, word]) => `${number(count)} ${word}`).join(', ')}`);
  if (told.length > 0) return told.join(', ');
  return reported === 'passed' && outcome === 'passed' ? 'no findings' : '–';
}

function commandCell({ commands, exitStatus }: Task): Inline[] {
  if (commands.length === 0) return [words('not known')];
  const shown = joined(commands.slice(0, 3).map((command) => [codeSpan(command, LIMITS.command)]), ', ');
  const more = commands.length > 3 ? [words(` and ${commands.length - 3} more`)] : [];
  return [...shown, ...more, ...(exitStatus === undefined ? [] : [words(` (exit ${exitStatus})`)])];
}
