/** All documents of one audit. */
import type { Audit } from '../model/audit.ts';
import type { Documents } from '../model/documents.ts';
import { renderCheckRun } from './check-run.ts';
import { renderComment } from './comment.ts';
import type { Templates } from './fill.ts';
import type { Blocking } from './sections/story.ts';
import { renderSummary } from './summary.ts';

export function renderDocuments(audit: Audit, templates: Templates, blocking: Blocking): Documents {
  return {
    comment: renderComment(audit, templates, blocking),
    summary: renderSummary(audit, templates, blocking),
    checkRun: renderCheckRun(audit, templates, blocking),
  };
}
