/** The report formats: one line each, and telling them apart by their first bytes. */
import { eslint } from './eslint.ts';
import type { ReportFormat } from './format.ts';
import { junit } from './junit.ts';
import { oxlint } from './oxlint.ts';
import { sarif } from './sarif.ts';
import { tsc } from './tsc.ts';

const FORMATS = {
  junit,
  eslint,
  oxlint,
  sarif,
  tsc,
} satisfies Record<string, ReportFormat>;

/** In the order in which they are tried. */
export const REPORT_FORMATS: readonly ReportFormat[] = Object.values(FORMATS);
export const FORMAT_IDS: readonly string[] = REPORT_FORMATS.map(({ id }) => id);

/** Bytes that tell a format; more are never looked at. */
export const HEAD_BYTES = 65_536;

/** `head`: the first bytes of a file, up to `HEAD_BYTES`, decoded as Latin-1. `undefined`: no format that we know. */
export function detectFormat(head: string): ReportFormat | undefined {
  const text = plainHead(head);
  return contentKind(text) === undefined ? REPORT_FORMATS.find((format) => format.detect(text)) : undefined;
}

/** What a file that is no report seems to be instead, in words for a message. */
export function contentKind(head: string): string | undefined {
  const text = plainHead(head);
  if (text === '') return 'an empty file';
  if (/^\s*$/.test(text)) return 'a file of white space only';
  if (text.startsWith('PK\u0003\u0004')) return 'a ZIP archive';
  if (text.startsWith('\u0089PNG')) return 'a PNG image';
  if (text.startsWith('\u001f\u008b')) return 'a gzip archive';
  if (/^\s*(?:<!--(?:[^-]|-(?!->))*-->\s*)*(?:<!doctype\s+html|<html[\s>])/i.test(text)) return 'an HTML page';
  return undefined;
}

/** Without byte order mark; UTF-16 loses the zero bytes between its ASCII characters. */
function plainHead(head: string): string {
  const marked = /^(?:\u00ef\u00bb\u00bf|\u00ff\u00fe|\u00fe\u00ff|\ufeff)/.exec(head);
  const text = marked === null ? head : head.slice(marked[0].length);
  return text.includes('\0') ? text.replaceAll('\0', '') : text;
}
