/** Who, what and when: the fields of an entry with one value, and its scope. */
import type { Audit } from '../../model/audit.ts';
import { DEFAULT_AUDIT_NAME } from '../../model/data-paths.ts';
import type { RunContext } from '../../model/run.ts';
import { codeSpan, text } from '../untrusted.ts';
import { counted, line, proseLines, type Line, type Section } from './line.ts';
import { knowsFiles } from './problems.ts';

export const NOT_AVAILABLE = 'N/A';

export const branch: Section = ({ audit }, { code }) => {
  const { branch: name, pullRequest } = audit.run.context;
  if (name === null) return [line(`${NOT_AVAILABLE} (detached HEAD)`)];
  const shown = code ? [codeSpan(name)] : text(name);
  const target = pullRequest === undefined ? [] : line(` (pull request ${pullRequest.number} into `, codeSpan(pullRequest.baseBranch), ')');
  return [line(shown, lookAlikes(name), target)];
};

/**
 * Letters of another script, or another form of a letter, in a name that is Latin otherwise: it may pass for a name that it is not.
 * What cannot be seen at all is spelt out wherever it stands.
 */
function lookAlikes(name: string): string {
  if (!/[A-Za-z]/.test(name) && name.normalize('NFKC') === name) return '';
  const odd = [...name].filter((letter) => /[^\p{ASCII}\p{Script=Latin}]/u.test(letter) || letter.normalize('NFKC') !== letter);
  const points = [...new Set(odd)].slice(0, 8).map((letter) => `U+${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`);
  return points.length === 0 ? '' : ` (holds ${points.join(', ')})`;
}

export const commit: Section = ({ audit }, { code }) => value(audit.run.context.commit, code);
export const mode: Section = ({ audit }, { code }) => value(audit.run.context.mode, code);
export const outcome: Section = ({ audit }, { code }) => value(audit.verdict.outcome, code);
export const start: Section = ({ audit }, { code }) => value(audit.run.context.start ?? NOT_AVAILABLE, code && audit.run.context.start !== undefined);
export const end: Section = ({ audit }, { code }) => value(audit.run.context.end, code);
export const date: Section = ({ audit }, { code }) => value(audit.run.context.end.slice(0, 10), code);

/** Values of our own vocabulary: nothing in them needs care. */
function value(words: string, code: boolean): Line[] {
  return [code ? line(codeSpan(words)) : line(words)];
}

const TRIGGERS: Readonly<Record<RunContext['trigger'], string>> = {
  local: '', pull_request: ' (pull request)', push: ' (push)', schedule: ' (schedule)', workflow_dispatch: ' (started by hand)', merge_group: ' (merge queue)',
};

export const operator: Section = ({ audit }, { code }) => {
  const { operator: name, trigger } = audit.run.context;
  if (text(name).length === 0) return [line(NOT_AVAILABLE)];
  return [line(code ? codeSpan(name) : text(name), TRIGGERS[trigger], repeated(audit))];
};

/** The first outcome is history: whoever reads the second is led to it. */
function repeated({ run, attemptOf }: Audit): Line {
  const { attempt } = run.context;
  if (attempt === undefined) return [];
  return attemptOf === undefined ? line(`, attempt ${attempt} of the run`) : line(`, attempt ${attempt} of the run; the one before is `, text(attemptOf));
}

/** What the caller said, else what the notes say, else what the run covered. */
export const scope: Section = ({ audit }) => {
  const { context, notes } = audit.run;
  const said = [context.scope, notes.scope].map(proseLines);
  const told = said.find(({ length }) => length > 0) ?? [derivedScope(audit)];
  // Several audits may share a log.
  return context.auditName === DEFAULT_AUDIT_NAME ? told : [line('Audit: ', text(context.auditName)), ...told];
};

function derivedScope({ run }: Audit): Line {
  const whole = 'Whole repository; ';
  if (!knowsFiles(run)) return line(whole, 'which files changed is not fully known.');
  const pending = run.files.filter((file) => file.uncommitted).length;
  const { base, branch: name, pullRequest, tested } = run.context;
  // The default branch leaves no other: nothing but what is not committed can be counted.
  if (base === undefined || (base.how === 'merge-base' && name === run.context.defaultBranch)) {
    const changes = pending === 0 ? 'nothing uncommitted' : `${counted(pending, 'file')} with changes not committed`;
    return line(whole, `no earlier recorded commit to count changes from, ${changes}.`);
  }
  const since = {
    'last-recorded': line(' since ', codeSpan(base.commit.slice(0, 12)), name === null ? ', the commit recorded last' : ', the commit of this branch recorded last'),
    'merge-base': line(' since the branch left ', codeSpan(run.context.defaultBranch)),
    'pull-request': line(' by the pull request', pullRequest === undefined ? '' : line(' into ', codeSpan(pullRequest.baseBranch)), tested === undefined ? '' : line(', tested as merged there (', codeSpan(tested.slice(0, 12)), ')')),
    'before-push': line(' by this push'),
    'merge-group': line(' by this group of the merge queue'),
  }[base.how];
  const uncommitted = pending === 0 ? '' : pending === run.files.length ? ', not committed yet' : `, ${pending} of them not committed yet`;
  return line(whole, run.files.length === 0 ? 'no file' : counted(run.files.length, 'file'), ' changed', since, `${uncommitted}.`);
}
