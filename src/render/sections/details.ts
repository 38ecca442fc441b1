/** What the reports say of failing tests beyond the first line: folded, as code. */
import type { RootContent } from 'mdast';
import { codeBlock, codeSpan, text } from '../untrusted.ts';
import { LIMITS } from './limits.ts';
import { fold, paragraph, words } from './nodes.ts';
import type { Story } from './story.ts';
import { number } from './words.ts';

/** Tests shown with their details: a reader mends a few and runs again. */
const TESTS = 50;

export function failureDetails({ broke, audit }: Story, items: number): RootContent[] {
  const known = audit.comparison.persisting.filter(({ seen }) => seen.kind === 'test');
  const detailed = [...broke, ...known].flatMap(({ seen: { detail, place, title } }) => (detail === undefined || detail.trim() === '' ? [] : [{ detail, place, title }]));
  const shown = detailed.slice(0, Math.min(items, TESTS));
  const blocks = shown.flatMap(({ detail, place: { test }, title }): RootContent[] => [
    paragraph(...(test === undefined ? text(title, LIMITS.title) : [codeSpan(test, LIMITS.test)])), codeBlock(detail, { lines: 60, bytes: LIMITS.detail }),
  ]);
  const hidden = detailed.length - shown.length;
  if (shown.length === 0) return [];
  return fold(shown.length === 1 ? 'Detail of the failing test' : `Details of ${number(shown.length)} failing tests`, [
    ...blocks, ...(hidden === 0 ? [] : [paragraph(words(`and ${number(hidden)} more in the reports.`))]),
  ]);
}
