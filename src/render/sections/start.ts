/** Starting points: findings that were there when a branch, or a check, was first audited. Counts, and by name only what is grave. */
import type { RootContent } from 'mdast';
import type { SeenFinding } from '../../model/comparison.ts';
import { codeSpan, text } from '../untrusted.ts';
import type { Telling } from './changes.ts';
import { findingList, placeCode, seenLine } from './finding-lines.ts';
import { LIMITS } from './limits.ts';
import { bullets, joined, paragraph, strong, words, type Inline } from './nodes.ts';
import { bySeverity, type Story } from './story.ts';
import { counted, number, severitiesOf } from './words.ts';

const NAMED = 5;
const TASKS = 12;

/** What a first audit takes as given, as sentences. */
export function startSentences({ audit: { run, comparison }, tense }: Story): Inline[] {
  const count = comparison.adopted.length;
  const base = run.context.pullRequest?.baseBranch;
  if (count === 0) return [words('Nothing was found that was here before; from the next audit on you see what opens and closes.')];
  const taken = `${counted(count, 'finding')} ${count === 1 ? 'counts' : 'count'} as already there`;
  if (tense === 'past' || base === undefined) return [words(`${taken} and ${count === 1 ? 'is' : 'are'} the starting point; from now on you see only what opens and closes.`)];
  return [words(`${taken} and ${count === 1 ? 'becomes' : 'become'} the starting point on `), codeSpan(base, LIMITS.branch), words('; then you see only what a change opens.')];
}

/** The grave ones by name; the line of checks counts the rest. */
export function startDetails({ audit }: Story, rest: readonly Inline[]): RootContent[] {
  const grave = graveOf(audit.comparison.adopted);
  const look = grave.length === 0 ? [] : [paragraph(
    strong(words('Worth a look now')), words(`, ${lookCount(grave)}: `),
    ...joined(grave.slice(0, NAMED).map(({ seen }) => [...placeOrTitle(seen, audit.links)]), ', '),
    ...(grave.length > NAMED ? [words(` and ${number(grave.length - NAMED)} more `), ...rest] : []), words('.'),
  )];
  return look;
}

function lookCount(grave: readonly SeenFinding[]): string {
  const told = severitiesOf(grave.map(({ seen }) => seen));
  return /^P\d$/.test(told) ? `${number(grave.length)} × ${told}` : told;
}

function placeOrTitle(seen: SeenFinding['seen'], links: Parameters<typeof placeCode>[2]): Inline[] {
  return seen.place.path === undefined ? text(seen.title, LIMITS.title) : placeCode(seen.place.path, seen.place.line, links);
}

function isGrave({ seen: { severity } }: SeenFinding): boolean {
  return severity === 'P0' || severity === 'P1';
}

function graveOf(adopted: readonly SeenFinding[]): readonly SeenFinding[] {
  return bySeverity(adopted.filter(isGrave), ({ seen }) => seen.severity);
}

/** `eslint 3,870 · ruff 130`, the largest first. */
function byTask(pairs: readonly SeenFinding[]): Inline[] {
  const counts = countByTask(pairs);
  const shown = counts.slice(0, TASKS).map(([task, count]): Inline[] => [...text(task, LIMITS.task), words(` ${number(count)}`)]);
  const hidden = counts.length - shown.length;
  return joined(hidden === 0 ? shown : [...shown, [words(`${number(hidden)} more`)]], ' · ');
}

function countByTask(pairs: readonly Readonly<{ seen: Readonly<{ task: string }> }>[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const { seen: { task } } of pairs) counts.set(task, (counts.get(task) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}

/** First run: what is taken as given. Later: the checks that were used for the first time. */
export function startSection(story: Story, { rest, style }: Telling, items: number): RootContent[] {
  const { comparison: { firstRun, adopted } } = story.audit;
  if (!firstRun && adopted.length === 0) return [];
  const details = style === 'plain' ? startDetails(story, rest) : startList(story, rest, items);
  if (firstRun) return [paragraph(strong(words('First audit')), words(': '), ...startSentences(story)), ...details];
  const tasks = countByTask(adopted).slice(0, TASKS).map(([task, count]): Inline[] => [
    ...text(task, LIMITS.task), words(`: ${counted(count, 'finding')} ${count === 1 ? 'counts' : 'count'} as already there, not as new`),
  ]);
  return [paragraph(strong(words('Ran for the first time'))), bullets(tasks), ...(graveOf(adopted).length === 0 ? [] : details.slice(0, 1))];
}

/** The grave ones one by one with their ids, the rest by task, for those who have the room. */
function startList({ audit }: Story, rest: readonly Inline[], items: number): RootContent[] {
  const grave = graveOf(audit.comparison.adopted);
  const others = audit.comparison.adopted.filter((pair) => !isGrave(pair));
  const list = grave.length === 0 ? [] : [findingList({ findings: grave, items, line: (pair) => seenLine(pair, audit, 'ids'), severity: ({ seen }) => seen.severity, rest })];
  return others.length === 0 ? list : [...list, paragraph(words(grave.length === 0 ? 'By check: ' : 'The rest: '), ...byTask(others), words('.'))];
}
