import { describe, expect, it } from 'vitest';
import type { CheckRunDocument } from '../../src/model/documents.ts';
import { renderCheckRun } from '../../src/render/check-run.ts';
import { renderComment } from '../../src/render/comment.ts';
import { renderSummary } from '../../src/render/summary.ts';
import { situation, SITUATIONS, type Situation, type Where } from './document-situations.ts';
import { TEMPLATES } from './document-templates.ts';

const CASES = SITUATIONS.flatMap((name) => (['pull-request', 'local'] as const).map((where): [Situation, Where] => [name, where]));

/** As a page that can be read from top to bottom. */
function checkPage({ title, conclusion, summary, text, annotations }: CheckRunDocument): string {
  const notes = annotations.map(({ path, line, level, title: label, message }) => `- ${level} ${path}:${line} | ${label} | ${message}\n`).join('');
  return `title: ${title}\nconclusion: ${conclusion}\n\n--- summary ---\n${summary}\n--- text ---\n${text}\n--- annotations ---\n${notes}`;
}

describe.each(CASES)('%s, %s', (name, where) => {
  const audit = situation(name, where);

  it('tells it in the comment', async () => {
    await expect(renderComment(audit, TEMPLATES, { failOn: 'failed' })).toMatchFileSnapshot(`golden/comment-${name}-${where}.md`);
  });

  it('tells it in the check run', async () => {
    await expect(checkPage(renderCheckRun(audit, TEMPLATES, { failOn: 'failed' }))).toMatchFileSnapshot(`golden/check-run-${name}-${where}.txt`);
  });

  it('tells it in the summary', async () => {
    await expect(renderSummary(audit, TEMPLATES, { failOn: 'failed' })).toMatchFileSnapshot(`golden/summary-${name}-${where}.md`);
  });
});
