/** Sorts the outline of notes into the lists of `Notes`. */
import type { Notes } from '../model/notes.ts';
import { looksLikeFollowUp, readFollowUp } from './follow-up.ts';
import { codeSpan, plainText } from './inline.ts';
import { countsItems, isPlaceholder, namesFinding, nestingOf, placeOf, saysNothing, splitLabel, type Place, type SectionName } from './note-sections.ts';
import type { OutlineNode, OutlinePart } from './outline.ts';

export type NotesDraft = { -readonly [Key in Exclude<keyof Notes, 'sources'>]: Notes[Key][number][] };

/** Where the items under a heading or label go; `name` is told where they stay unsorted. `group`: its labelled lists are looked at one by one. */
type Target = Readonly<{ place: SectionName | 'group'; name: string }>;
type Heading = Readonly<{ level: number; target: Target }>;
/** A label inside a section, standing before its items. */
type Item = Readonly<{ text: string; task?: OutlineNode['task'] | undefined }>;

/** Adds what the parts of one document say. */
export function sortParts(parts: readonly OutlinePart[], draft: NotesDraft): void {
  const open: Heading[] = [];
  for (const { heading, level, nodes } of parts) {
    while ((open.at(-1)?.level ?? 0) >= level && open.length > 0) open.pop();
    const name = heading === null ? 'Notes' : plainText(heading);
    const place = heading === null ? null : placeOf(name);
    const around = open.at(-1)?.target.place ?? 'group';
    if (place === null && belongsAbove(around, name) && !nodes.some((node) => (paragraphLabel(node)?.place ?? null) !== null)) {
      sortSubsection({ place: around, name }, nodes, draft);
      continue;
    }
    const target: Target = { place: place === null || place === 'transparent' ? 'group' : place, name };
    open.push({ level, target });
    sortNodes(target, nodes, draft);
  }
}

/** Whether an unknown heading inside a known section is part of it. `Remaining` under `Findings closed` must not be. */
function belongsAbove(around: Target['place'], name: string): boolean {
  const nesting = nestingOf(around);
  return nesting === 'finding' ? namesFinding(name) : nesting !== 'joined';
}

/** One finding told under its own heading, or a name above items. */
function sortSubsection(target: Target, nodes: readonly OutlineNode[], draft: NotesDraft): void {
  const nesting = nestingOf(target.place);
  const texts = nodes.flatMap((node) => itemsOf(target.place, node));
  if (nesting === 'finding') addItem(target, { text: joinTexts(target.name, texts.map(({ text }) => text), false) }, draft);
  else for (const item of texts) addItem(target, nesting === 'prefix' ? { ...item, text: `${target.name}: ${item.text}` } : item, draft);
}

/** Paragraphs that begin with a label (`**Files changed:**`) are headings below all others; what such a label opens ends at the next. */
function sortNodes(target: Target, nodes: readonly OutlineNode[], draft: NotesDraft): void {
  let open = target;
  for (let at = 0; at < nodes.length; ) {
    const [first, ...rest] = nodes.slice(at, nextLabel(nodes, at + 1));
    if (first === undefined) return;
    at += 1 + rest.length;
    const label = paragraphLabel(first);
    if (label !== null && label.place !== null) {
      open = { place: label.place === 'transparent' ? open.place : label.place, name: label.name };
      if (label.value !== '') addItem(open, { text: label.value }, draft);
    } else if (label?.value === '' && rest.length > 0) {
      open = { place: 'group', name: label.name };
      if (belongsAbove(target.place, label.name)) {
        sortSubsection({ place: target.place, name: label.name }, rest, draft);
        continue;
      }
    } else {
      if (label !== null) open = target;
      sortNode(open, first, draft);
    }
    for (const node of rest) sortNode(open, node, draft);
  }
}

function nextLabel(nodes: readonly OutlineNode[], from: number): number {
  let at = from;
  for (let node = nodes[at]; node !== undefined && paragraphLabel(node) === null; node = nodes[at]) at += 1;
  return at;
}

/** `place` is null for words that are not known. */
type Label = Readonly<{ place: Place | null; name: string; value: string; bold: boolean }>;

/** A label that stands as a heading does: bold, or a known one with nothing after it. */
function paragraphLabel(node: OutlineNode): Label | null {
  const label = node.kind === 'paragraph' ? labelOf(node) : null;
  return label !== null && (label.bold || (label.place !== null && label.value === '')) ? label : null;
}

