/** The documents of one audit, each rendered when it is first asked for. */
import type { Audit } from '../model/audit.ts';
import type { Documents } from '../model/documents.ts';
import { renderCheckRun, renderCheckRunHead } from './check-run.ts';
import { renderComment } from './comment.ts';
import type { Templates } from './fill.ts';
import type { Blocking } from './sections/story.ts';
import { renderSummary } from './summary.ts';

export function renderDocuments(audit: Audit, templates: Templates, blocking: Blocking): Documents {
  return {
    comment: once(() => renderComment(audit, templates, blocking)),
    summary: once(() => renderSummary(audit, templates, blocking)),
    checkRunHead: once(() => renderCheckRunHead(audit, blocking)),
    checkRun: once(() => renderCheckRun(audit, templates, blocking)),
  };
}

function once<T>(render: () => T): () => T {
  let rendered: Readonly<{ value: T }> | undefined;
  return () => (rendered ??= { value: render() }).value;
}
