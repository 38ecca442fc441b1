import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cloneLog, jsonOf, plain, type LogClone } from './github-log.ts';
import { openScene, type Ran, type Scene } from './github-scene.ts';
import { breakIt, BROKEN, MENDED, outcomes, SOUND } from './github-shop.ts';
import { strangeCommands } from './runner-commands.ts';

/** Of the record of a run: what it says in short. */
function recordOf(clone: LogClone, id: string): unknown {
  const path = [...clone.files.keys()].find((one) => one.endsWith(`/${id}.json`)) ?? '';
  const { runId, outcome, rows, events, run } = jsonOf(clone, path) as Readonly<{
    runId: string; outcome: string; rows: readonly Readonly<{ rule: string }>[]; events: readonly Readonly<{ kind: string; evidence?: string }>[];
    run: Readonly<{ context: Readonly<{ trigger: string; commit: string; tree: string; keepsLedger: boolean }>; tasks: readonly Readonly<{ name: string; outcome: string; step: string }>[] }>;
  }>;
  const { trigger, commit, tree, keepsLedger } = run.context;
  return { runId, outcome, rules: rows.map(({ rule }) => rule), events: events.map(({ kind, evidence }) => (evidence === undefined ? kind : `${kind}: ${evidence}`)), trigger, commit, tree, keepsLedger, tasks: run.tasks.map(({ name, outcome: ended, step }) => `${name} ${ended}, its step ${step}`) };
}

/** Rows of the ledger of main, the first line aside. */
function ledgerOf({ files }: LogClone): unknown[] {
  return (files.get('docs/audit/branches/main/findings.ndjson') ?? '').trimEnd().split('\n').slice(1).map((line) => JSON.parse(line) as unknown);
}

function commentsOf(scene: Scene, number: number): string[] {
  return scene.double.comments(number).map(({ body }) => body);
}

/** Nothing in what a step prints acts, and its documents are where its outputs say. */
function assertQuietOutput({ audit }: Ran): void {
  expect(strangeCommands(audit.stdout + audit.stderr)).toEqual([]);
  expect(readFileSync(audit.outputs['summary'] ?? '', 'utf8')).toBe(audit.summary);
}

describe('a push to main, by the workflow of the README', () => {
  it('is recorded on a branch of its own, which holds the log and its data only', async () => {
    const scene = await openScene();
    const first = await scene.push(SOUND);
    expect(outcomes(first)).toEqual({ job: 'success', step: 'success', exitCode: 0 });
    const clone = cloneLog(scene.double.gitDir);
    const commit = `docs/audit/commits/${first.sha.slice(0, 2)}/${first.sha}.json`;
    expect(clone.commits.map(({ subject, changes }) => [subject, changes.map((change) => plain(change))])).toEqual([
      ['Begin the run log', ['A docs/AUDIT_RUN_LOG.md']],
      ['Record RUN-001: pass-with-known-gaps', [
        'A docs/audit/branches/main/checks.json', 'A docs/audit/branches/main/findings.ndjson', 'A docs/audit/branches/main/tests.txt', `A ${commit}`, 'A docs/audit/latest.json', 'A docs/audit/runs/MONTH/RUN-001.json', 'M docs/AUDIT_RUN_LOG.md',
      ]],
    ]);
    expect(clone.files.get('docs/audit/branches/main/tests.txt')).toBe('# audit-run-log tests 1\ntest/junit\tcart > adds items\ntest/junit\tcart > rounds tax\n');
    expect(recordOf(clone, 'RUN-001')).toEqual({
      runId: 'RUN-001', outcome: 'pass-with-known-gaps', rules: ['first-run'], events: [], trigger: 'push', commit: first.sha, tree: scene.double.tree(first.sha), keepsLedger: true, tasks: ['test passed, its step passed', 'lint passed, its step passed'],
    });
  });

  it('gets a check run, a summary and outputs that say the same, and no comment', async () => {
    const scene = await openScene();
    const { sha, audit, ...ran } = await scene.push(SOUND);
    const [check, ...more] = scene.double.checkRuns(sha);
    expect(more).toEqual([]);
    expect(check).toMatchObject({ name: 'Audit', headSha: sha, status: 'completed', conclusion: 'neutral', title: 'First audit: nothing to compare with yet', annotations: [] });
    expect(audit.summary).toContain('## 🟡 First audit: nothing to compare with yet\n');
    expect(audit.summary).toContain('| test | passed | 2 passed | `npx vitest run --reporter=junit --outputFile=out/vitest.xml` |\n| lint | passed | no findings | `npx eslint . -f json -o out/eslint.json` |\n');
    const logCommit = await scene.double.head('audit-log');
    expect(audit.outputs).toMatchObject({ outcome: 'pass-with-known-gaps', reason: 'first-run', recorded: 'true', 'run-id': 'RUN-001', 'findings-opened': '0', 'findings-closed': '0', 'findings-open': '0', 'log-commit': logCommit, 'comment-url': '', 'check-run-url': `${scene.double.serverUrl}/octo/widgets/runs/${check?.id}` });
    expect(plain(audit.outputs['entry-url'] ?? '').toLowerCase()).toMatch(new RegExp(`^${scene.double.serverUrl}/octo/widgets/blob/${logCommit}/docs/audit_run_log\\.md#run-001---`));
    assertQuietOutput({ audit, ...ran });
  });
});