function labelOf(node: OutlineNode): Label | null {
  if (node.kind !== 'item' && node.kind !== 'paragraph') return null;
  const text = plainText(node.text);
  const bold = BOLD_START.test(node.text);
  const whole = bold && BOLD_WHOLE.test(node.text);
  const split = splitLabel(text) ?? (whole && text.length <= 80 && !/[.!?]$/.test(text) ? { label: text, value: '' } : null);
  return split === null ? null : { place: placeOf(split.label), name: split.label, value: split.value, bold };
}

const BOLD_START = /^(?:\*\*|__)[^*_:]{1,80}(?::?(?:\*\*|__))/;
const BOLD_WHOLE = /^(?:\*\*|__)[^*_]{1,80}(?:\*\*|__):?$/;

/** Labels in lists count only where no section is chosen yet: in one, `Tests: two are flaky` is a sentence. */
function sortNode(target: Target, node: OutlineNode, draft: NotesDraft): void {
  const label = labelOf(node);
  if (label !== null && label.place !== null && (target.place === 'group' || (label.place === 'transparent' && label.value === ''))) {
    const below: Target = { place: label.place === 'transparent' ? target.place : label.place, name: label.place === 'transparent' ? target.name : label.name };
    if (label.value !== '') addLabelled(below, { ...node, text: label.value }, draft);
    else for (const child of node.children) sortNode(below, child, draft);
    return;
  }
  if (target.place === 'group') sortUnknown(target, node, draft);
  else for (const item of itemsOf(target.place, node)) addItem(target, item, draft);
}

type Labelled = Item & Pick<OutlineNode, 'children'>;

/** What follows a label in its line is the item, and what is nested below tells more of it; in a group that may be labels again. */
function addLabelled(target: Target, { text, task, children }: Labelled, draft: NotesDraft): void {
  if (target.place === 'group') {
    addItem(target, { text, task }, draft);
    for (const child of children) sortNode(target, child, draft);
    return;
  }
  const below = children.flatMap((child) => itemsOf(target.place, child));
  if (joins(target.place)) addItem(target, { text: joinTexts(text, below.map((item) => item.text), false), task }, draft);
  else for (const item of [{ text, task }, ...below]) addItem(target, item, draft);
}

/** An item outside of all known sections may still hold labelled lists. */
function sortUnknown(target: Target, node: OutlineNode, draft: NotesDraft): void {
  const labelled = new Set(node.children.filter((child) => holdsLabel(child)));
  const rest = { ...node, children: node.children.filter((child) => !labelled.has(child)) };
  if (labelled.size === 0 || plainText(node.text) !== '' || rest.children.length > 0) for (const item of itemsOf('group', rest)) addItem(target, item, draft);
  for (const child of labelled) sortNode(target, child, draft);
}

function holdsLabel(node: OutlineNode): boolean {
  return (labelOf(node)?.place ?? null) !== null || node.children.some((child) => holdsLabel(child));
}

function joins(place: Target['place']): boolean {
  return nestingOf(place) === 'joined' || nestingOf(place) === 'finding';
}

/** One node as items of a section. */
function itemsOf(place: SectionName | 'group', node: OutlineNode): Item[] {
  if (node.kind === 'code') return commandLines(node.lines).map((line) => ({ text: codeSpan(line) }));
  if (node.kind === 'row') return [{ text: rowText(place, node) }];
  const text = plainText(node.text);
  const below = node.children.flatMap((child) => itemsOf(place, child));
  const nesting = nestingOf(place);
  const groups = below.length > 0 && (text === '' || (!joins(place) && text.endsWith(':') && node.children.every(({ kind }) => kind !== 'paragraph')));
  if (groups) return nesting === 'prefix' && text !== '' ? below.map((item) => ({ ...item, text: `${text} ${item.text}` })) : below;
  return [{ text: joinTexts(text, below.map((item) => withTask(item)), node.children[0]?.kind === 'paragraph'), task: node.task }];
}

/** Without prompts; lines that a backslash continues are one. */
function commandLines(lines: readonly string[]): string[] {
  return lines.join('\n').replace(/\\\n/g, ' ').split('\n').map((line) => line.replace(/^\$ /, '')).filter((line) => line.trim() !== '');
}

