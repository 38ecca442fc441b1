/** Characters and references of XML: what XML forbids is replaced and counted, a bare `&` is kept as text and counted. */
import type { Tally } from './problems.ts';

/** XML 1.0, production 2, the other way round. With `u`, a surrogate stands for a lone one only. */
const FORBIDDEN = /[\0-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]/gu;
/** Finds these and a few more, such as whole pairs, in as few ranges as can be: every character of a report is held against it. */
const MAY_BE_FORBIDDEN = /[\0-\u0008\u000b-\u001f\ud800-\uffff]/;
const REFERENCE = /&(?:(#x[0-9A-Fa-f]{1,60}|#[0-9]{1,60}|amp|lt|gt|quot|apos);)?/g;
const PREDEFINED: ReadonlyMap<string, string> = new Map([['amp', '&'], ['lt', '<'], ['gt', '>'], ['quot', '"'], ['apos', '\'']]);
/** No reference is longer: `&#x`, 60 digits, `;`. */
export const REFERENCE_LENGTH = 64;

/** Line ends become `\n`, as XML rules. The text must not end within a line end or a surrogate pair. */
export function repairCharacters(text: string, tally: Tally): string {
  const lines = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  if (!MAY_BE_FORBIDDEN.test(lines)) return lines;
  return lines.replace(FORBIDDEN, () => {
    tally.badChars += 1;
    return '\ufffd';
  });
}

/** Only the five names that XML itself knows; nothing else is ever expanded. */
export function resolveReferences(text: string, tally: Tally): string {
  if (!text.includes('&')) return text;
  return text.replace(REFERENCE, (whole, name: string | undefined) => {
    if (name === undefined) {
      tally.bareAmpersands += 1;
      return whole;
    }
    if (!name.startsWith('#')) return PREDEFINED.get(name) ?? whole;
    return referred(name.startsWith('#x') ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10), tally);
  });
}

function referred(code: number, tally: Tally): string {
  const isAllowed = code === 9 || code === 10 || code === 13 || (code >= 0x20 && code <= 0xd7ff) || (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff);
  if (isAllowed) return String.fromCodePoint(code);
  tally.badChars += 1;
  return '\ufffd';
}

/** Where a reference may begin whose end has not come yet, or the end of the text. */
export function openReference(text: string, from: number): number {
  const at = text.lastIndexOf('&');
  return at >= from && text.length - at < REFERENCE_LENGTH && !text.includes(';', at) ? at : text.length;
}