describe('a pull request that breaks a test and adds a lint error', () => {
  it('is recorded with what it opens, and leaves the ledger of main alone', async () => {
    const scene = await openScene();
    const { first, broken } = await breakIt(scene);
    expect(outcomes(broken)).toEqual({ job: 'failure', step: 'failure', exitCode: 1 });
    const clone = cloneLog(scene.double.gitDir);
    expect(clone.commits.at(-1)?.changes.map((change) => plain(change))).toEqual([`A docs/audit/commits/${broken.headSha.slice(0, 2)}/${broken.headSha}.json`, 'A docs/audit/runs/MONTH/RUN-002.json', 'M docs/AUDIT_RUN_LOG.md']);
    expect(ledgerOf(clone)).toEqual([]);
    expect(recordOf(clone, 'RUN-002')).toEqual({
      runId: 'RUN-002', outcome: 'failed', rules: ['test-broke', 'opened-p2'], events: [], trigger: 'pull_request', commit: broken.headSha, tree: scene.double.tree(broken.mergeSha), keepsLedger: false, tasks: ['test failed, its step failed', 'lint failed, its step failed'],
    });
    expect(plain(clone.entries[1]?.text ?? '', { HEAD: broken.headSha, TESTED: broken.mergeSha })).toBe(BROKEN_ENTRY);
    expect(plain(clone.log, { FIRST: first.sha, HEAD: broken.headSha })).toContain('\n| RUN-001 | TIME | TIME | main | FIRST | audit-only | pass-with-known-gaps | docs/ |\n| RUN-002 | TIME | TIME | work | HEAD | audit-only | failed | docs/ |\n');
  });

  it('gets one comment, a check run on its head with a mark in the diff, and outputs', async () => {
    const scene = await openScene();
    const { first, broken } = await breakIt(scene);
    const { number, headSha, audit } = broken;
    expect(commentsOf(scene, number).map((body) => plain(body, { HEAD: headSha, FIRST: first.sha }))).toEqual([BROKEN_COMMENT]);
    const [check, ...more] = scene.double.checkRuns(headSha);
    expect(more).toEqual([]);
    expect(check).toMatchObject({ name: 'Audit', headSha, status: 'completed', conclusion: 'failure', title: 'Failed: 1 test broke here', app: 'github-actions' });
    expect(check?.title?.length).toBeLessThanOrEqual(60);
    expect(check?.annotations).toEqual([{ path: 'src/cart.js', start_line: 4, end_line: 4, annotation_level: 'warning', title: 'P2 eqeqeq', message: expect.stringMatching(/^Expected '===' and instead saw '=='\. \(lint, F-[A-Z2-7]{8}\)$/) as string }]);
    expect(scene.double.checkRuns(broken.mergeSha)).toEqual([]);
    const [comment] = scene.double.comments(number);
    expect(audit.outputs).toMatchObject({ outcome: 'failed', reason: 'test-broke', recorded: 'true', 'run-id': 'RUN-002', 'findings-opened': '2', 'findings-closed': '0', 'findings-open': '2', 'comment-url': `${scene.double.serverUrl}/octo/widgets/pull/${number}#issuecomment-${comment?.id}` });
    expect(audit.summary).toContain('## ❌ Failed: 1 test broke here\n\nBlocks until the test passes.\n');
    assertQuietOutput(broken);
  });

  it('is compared with its next push: the comment is updated in place once both are mended', async () => {
    const scene = await openScene();
    const { first, broken } = await breakIt(scene);
    const [before] = scene.double.comments(broken.number);
    const mended = await scene.pushToPull(broken.number, MENDED);
    expect(outcomes(mended)).toEqual({ job: 'success', step: 'success', exitCode: 0 });
    expect(scene.double.comments(broken.number)).toEqual([{ ...before, body: expect.any(String) as string, updatedAt: expect.any(String) as string }]);
    expect(commentsOf(scene, broken.number).map((body) => plain(body, { HEAD: mended.headSha, FIRST: first.sha }))).toEqual([MENDED_COMMENT]);
    expect(scene.double.checkRuns(mended.headSha)).toMatchObject([{ conclusion: 'success', title: 'Audit passed', annotations: [] }]);
    expect(scene.double.checkRuns(broken.headSha)).toMatchObject([{ conclusion: 'failure', title: 'Failed: 1 test broke here' }]);
    expect(mended.audit.outputs).toMatchObject({ outcome: 'pass', reason: 'none', recorded: 'true', 'run-id': 'RUN-003', 'findings-opened': '0', 'findings-closed': '0', 'findings-open': '0' });
    assertQuietOutput(mended);
  });
});

