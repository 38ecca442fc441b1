/** The documents of one audit, each rendered when it is first asked for. */
import type { Audit } from '../model/audit.ts';
import type { Documents } from '../model/documents.ts';
import { renderCheckRun, renderCheckRunHead, renderOverruled } from './check-run.ts';
import { renderComment } from './comment.ts';
import type { Templates } from './fill.ts';
import { renderSummary, type SummaryOptions } from './summary.ts';

export function renderDocuments(audit: Audit, templates: Templates, options: SummaryOptions): Documents {
  return {
    comment: once(() => renderComment(audit, templates, options)),
    summary: once(() => renderSummary(audit, templates, options)),
    checkRunHead: once(() => renderCheckRunHead(audit, options)),
    checkRun: once(() => renderCheckRun(audit, templates, options)),
    overruled: (by, own) => renderOverruled(own, by),
  };
}

function once<T>(render: () => T): () => T {
  let rendered: Readonly<{ value: T }> | undefined;
  return () => (rendered ??= { value: render() }).value;
}
