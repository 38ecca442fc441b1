import { describe, expect, it } from 'vitest';
import { UNRECORDED, UNSURE, type Audit } from '../../src/model/audit.ts';
import { keyPrint } from '../../src/model/print.ts';
import type { Run } from '../../src/model/run.ts';
import { renderCheckRun } from '../../src/render/check-run.ts';
import { renderComment } from '../../src/render/comment.ts';
import { aTask, failingTest } from '../model/run-builder.ts';
import { aRunWith, anAuditOf, BEFORE, situation, SITUATIONS, toolFinding, type Situation } from './document-situations.ts';
import { TEMPLATES } from './document-templates.ts';

const render = (audit: Audit): string => renderComment(audit, TEMPLATES, { failOn: 'failed' });

/** What a reader sees without opening anything, as plain words. */
function visibleText(comment: string): string {
  return comment.replace(/<details>[\s\S]*<\/details>/g, '').replace(/<!--.*?-->|<\/?sub>/g, '').replace(/\]\([^)]*\)/g, ']').replace(/[#*`[\]]/g, '');
}

function aboveTheFold(comment: string): string {
  return visibleText(comment.split('<details>')[0] ?? '');
}

function firstWords(comment: string, count: number): string {
  return visibleText(comment).split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).slice(0, count).join(' ');
}

const SAYS: Readonly<Record<Situation, readonly [verdict: RegExp, reason: RegExp, blocks: RegExp]>> = {
  quiet: [/Audit passed/, /Nothing opens, nothing closes/, /nothing blocks/],
  'opened-and-closed': [/Passed with known gaps/, /opens 2, closes 1/, /Does not block/],
  'failed-test': [/Failed/, /1 test broke here/, /Blocks until the test passes/],
  'first-run': [/First audit/, /nothing to compare with yet/, /Does not block/],
  'crashed-linter': [/Failed/, /eslint did not finish, so it proves nothing/, /Blocks until it runs/],
};