describe('the merge', () => {
  it('closes nothing that was never in the ledger of main, and the log tells the whole story', async () => {
    const scene = await openScene();
    const { first, broken } = await breakIt(scene);
    const mended = await scene.pushToPull(broken.number, MENDED);
    const comment = commentsOf(scene, broken.number);
    const merged = await scene.merge(mended);
    expect(outcomes(merged)).toEqual({ job: 'success', step: 'success', exitCode: 0 });
    const clone = cloneLog(scene.double.gitDir);
    expect(clone.entries.map(({ id, text }) => [id, /^- Commit SHA: `(.*)`$/m.exec(text)?.[1], /^- Outcome: `(.*)`$/m.exec(text)?.[1]])).toEqual([
      ['RUN-001', first.sha, 'pass-with-known-gaps'], ['RUN-002', broken.headSha, 'failed'], ['RUN-003', mended.headSha, 'pass'], ['RUN-004', merged.sha, 'pass'],
    ]);
    expect(clone.entries[3]?.text).toContain('- Branch: `main`\n');
    expect(clone.entries[3]?.text).toContain('  - Whole repository; 1 file changed by this push.\n- Outcome: `pass`\n- Key findings (1-5):\n  - Nothing opened, nothing closed; every check ran to the end.\n');
    expect(ledgerOf(clone)).toEqual([]);
    expect(recordOf(clone, 'RUN-004')).toMatchObject({ outcome: 'pass', events: [], trigger: 'push', commit: merged.sha, keepsLedger: true });
    expect(merged.audit.outputs).toMatchObject({ outcome: 'pass', 'run-id': 'RUN-004', 'findings-closed': '0', 'findings-open': '0', 'comment-url': '' });
    expect(commentsOf(scene, broken.number)).toEqual(comment);
  });

  it('leaves behind what later runs start from: last commit of each check, newest run, runs by commit', async () => {
    const scene = await openScene();
    const first = await scene.push(SOUND);
    const pull = await scene.openPull(MENDED);
    const merged = await scene.merge(pull);
    const clone = cloneLog(scene.double.gitDir);
    const { last, checks } = jsonOf(clone, 'docs/audit/branches/main/checks.json') as Readonly<{ last: unknown; checks: Readonly<Record<string, Readonly<{ complete: Readonly<{ run: string; commit: string }>; missed: number }>>> }>;
    expect(last).toMatchObject({ run: 'RUN-003', commit: merged.sha });
    expect(Object.entries(checks).map(([check, { complete: { run, commit }, missed }]) => [check, run, commit, missed])).toEqual(
      ['lint/eslint', 'lint/evidence', 'lint/step', 'test/evidence', 'test/junit', 'test/step'].map((check) => [check, 'RUN-003', merged.sha, 0]),
    );
    expect(jsonOf(clone, 'docs/audit/latest.json')).toMatchObject({ schema: 1, branches: { main: { Audit: { run: 'RUN-003', outcome: 'pass', commit: merged.sha, open: { P0: 0, P1: 0, P2: 0, P3: 0 } } } } });
    expect(Object.keys((jsonOf(clone, 'docs/audit/latest.json') as Readonly<{ branches: object }>).branches)).toEqual(['main']);
    const runsOf = (sha: string): unknown => (jsonOf(clone, `docs/audit/commits/${sha.slice(0, 2)}/${sha}.json`) as Readonly<{ records: unknown }>).records;
    expect(runsOf(first.sha)).toMatchObject([{ run: 'RUN-001', trigger: 'push', tree: scene.double.tree(first.sha) }]);
    expect(runsOf(pull.headSha)).toMatchObject([{ run: 'RUN-002', trigger: 'pull_request', pullRequest: pull.number, tree: scene.double.tree(pull.mergeSha) }]);
    expect(runsOf(merged.sha)).toMatchObject([{ run: 'RUN-003', trigger: 'push', tree: scene.double.tree(pull.mergeSha) }]);
  });

  it('closes with its evidence what main had open and a pull request mends, and not before', async () => {
    const scene = await openScene();
    const first = await scene.push(BROKEN);
    expect(first.audit.outputs).toMatchObject({ outcome: 'failed', reason: 'test-broke', 'findings-opened': '1', 'findings-open': '2' });
    const pull = await scene.openPull(MENDED);
    const before = cloneLog(scene.double.gitDir);
    expect(ledgerOf(before)).toMatchObject([{ test: 'cart > rounds tax', state: 'open', severity: 'P1' }, { rule: 'eqeqeq', state: 'open', severity: 'P2' }]);
    expect(plain(commentsOf(scene, pull.number)[0] ?? '')).toContain('### ✅ Passed: closes 2\n');
    const merged = await scene.merge(pull);
    const clone = cloneLog(scene.double.gitDir);
    expect(ledgerOf(clone)).toMatchObject([
      { rule: 'test', state: 'closed', opened: { run: 'RUN-001', commit: first.sha }, closed: { run: 'RUN-003', commit: merged.sha, how: 'fixed' } },
      { rule: 'eqeqeq', state: 'closed', opened: { run: 'RUN-001', commit: first.sha }, closed: { run: 'RUN-003', commit: merged.sha, how: 'fixed' } },
    ]);
    expect(recordOf(clone, 'RUN-003')).toMatchObject({ events: ['closed: the test ran and passed', 'closed: the check read the whole file and no longer reports it'] });
    expect(clone.entries[2]?.text).toContain('; the test ran and passed.\n');
    expect(merged.audit.outputs).toMatchObject({ outcome: 'pass', 'findings-closed': '2', 'findings-open': '0' });
  });
});