function joinTexts(text: string, below: readonly string[], follows: boolean): string {
  if (below.length === 0) return text;
  const list = below.map((one, at) => (at < below.length - 1 ? one.replace(/[,;]$/, '') : one)).join('; ');
  return `${text}${follows || /[:.!?]$/.test(text) ? '' : ':'} ${list}`;
}

const ROLE = /^(?:owner|assignee|assigned(?: to)?|responsible|due(?: date)?|deadline)$/i;

/** Cells beside each other; owner and due date with their names, and all names where nothing else tells what the cells are. */
function rowText(place: SectionName | 'group', { lines, header }: OutlineNode): string {
  const cells = lines.flatMap((cell, at): string[] => {
    const name = plainText(header[at] ?? '');
    const text = plainText(cell);
    if (isPlaceholder(text)) return [];
    return [name !== '' && (place === 'group' || ROLE.test(name)) ? `${name}: ${text}` : text];
  });
  return cells.join(place === 'group' || place === 'followUps' || place === 'remaining' ? '; ' : ' - ');
}

const PENDING = /^(?:⏳|🔄|🚧|🟡)\ufe0f?\s*/u;
const FAILED = /^(?:❌|🔴|⚠)\ufe0f?\s*/u;
const MENDED = /^(?:✅|☑|✔)\ufe0f?\s*/u;
/** `cmd` -> result: a test command that was run, not a test that was added. */
const RUN_COMMAND = /^`[^`\s]{1,200}\s[^`]{0,2000}`\s?(?:->|→|=>)/;
const STILL_OPEN = /^(?:still open|open|opened|reopened|new)(?::\s|\s[-–—]\s)/i;
const NOW_CLOSED = /^(?:closed|fixed|resolved)(?::\s|\s[-–—]\s)/i;

/** Sorts an item, or drops it if it is an empty mark. */
function addItem({ place, name }: Target, item: Item, draft: NotesDraft): void {
  if (isPlaceholder(item.text)) return undefined;
  if (place === 'group' || (countsItems(place) && saysNothing(item.text))) return addOther(name, withTask(item), draft);
  switch (place) {
    case 'findings': case 'findingsOpened': case 'findingsClosed': return addFinding(place, item, draft);
    case 'remaining':
      if (item.task === undefined && !looksLikeFollowUp(item.text)) draft.knownIssues.push(item.text);
      else addFollowUp(name, item, draft);
      return undefined;
    case 'followUps': return addFollowUp(name, item, draft);
    case 'tests':
      draft[RUN_COMMAND.test(item.text) ? 'commands' : 'tests'].push(withTask(item));
      return undefined;
    default: draft[place].push(withTask(item));
  }
}

/** A box that is not ticked must not read as done. */
function withTask({ text, task }: Item): string {
  return task === undefined ? text : `[${task === 'done' ? 'x' : ' '}] ${text}`;
}

function addOther(heading: string, text: string, draft: NotesDraft): void {
  const last = draft.other.at(-1);
  if (last?.heading === heading) last.items.push(text);
  else draft.other.push({ heading, items: [text] });
}

/** What is done is no follow-up. */
function addFollowUp(name: string, item: Item, draft: NotesDraft): void {
  if (item.task === 'done' || MENDED.test(item.text)) addOther(name, withTask(item), draft);
  else draft.followUps.push(readFollowUp(item.text.replace(PENDING, '')));
}

/** A mark that says a finding is still open outweighs the heading above it; a mark that says it is closed does not. */
function addFinding(place: 'findings' | 'findingsOpened' | 'findingsClosed', { text, task }: Item, draft: NotesDraft): void {
  const open = task === 'open' || PENDING.test(text) || STILL_OPEN.test(text);
  if (open || place === 'findingsOpened' || (place === 'findings' && FAILED.test(text))) {
    draft.findingsOpened.push(text.replace(PENDING, '').replace(FAILED, '').replace(STILL_OPEN, ''));
  } else if (place === 'findingsClosed' || task === 'done' || MENDED.test(text) || NOW_CLOSED.test(text)) {
    draft.findingsClosed.push(text.replace(MENDED, '').replace(NOW_CLOSED, ''));
  } else draft.keyFindings.push(text);
}
