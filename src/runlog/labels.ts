/** Label lines: the list of fields that an entry or its template is made of. */
import type { EntryField } from '../model/entry-style.ts';
import { entryField, isGroup } from './fields.ts';

export type ListLine = Readonly<{ indent: string; bullet: string; space: string; text: string; line: number }>;

export type Label = Readonly<{
  field: EntryField;
  /** Verbatim, without the colon and without emphasis. */
  label: string;
  bold: boolean;
  /** What stands behind the colon, verbatim; empty if nothing does. */
  value: string;
  /** Nested lines that are no labels. */
  items: readonly ListLine[];
  children: readonly Label[];
  line: number;
}>;

const LIST_LINE = /^([ \t]*)([-*+])([ \t]+)(\S.*)$/;
const LABEL = /^(\*\*|__)?([^*`:|<>\s][^*`:|<>]{0,60}?)(?:\*\*|__)?:(?:\*\*|__)?(?:[ \t]+(.*))?$/;
const FENCE = /^[ \t]*(?:[-*+][ \t]+)?(`{3,}|~{3,})/;

/** The list lines of a text, those in fences left out. Lines count from `firstLine`. */
export function listLines(text: string, firstLine = 1): ListLine[] {
  const found: ListLine[] = [];
  let fence: string | undefined;
  text.split(/\r\n|\n|\r/).forEach((row, at) => {
    const mark = FENCE.exec(row)?.[1];
    if (mark !== undefined && (fence === undefined || (mark.startsWith(fence) && row.trim() === mark))) {
      fence = fence === undefined ? mark : undefined;
      return;
    }
    const { 1: indent, 2: bullet, 3: space, 4: rest } = (fence === undefined ? LIST_LINE.exec(row) : null) ?? [];
    if (indent === undefined || bullet === undefined || space === undefined || rest === undefined) return;
    found.push({ indent, bullet, space, text: rest.trimEnd(), line: firstLine + at });
  });
  return found;
}

type Node = { readonly row: ListLine; readonly children: Node[] };

function toTree(rows: readonly ListLine[]): Node[] {
  const roots: Node[] = [];
  const open: Node[] = [];
  for (const row of rows) {
    while (open.length > 0 && width(open.at(-1)?.row.indent ?? '') >= width(row.indent)) open.pop();
    const node: Node = { row, children: [] };
    (open.at(-1)?.children ?? roots).push(node);
    open.push(node);
  }
  return roots;
}

function width(indent: string): number {
  let columns = 0;
  for (const character of indent) columns += character === '\t' ? 4 - (columns % 4) : 1;
  return columns;
}

/** In a template every line with a colon is a label; in an entry, nested lines are only in a group, and then bare or of a known name. */
export type LabelSource = 'template' | 'entry';

/** The labels of a list. `groups`: names of further groups, as a template shows them. */
export function readLabels(rows: readonly ListLine[], source: LabelSource, groups: ReadonlySet<string> = new Set()): Label[] {
  return toTree(rows).flatMap((node) => toLabel(node, source, groups) ?? []);
}

function toLabel({ row, children }: Node, source: LabelSource, groups: ReadonlySet<string>): Label | undefined {
  const parts = LABEL.exec(row.text);
  const label = parts?.[2]?.trim();
  if (label === undefined) return undefined;
  const field = entryField(label);
  const isParent = source === 'template' || isGroup(field) || groups.has(label);
  const nested = isParent ? children.map((child) => ({ child, label: nestedLabel(child, source, groups) })) : children.map((child) => ({ child, label: undefined }));
  return {
    field, label,
    bold: parts?.[1] !== undefined,
    value: parts?.[3]?.trim() ?? '',
    items: nested.flatMap(({ child, label: known }) => (known === undefined ? [child.row] : [])),
    children: nested.flatMap(({ label: known }) => known ?? []),
    line: row.line,
  };
}

function nestedLabel(node: Node, source: LabelSource, groups: ReadonlySet<string>): Label | undefined {
  const label = toLabel(node, source, groups);
  if (label === undefined || source === 'template') return label;
  return label.value === '' || label.field !== 'unknown' ? label : undefined;
}

/** A value that only shows what may stand there: `` `a` | `b` ``, `<name>`, `...`. */
export function isHint(value: string): boolean {
  return /^`[^`]+`(?:\s*[|/]\s*`[^`]+`)+$/.test(value) || /^`?<[^<>]*>`?$/.test(value) || /^(?:\.{3}|…)$/.test(value);
}

/** The value is one code span; a note in parentheses may follow it: `` `work` (pull request 7) ``. */
export function isCode(value: string): boolean {
  return /^`[^`]+`(?:$| \()/.test(value);
}

/** A value without code span and emphasis around the whole. */
export function plainValue(value: string): string {
  return value.replace(/^\*\*(.+)\*\*$/, '$1').replace(/^`([^`]+)`$/, '$1').trim();
}