describe('a pull request without news', () => {
  it('is recorded without a comment, in five calls besides its pages of files', async () => {
    const scene = await openScene();
    await scene.push(SOUND);
    const quiet = await scene.openPull(MENDED);
    expect(outcomes(quiet)).toEqual({ job: 'success', step: 'success', exitCode: 0 });
    expect(quiet.audit.outputs).toMatchObject({ outcome: 'pass', recorded: 'true', 'run-id': 'RUN-002', 'comment-url': '' });
    expect(commentsOf(scene, quiet.number)).toEqual([]);
    // The two in the middle go out at once.
    expect(quiet.calls.toSorted()).toEqual(['GET /actions/jobs/{id}', 'GET /commits/{sha}/check-runs', 'GET /pulls/{id}/files', 'POST /check-runs', 'mutation Commit', 'query Snapshot']);
  });
});

const BROKEN_ENTRY = `## RUN-002 - TIME
- Branch: \`work\` (pull request 7 into \`main\`)
- Commit SHA: \`HEAD\`
- Operator: octocat, workflow Audit (pull request)
- Mode: \`audit-only\`
- Scope:
  - Whole repository; 3 files changed by the pull request into \`main\`, tested as merged there (\`TESTED12\`).
- Outcome: \`failed\`
- Key findings (1-5):
  - Opens P1 \`F-6KNOS7AB\`: \`cart > rounds tax\`: expected 12, got 11.
  - Opens P2 \`F-MMKX2EIA\`: Expected '===' and instead saw '==', \`src/cart.js\` (\`eqeqeq\`).
- Artifacts:
  - \`docs/audit/runs/MONTH/RUN-002.json\`
  - Workflow run
  - \`out/vitest.xml\`
  - \`out/eslint.json\`
- Change summary:
  - files touched:
    - \`says/eslint.json\`
    - \`says/vitest.xml\`
    - \`src/cart.js\`
  - db/migration notes:
    - No migration files among the files touched.
- Verification summary:
  - tests:
    - \`npx vitest run --reporter=junit --outputFile=out/vitest.xml\` -> \`1 failed, 1 passed\`.
  - logs:
    - N/A (no logs given to this run).
  - db queries:
    - N/A (not seen by this run).
  - static checks:
    - \`npx eslint . -f json -o out/eslint.json\` -> \`1 finding: 1 new\`.
  - build:
    - N/A (no build was part of this run).
- Follow-ups:
  - owner + due date:
    - Mend \`F-6KNOS7AB\` (P1): \`cart > rounds tax\`: expected 12, got 11; **Owner:** none yet, **Due:** DAY.
    - Mend \`F-MMKX2EIA\` (P2): Expected '===' and instead saw '==', \`src/cart.js\` (\`eqeqeq\`); **Owner:** none yet, **Due:** DAY.
`;