describe.each(SITUATIONS)('the comment on a pull request: %s', (name) => {
  const comment = render(situation(name, 'pull-request'));

  it('answers verdict, reason and whether it blocks within 40 words', () => {
    for (const answer of SAYS[name]) expect(firstWords(comment, 40)).toMatch(answer);
  });

  it('begins with the marker and then the verdict, without a run id', () => {
    const [marker, headline] = comment.split('\n');
    expect(marker).toMatch(/^<!-- audit-run-log:comment:v1 name=[a-z0-9._-]+ -->$/);
    expect(headline).toMatch(/^### /);
    expect(`${marker} ${headline}`).not.toContain('RUN-');
  });

  it('speaks no jargon of ours above the fold, and tells no id, digest, command or known finding there', () => {
    const told = aboveTheFold(comment);
    expect(told).not.toMatch(/\b(?:prints?|check key|persisting|baseline|ledger|adopted|fail-on|RUN-\d+|F-[A-Z2-7]{6,}|[0-9a-f]{16,})\b/);
    expect(told).not.toContain('npx');
    expect(told).not.toContain('type is any');
    expect(told).not.toMatch(/\b0 (?:opened|closed|reopened|waived|new)/);
  });

  it('says opens and closes, as nothing is closed before a merge', () => {
    expect(aboveTheFold(comment)).not.toMatch(/\bopened 2|closed 1|\*\*Opened|\*\*Closed/);
  });
});

function comparedWith(before: readonly Run[], now: Run, where: 'pull-request' | 'local' = 'pull-request'): string {
  return render(anAuditOf(before, now, where));
}

function spots(task: string, count: number, overrides: Parameters<typeof toolFinding>[2] = {}) {
  return Array.from({ length: count }, (_, at) => toolFinding(task, { path: `src/f${String(at).padStart(2, '0')}.ts`, line: at + 1, rule: 'r', title: `matter ${at}` }, overrides));
}

describe('renderComment', () => {
  it('says opened and closed where there is no pull request', () => {
    expect(render(situation('opened-and-closed', 'local'))).toMatch(/opened 2, closed 1[\s\S]*\*\*Opened\*\*[\s\S]*\*\*Closed\*\*/);
  });

  it('counts what is more than ten by severity, and says where it is', () => {
    const comment = comparedWith([BEFORE], aRunWith([...BEFORE.findings, ...spots('ruff', 14)]));
    expect(comment.match(/matter \d+/g)).toHaveLength(10);
    expect(comment).toContain('- and 4 more (P2) in the [check](https://github.com/octo/shop/runs/9001)');
  });

  it('counts P3 only', () => {
    const comment = comparedWith([BEFORE], aRunWith([...BEFORE.findings, ...spots('ruff', 3, { severity: 'P3' })]));
    expect(comment).toContain('### ✅ Passed: opens 3');
    expect(comment).toContain('- 3 (P3) in the [check]');
    expect(comment).not.toContain('matter 0');
  });

  it('shows the most severe first', () => {
    const [mild, grave] = [spots('ruff', 1), spots('semgrep', 1, { severity: 'P0' })];
    const comment = comparedWith([BEFORE], aRunWith([...BEFORE.findings, ...mild, ...grave]));
    expect(comment).toContain('### ❌ Failed: opens 1 P0 finding');
    expect(comment.indexOf('**P0**')).toBeLessThan(comment.indexOf('**P2**'));
  });

  it('tells a returned finding as reopened', () => {
    const back = spots('ruff', 1);
    const comment = comparedWith([BEFORE, aRunWith([...BEFORE.findings, ...back]), BEFORE], aRunWith([...BEFORE.findings, ...back]));
    expect(comment).toContain('### 🟡 Passed with known gaps: reopens 1');
    expect(comment).toContain('**Reopens**');
  });

  it('names what did not finish beside another reason', () => {
    const broken = aRunWith([...BEFORE.findings, failingTest('t', { check: 'pytest/junit', task: 'pytest' })]);
    const tasks = broken.tasks.map((task) => (task.name === 'ruff' ? aTask('ruff', { kind: 'lint', outcome: 'unknown', reported: 'unknown', step: 'passed' }) : task));
    const comment = comparedWith([BEFORE], { ...broken, tasks });
    expect(comment).toContain('### ❌ Failed: 1 test broke here\n\nBlocks until the test passes, and for 1 more reason below.\n');
    expect(comment).toContain('**No usable result**\n\n- **ruff**: No report of it can be used');
    expect(comment).toContain('**ruff left no usable report**');
  });

  it('does not say that a task did not finish when its step succeeded and left no report', () => {
    const tasks = BEFORE.tasks.map((task) => (task.name === 'ruff' ? aTask('ruff', { kind: 'lint', outcome: 'unknown', reported: 'unknown', step: 'passed' }) : task));
    expect(comparedWith([BEFORE], { ...BEFORE, tasks })).toContain('### ❌ Failed: ruff left no usable report, so it proves nothing');
  });

  it('lists several unfinished tasks where the headline names the first', () => {
    const tasks = BEFORE.tasks.map((task) => (task.name === 'ruff' || task.name === 'semgrep' ? aTask(task.name, { kind: 'lint', outcome: 'failed', reported: 'unknown', step: 'failed' }) : task));
    const comment = comparedWith([BEFORE], { ...BEFORE, tasks });
    expect(comment).toContain('### ❌ Failed: ruff and 1 more did not finish, so they prove nothing\n\nBlocks until they run to their end and report.\n\n- **ruff**: ');
    expect(comment).toContain('\n- **semgrep**: ');
  });

  it('says of a task that was cancelled and left a useless report that it was cancelled, once', () => {
    const tasks = BEFORE.tasks.map((task) => (task.name === 'ruff' ? aTask('ruff', { kind: 'lint', outcome: 'cancelled', reported: 'unknown', step: 'cancelled' }) : task));
    const comment = comparedWith([BEFORE], { ...BEFORE, tasks });
    expect(comment).toContain('### ❌ Failed: ruff was cancelled, so it proves nothing\n\nBlocks until it runs to its end and reports. It was cancelled');
    expect(comment).not.toContain('more reason');
  });

  it('ends no title with a full stop where its rule or its proof follows', () => {
    const stopped = toolFinding('ruff', { path: 'a.py', line: 1, rule: 'E1', title: 'Do not.' });
    expect(comparedWith([BEFORE], aRunWith([...BEFORE.findings, stopped]))).toContain(' Do not (`E1`)');
    expect(comparedWith([aRunWith([...BEFORE.findings, stopped])], BEFORE)).toContain(' Do not: ruff ');
  });

  it('tells an id once', () => {
    const comment = comparedWith([BEFORE], aRunWith([...BEFORE.findings, ...spots('ruff', 1), failingTest('t', { check: 'pytest/junit', task: 'pytest' })]));
    const ids = comment.match(/F-[A-Z2-7]{8}/g) ?? [];
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(2);
  });

  it('tells a first run that fails as failed, and still where it starts from', () => {
    const comment = comparedWith([], aRunWith([...spots('ruff', 2), failingTest('t', { check: 'pytest/junit', task: 'pytest' })]));
    expect(comment).toContain('### ❌ Failed: 1 test fails\n');
    expect(comment).toContain('**Failing**');
    expect(comment).toContain('**First audit**: 2 findings count as already there and become the starting point on `main`');
  });

  it('does not block when only informing, and says why', () => {
    expect(renderComment(situation('failed-test', 'pull-request'), TEMPLATES, { failOn: 'never' })).toContain('Does not block: this check only informs (`fail-on: never`).');
  });

  it('blocks on gaps where asked to, and says why', () => {
    expect(renderComment(situation('opened-and-closed', 'pull-request'), TEMPLATES, { failOn: 'gaps' })).toContain('Blocks: gaps fail this check (`fail-on: gaps`).');
  });

  it('blocks nobody with a cancelled run, and does not call it passed', () => {
    const tasks = BEFORE.tasks.map((task) => (task.name === 'ruff' ? aTask('ruff', { kind: 'lint', outcome: 'cancelled', step: 'cancelled' }) : task));
    expect(comparedWith([BEFORE], { ...BEFORE, tasks })).toMatch(/### ⚪ Cancelled: ruff did not run to its end\n\nDoes not block, and proves nothing: run it again\./);
  });

  it('says that a run was not recorded, and points at no entry', () => {
    const comment = render({ ...situation('quiet', 'pull-request'), runId: UNRECORDED });
    expect(comment).toContain('**not recorded**');
    expect(comment).not.toContain('log entry');
  });

  it('calls a run perhaps recorded where nobody knows', () => {
    const comment = render({ ...situation('quiet', 'pull-request'), runId: UNSURE });
    expect(comment).toContain('**perhaps recorded**');
    expect(comment).not.toContain('not recorded');
  });

  it('names the audit where it has a name of its own', () => {
    const audit = situation('quiet', 'pull-request');
    const comment = render({ ...audit, run: { ...audit.run, context: { ...audit.run.context, auditName: 'Nightly' } } });
    expect(comment).toContain('### ✅ Audit passed (Nightly)');
    expect(comment.split('\n')[0]).not.toBe(render(audit).split('\n')[0]);
  });

  it('gives a test its name and what went wrong once', () => {
    const broken = failingTest('queue > drains', { check: 'test/junit', place: { test: 'queue > drains' }, title: 'queue > drains: timed out', print: keyPrint(['t']) });
    expect(comparedWith([BEFORE], aRunWith([...BEFORE.findings, broken]))).toContain('- **P1** `queue > drains` timed out\n');
  });
});

describe('tests that failed before', () => {
  const failing = aRunWith([failingTest('cart adds', { title: 'expected 12' })]);

  it('are named on a branch, where they count, and not to the author of another change', () => {
    expect(comparedWith([failing], failing, 'local')).toContain('**Still failing**\n\n- **P1** `cart adds`: expected 12');
    expect(comparedWith([failing], failing)).not.toContain('cart adds');
  });
});

describe('problems in the comment', () => {
  const problemsOf = (problems: Run['problems']): string => comparedWith([BEFORE], { ...BEFORE, problems });
  const EMPTY = { code: 'EMPTY_REPORT', message: 'out/eslint.json is empty.', path: 'out/eslint.json' } as const;

  it('are told apart from notices, which are not about evidence', () => {
    const comment = problemsOf([EMPTY, { code: 'PERMISSION_MISSING', message: 'Reading the job needs `actions: read`.' }, { code: 'REDACTED', message: '1 secret was taken out.' }, { code: 'JOB_UNKNOWN', message: 'No job is surely this one.' }]);
    expect(comment).toMatch(/<summary>[^<]*1 problem with evidence · 3 notices · /i);
    expect(comment).toMatch(/\*\*Problems\*\*\n\n- `EMPTY_REPORT` .*\n\n\*\*Notices\*\*\n\n- `PERMISSION_MISSING` .*\n- `REDACTED` .*\n- `JOB_UNKNOWN` /);
  });

  it('leave out notices that their reader cannot act on, and the check keeps them', () => {
    const codes = ['CONFIG_PENDING', 'SUPERSEDED', 'WORKFLOW_UNREADABLE', 'READ_ONLY_TOKEN', 'BASE_GONE', 'FILES_CUT'] as const;
    const problems = codes.map((code) => ({ code, message: 'so it is.' }));
    const comment = problemsOf(problems);
    const check = renderCheckRun(anAuditOf([BEFORE], { ...BEFORE, problems }, 'pull-request'), TEMPLATES, { failOn: 'failed' }).text;
    for (const code of codes) {
      expect(comment).not.toContain(code);
      expect(check).toContain(`\`${code}\``);
    }
    expect(comment).not.toMatch(/problem|notice/i);
  });

  it('tell every cut and gap of evidence, also where nothing is to be done', () => {
    expect(problemsOf([{ code: 'TEXT_CUT', message: '3 long messages were cut.' }, { code: 'BASE_GONE', message: 'So the report of lint is not comparable.', task: 'lint' }])).toMatch(/2 problems with evidence/i);
  });
});

describe('the comment of an audit that another one of its name overrules', () => {
  const url = 'https://github.com/o/r/runs/7';
  const comment = render({ ...situation('quiet', 'pull-request'), overruled: { conclusion: 'failure', url } });

  it('is headed by the worse verdict, links it, and says its own as its own', () => {
    expect(comment).toMatch(/^### ❌ Failed in another audit of this commit/m);
    expect(comment).toContain(`[another audit](${url})`);
    expect(aboveTheFold(comment)).toContain('This one says: ✅ Audit passed');
  });

  it('does not say that nothing blocks', () => {
    expect(aboveTheFold(comment)).not.toContain('nothing blocks');
    expect(aboveTheFold(comment)).toContain('Nothing opens, nothing closes.');
  });
});
