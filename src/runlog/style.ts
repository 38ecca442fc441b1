/** The style of a log: its template and its newest entries, read for how the next entry is to be written. */
import type { EntryLabel, EntryStyle, ListStyle } from '../model/entry-style.ts';
import { isScalar, labelName } from './fields.ts';
import { isCode, isHint, listLines, readLabels, type Label, type ListLine } from './labels.ts';

export type StyleSource = Readonly<{
  level: number;
  /** Text inside the template's fence, if the log has one. */
  template: string | undefined;
  /** Texts of the newest entries, newest first, from the heading on. */
  newest: readonly string[];
  builtIn: EntryStyle;
}>;

/** The template decides labels and their order, the newest entry adds what it has besides, older ones only show how values are written. */
export function readStyle({ level, template, newest, builtIn }: StyleSource): EntryStyle {
  const templateRows = template === undefined ? [] : listLines(template);
  const wanted = readLabels(templateRows, 'template');
  const groups = new Set(wanted.filter(({ children }) => children.length > 0).map(({ label }) => label));
  const rows = newest.map((text) => listLines(text));
  const shown = rows.map((lines) => readLabels(lines, 'entry', groups));
  const labels = mergeLabels(wanted, shown[0] !== undefined && (template !== undefined || isForm(shown[0])) ? shown[0] : []);
  const sample = newest[0] ?? template;
  return {
    level,
    separator: (newest[0] === undefined ? undefined : entrySeparator(newest[0])) ?? templateSeparator(template) ?? builtIn.separator,
    blankAfterHeading: sample === undefined ? builtIn.blankAfterHeading : hasBlank(sample),
    list: listStyle(rows.find((lines) => lines.length > 0) ?? templateRows, builtIn.list, [...(shown[0] ?? []), ...wanted]),
    labels: labels.length === 0 ? builtIn.labels : labels.map((label) => toStyle(label, shown, builtIn.labels)),
  };
}

/** Of an entry that is written as a form, so many labels are known; a list of prose with a bold word here and there has fewer. */
const KNOWN_OF_A_FORM = 2;

function isForm(labels: readonly Label[]): boolean {
  const known = (label: Label): number => (label.field === 'unknown' ? 0 : 1) + label.children.reduce((sum, child) => sum + known(child), 0);
  const sum = labels.reduce((total, label) => total + known(label), 0);
  return sum >= KNOWN_OF_A_FORM && sum * 2 > labels.length;
}

/** `added` labels that `wanted` lacks come behind the one that they follow in the entry. */
function mergeLabels(wanted: readonly Label[], added: readonly Label[]): Label[] {
  const merged = [...wanted];
  let place = 0;
  for (const label of added) {
    const at = merged.findIndex((known) => isSame(known, label));
    const known = merged[at];
    if (known === undefined) merged.splice(place, 0, label);
    else merged[at] = { ...known, children: known.children.length === 0 && known.items.length > 0 ? [] : mergeLabels(known.children, label.children) };
    place = (known === undefined ? place : at) + 1;
  }
  return merged;
}

function isSame(a: Label, b: Label): boolean {
  return labelName(a.label) === labelName(b.label) || (a.field !== 'unknown' && a.field === b.field);
}

/** `shown`: the labels at this place in each of the newest entries. */
function toStyle(label: Label, shown: readonly (readonly Label[])[], builtIn: readonly EntryLabel[]): EntryLabel {
  const seen = shown.flatMap((labels) => labels.find((other) => isSame(other, label)) ?? []);
  const builtInLabel = builtIn.find(({ field }) => field === label.field && field !== 'unknown');
  const children = label.children.map((child) => toStyle(child, seen.map((other) => other.children), builtInLabel?.children ?? []));
  const { field, label: name } = label;
  if (children.length > 0) return { field, label: name, inline: false, code: false, children };
  const valued = seen.find(({ value, items }) => (value !== '' && !isHint(value)) || items.length > 0);
  if (valued === undefined && label.items.length > 0) return { field, label: name, inline: false, code: false, children };
  const inline = valued === undefined ? label.value !== '' || (builtInLabel?.inline ?? isScalar(field)) : valued.value !== '';
  // What is not available is never code, and says nothing of how a value is written.
  const telling = seen.find(({ value }) => value !== '' && !isHint(value) && !/^N\/A\b/.test(value));
  const code = telling !== undefined ? isCode(telling.value) : label.value === '' ? builtInLabel?.inline === true && builtInLabel.code : label.value.startsWith('`');
  return { field, label: name, inline, code: inline && code, children };
}

function listStyle(rows: readonly ListLine[], builtIn: ListStyle, labels: readonly Label[]): ListStyle {
  const first = rows[0];
  if (first === undefined) return builtIn;
  const nested = rows.find(({ indent }) => indent.length > first.indent.length);
  const bullet = first.bullet === '*' || first.bullet === '+' ? first.bullet : '-';
  return {
    bullet,
    bulletSpace: first.space,
    nestIndent: nested === undefined ? (first.space === builtIn.bulletSpace ? builtIn.nestIndent : ' '.repeat(1 + first.space.length)) : nested.indent.slice(first.indent.length),
    boldLabels: labels[0]?.bold ?? builtIn.boldLabels,
  };
}

/** Whether a blank line stands behind the heading. */
function hasBlank(text: string): boolean {
  const lines = text.split(/\r\n|\n|\r/);
  const heading = lines.findIndex((line) => line.startsWith('#'));
  return heading >= 0 && lines[heading + 1]?.trim() === '' && lines.slice(heading + 2).some((line) => line.trim() !== '');
}

const SEPARATOR = String.raw`([ \t]+(?:[-–—:|/,][ \t]+)?|:[ \t]+|[ \t]+\()`;
const BEHIND_ID = new RegExp(String.raw`^#{1,6}[ \t]+(?:\S+[ \t]+)??(?:[A-Za-z][\w-]*[-_]|#)\d[\w-]*${SEPARATOR}\d{4}-\d{2}-\d{2}`);
const BEHIND_PLACEHOLDER = new RegExp(String.raw`^#{1,6}[ \t]+\S*(?:<[^<>]+>|N{2,}|X{2,})${SEPARATOR}(?:<|YYYY|\[)`, 'm');

function entrySeparator(text: string): string | undefined {
  return BEHIND_ID.exec(text.slice(0, 400))?.[1];
}

function templateSeparator(text: string | undefined): string | undefined {
  return text === undefined ? undefined : BEHIND_PLACEHOLDER.exec(text)?.[1];
}