const COMMANDS = `**Commands**

- test: \`npx vitest run --reporter=junit --outputFile=out/vitest.xml\`
- lint: \`npx eslint . -f json -o out/eslint.json\`

</details>
`;

const BROKEN_COMMENT = `<!-- audit-run-log:comment:v1 name=audit-bb6aea28 -->
### ❌ Failed: 1 test broke here

Blocks until the test passes.

**Broke** (not known to fail on \`main\`)

- **P1** \`cart > rounds tax\`: expected 12, got 11

**Opens**

- **P2** \`src/cart.js:4\` Expected '===' and instead saw '==' (\`eqeqeq\`)

**test 1 failed** of 2 · **lint 1 new**

<details><summary>Ids and commands</summary>

**What decided**

- \`failed\` 1 test broke (\`test-broke\`)
- \`pass-with-known-gaps\` 1 P2 finding opened (\`opened-p2\`)

**Ids**

- Broke: \`F-6KNOS7AB\`
- Opens: \`F-MMKX2EIA\`

${COMMANDS}
<sub>\`HEAD7\` against \`main\` \`FIRST7\` · RUN-002 · check · run · log entry</sub>
`;

const MENDED_COMMENT = `<!-- audit-run-log:comment:v1 name=audit-bb6aea28 -->
### ✅ Audit passed

Nothing opens, nothing closes, nothing blocks. Both checks ran to the end: test 2 · lint

<details><summary>Commands</summary>

${COMMANDS}
<sub>\`HEAD7\` against \`main\` \`FIRST7\` · RUN-003 · check · run · log entry</sub>
`;
