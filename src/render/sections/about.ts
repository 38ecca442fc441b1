/** What a document speaks of, and where the rest of it is: commit, base, run id, addresses. */
import { UNRECORDED, UNSURE, type Audit } from '../../model/audit.ts';
import { logLink } from '../../model/links.ts';
import { codeSpan, link, text } from '../untrusted.ts';
import { LIMITS } from './limits.ts';
import { joined, strong, words, type Inline } from './nodes.ts';

const SHORT_SHA = 7;

/** `a1b2c3d` against `main` `9f8e7d6` · RUN-041 · check · run · log entry */
export function footer({ run, runId, links, logPath }: Audit): Inline[] {
  const { commit, base, pullRequest, auditName, defaultBranch } = run.context;
  const branch = pullRequest?.baseBranch ?? (base?.how === 'merge-base' ? defaultBranch : undefined);
  // Nothing but what is not committed was counted.
  const against: Inline[] = base === undefined || base.commit === commit ? [] : [words(' against '), ...(branch === undefined ? [] : [codeSpan(branch, LIMITS.branch), words(' ')]), codeSpan(base.commit.slice(0, SHORT_SHA))];
  return joined([
    ...(auditName === 'Audit' ? [] : [text(auditName, LIMITS.name)]),
    [codeSpan(commit.slice(0, SHORT_SHA)), ...against],
    runIdWords(runId),
    ...(links.checkRun === undefined ? [] : [link([words('check')], links.checkRun)]),
    ...(links.run === undefined ? [] : [link([words('run')], links.run)]),
    ...(runId === UNRECORDED ? [] : [links.entry === undefined ? recorded(logPath, links) : link([words('log entry')], links.entry)]),
  ], ' · ');
}

function runIdWords(runId: string): Inline[] {
  if (runId === UNRECORDED) return [strong(words('not recorded'))];
  return runId === UNSURE ? [strong(words('perhaps recorded'))] : text(runId, LIMITS.name);
}

/** `in the check`: where a comment sends its readers for the whole list. */
export function restOfComment(audit: Audit): Inline[] {
  const { checkRun } = audit.links;
  return checkRun === undefined ? restOfCheck(audit) : [words('in the '), ...link([words('check')], checkRun)];
}

/** The job summary is longer than a check may be; without a run there is only the record. */
export function restOfCheck(audit: Audit): Inline[] {
  const { run } = audit.links;
  return run === undefined ? restOfSummary(audit) : [words('in the '), ...link([words('summary of the run')], run)];
}

/** A run that was not recorded, or perhaps not, leaves nothing but the reports themselves. */
export function restOfSummary({ recordPath, runId, links }: Audit): Inline[] {
  return runId === UNRECORDED || runId === UNSURE ? [words('in the reports')] : [words('in '), ...recorded(recordPath, links)];
}

/** The run log or a record, which may lie on a branch of their own: as a link to where they do. */
export function recorded(path: string, links: Audit['links']): Inline[] {
  return link([codeSpan(path, LIMITS.path)], logLink(links, path));
}
