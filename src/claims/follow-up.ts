/** A follow-up: what remains, with the owner, due date and finding that its text states. */
import type { FollowUp } from '../model/notes.ts';
import { isPlaceholder } from './note-sections.ts';

/** Lengths are bounded, so that a long text without an end costs no more than its length. */
const OWNER = /(?<![\p{L}\p{N}_-])(?:owners?|assignees?|assigned(?: to)?|responsible)\s{0,4}[:=]\s{0,4}([^,;()|:=\n]{1,100}?)(?=\s{0,4}(?:[,;()|]|\.(?:\s|$)|$| - | [–—] |\s(?:due|by)(?![\p{L}\p{N}])))/iu;
const DUE = /(?<![\p{L}\p{N}_-])(?:due(?: date)?(?: by| on)?|deadline|by)\s{0,4}[:=]?\s{0,4}(\d{4}-\d{2}-\d{2})(?![\d-])/iu;
const NO_DUE = /(?<![\p{L}\p{N}_-])(?:due(?: date)?|deadline)\s{0,4}[:=]\s{0,4}(?:tbd|tba|n\/a|none|-)(?![\p{L}\p{N}/-])/iu;
/** Ours (`F-` and base32) and an auditor's own (`F-001`). */
const FINDING = /(?<![\p{L}\p{N}_-])F-[A-Z0-9]{2,16}(?![\p{L}\p{N}_])/u;

/** `text` is plain. Owner and due date leave the text; the finding id stays in it, since it may be part of the sentence. */
export function readFollowUp(text: string): FollowUp {
  const owner = OWNER.exec(text);
  const due = DUE.exec(text);
  const dated = due !== null && isDate(due[1] ?? '') ? due : null;
  const rest = tidy(without(text, [owner, dated, dated === null ? NO_DUE.exec(text) : null]));
  const finding = FINDING.exec(text)?.[0];
  const name = owner?.[1]?.trim() ?? '';
  return {
    text: rest === '' ? text : rest,
    ...(isPlaceholder(name) ? {} : { owner: name }),
    ...(dated === null ? {} : { due: dated[1] ?? '' }),
    ...(finding === undefined ? {} : { finding }),
  };
}

/** Whether a text states an owner or a date, as only work that remains has. */
export function looksLikeFollowUp(text: string): boolean {
  const { owner, due } = readFollowUp(text);
  return owner !== undefined || due !== undefined;
}

function isDate(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

function without(text: string, matches: readonly (RegExpExecArray | null)[]): string {
  const spans = matches.flatMap((match) => (match === null ? [] : [{ from: match.index, to: match.index + match[0].length }])).sort((a, b) => a.from - b.from);
  let rest = '';
  let at = 0;
  for (const { from, to } of spans) {
    rest += text.slice(at, Math.max(at, from));
    at = Math.max(at, to);
  }
  return rest + text.slice(at);
}

/** Removes the brackets and separators that stood around what was taken out. */
function tidy(text: string): string {
  return text
    .replace(/\(\s{0,4}(?:[,;|]\s{0,4}){0,3}\)/g, '')
    .replace(/\(\s{0,4}[,;]\s{0,4}/g, '(')
    .replace(/\s{0,4}[,;]\s{0,4}\)/g, ')')
    .replace(/\s+/g, ' ')
    .replace(/^[\s:,;|=.–—-]+/, '')
    .replace(/(?<![\s:,;|=–—-])[\s:,;|=–—-]+\.?$/, '')
    .trim();
}
