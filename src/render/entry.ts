/** The entry of a run, written as the log writes its entries. */
import type { List, ListItem, PhrasingContent, RootContent } from 'mdast';
import type { Audit } from '../model/audit.ts';
import type { EntryField, EntryLabel, EntryStyle, ListStyle } from '../model/entry-style.ts';
import { visible } from '../model/visible.ts';
import { toMarkdown } from './markdown.ts';
import { artifacts, changeSummary, filesTouched, migrationNotes } from './entry/changes.ts';
import { findingsClosed, findingsOpened } from './entry/findings.ts';
import { followUps } from './entry/follow-ups.ts';
import { branch, commit, date, end, mode, NOT_AVAILABLE, operator, outcome, scope, start } from './entry/identity.ts';
import { keyFindings } from './entry/key-findings.ts';
import { line, type EntryContext, type Line, type Section } from './entry/line.ts';
import { build, commands, dbQueries, logs, perfNotes, staticChecks, tests, verification, verificationSteps } from './entry/verification.ts';

const SECTIONS: Readonly<Record<EntryField, Section>> = {
  branch, commit, operator, mode, scope, outcome, start, end, date,
  'key-findings': keyFindings, 'findings-opened': findingsOpened, 'findings-closed': findingsClosed,
  artifacts, 'change-summary': changeSummary, 'files-touched': filesTouched, 'migration-notes': migrationNotes, 'perf-notes': perfNotes,
  verification, tests, logs, 'db-queries': dbQueries, 'static-checks': staticChecks, build, commands, 'verification-steps': verificationSteps,
  'follow-ups': followUps, 'owner-due': followUps,
  unknown: () => [line(NOT_AVAILABLE)],
};

/** Fields under which problems and task results can be told. */
const PLACES_TO_TELL: readonly EntryField[] = ['tests', 'verification', 'static-checks', 'build', 'commands', 'key-findings'];
const KEY_FINDINGS: EntryLabel = { field: 'key-findings', label: 'Key findings', inline: false, code: false, children: [] };

/** Heading and labelled list with `\n` line ends, ending in one; no marker. A log without any label for results gets one: they must be said. */
export function renderEntry(audit: Audit, style: EntryStyle): string {
  const fields = new Set(leavesOf(style.labels).map(({ field }) => field));
  const isTellable = PLACES_TO_TELL.some((field) => fields.has(field));
  const labels = isTellable ? style.labels : [...style.labels, KEY_FINDINGS];
  const heading: RootContent = { type: 'heading', depth: depthOf(style.level), children: line(`${audit.runId}${style.separator}${audit.run.context.end}`) };
  const body = labelList(labels, { audit, fields }, style.list);
  return `${toMarkdown([heading])}${style.blankAfterHeading ? '\n' : ''}${toMarkdown([body], style.list)}`;
}

function leavesOf(labels: readonly EntryLabel[]): EntryLabel[] {
  return labels.flatMap((label) => (label.children.length === 0 ? [label] : leavesOf(label.children)));
}

function depthOf(level: number): 1 | 2 | 3 | 4 | 5 | 6 {
  return ([1, 2, 3, 4, 5, 6] as const).find((depth) => depth === level) ?? 2;
}

function labelList(labels: readonly EntryLabel[], context: EntryContext, style: ListStyle): List {
  return list(labels.map((label) => labelItem(label, context, style)));
}

function labelItem(label: EntryLabel, context: EntryContext, style: ListStyle): ListItem {
  const name = labelName(label.label, style);
  if (label.children.length > 0) return item(name, labelList(label.children, context, style));
  const lines = SECTIONS[label.field](context, label).filter(({ length }) => length > 0);
  const [first = line(NOT_AVAILABLE), ...more] = lines;
  if (label.inline && more.length === 0) return item(line(name, ' ', first));
  return item(name, list([first, ...more].map((one) => item(one))));
}

/** As the log writes it. The label is the log's own text: nothing in it is made live, and nothing but its marks is changed. */
function labelName(label: string, { boldLabels }: ListStyle): Line {
  const value = `${visible(label).replace(/\s+/g, ' ').trim()}:`;
  return boldLabels ? [{ type: 'strong', children: [{ type: 'text', value }] }] : line(value);
}

function list(children: ListItem[]): List {
  return { type: 'list', ordered: false, spread: false, children };
}

function item(content: PhrasingContent[], nested?: List): ListItem {
  return { type: 'listItem', spread: false, children: [{ type: 'paragraph', children: content }, ...(nested === undefined ? [] : [nested])] };
}
