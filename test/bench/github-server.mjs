/**
 * The loopback GitHub as a process of its own, so that what it costs is not counted as the program's. Over IPC: `open` makes a repository with an event, `log` tells
 * the files of its log branch, `close` ends it and tells what was asked of it.
 */
import { startGitHub } from '../github/loopback.ts';

const NOW = new Date('2026-01-05T10:00:00Z');
const WORKFLOW_PATH = '.github/workflows/audit.yml';
/** A step with a name of its own, as in the README: what it ran stands in the workflow file only. */
const WORKFLOW = `name: Audit
on:
  pull_request:
  push: { branches: [main] }
permissions: {}
jobs:
  audit:
    runs-on: ubuntu-latest
    permissions:
      contents: write
      pull-requests: write
      checks: write
      actions: read
    steps:
      - uses: actions/checkout@v6
        with: { persist-credentials: false }
      - run: npm ci
      - name: test
        run: npx vitest run --reporter=junit --outputFile=out/junit.xml
      - uses: octo/audit-run-log@v1
        if: \${{ !cancelled() }}
        with:
          reports: 'test: out/junit.xml'
`;
const BRANCH = 'audit-log';
const PULL = { head: 'work', base: 'main' };

let github;

/** `log`: files of the log branch, or null where there is none yet. The same commits have the same ids each time. */
async function open({ event, log }) {
  github = await startGitHub({ now: () => NOW });
  const first = await github.push('main', { 'README.md': '# Bench\n', 'src/cart.js': 'export const items = [];\n', [WORKFLOW_PATH]: WORKFLOW });
  if (log !== null) await github.push(BRANCH, log);
  const made = await EVENTS[event](first);
  const token = github.token();
  const job = github.job({ headSha: made.sha, name: 'audit', runId: log === null ? 9_001 : 9_002, steps: steps() });
  return { ...made, event: made.name, token, jobId: job.id, runId: job.runId, apiUrl: github.apiUrl, fullName: github.fullName, repositoryId: github.repositoryId };
}

const repository = () => ({ id: github.repositoryId, full_name: github.fullName, default_branch: 'main' });
const pushed = (before, sha) => ({ name: 'push', sha, ref: 'refs/heads/main', payload: { ref: 'refs/heads/main', before, after: sha, deleted: false, repository: repository() } });

const EVENTS = {
  first: async (first) => pushed('0'.repeat(40), first),
  push: async (first) => pushed(first, await github.push('main', { 'src/cart.js': 'export const items = [1];\n' })),
  pull: async () => {
    await github.push(PULL.head, { 'src/cart.js': 'export const items = [2];\n', 'src/mail.js': 'export const mail = null;\n' }, { from: 'refs/heads/main' });
    const { number, headSha, baseSha, mergeSha } = await github.openPull(PULL);
    const own = { id: github.repositoryId, full_name: github.fullName };
    const pull = { number, base: { ref: PULL.base, sha: baseSha, repo: own }, head: { ref: PULL.head, sha: headSha, repo: own, user: { login: 'octocat' } } };
    return { name: 'pull_request', sha: mergeSha, ref: `refs/pull/${number}/merge`, payload: { action: 'opened', number, repository: repository(), pull_request: pull } };
  },
};

function steps() {
  const at = (second) => `2026-01-05T09:00:${String(second).padStart(2, '0')}Z`;
  const ended = ['Set up job', 'Run actions/checkout@v6', 'Run npm ci', 'test'].map((name, index) => ({ name, number: index + 1, status: 'completed', conclusion: 'success', started_at: at(index * 5), completed_at: at(index * 5 + 5) }));
  return [...ended, { name: 'Run octo/audit-run-log@v1', number: ended.length + 1, status: 'in_progress', conclusion: null, started_at: at(20), completed_at: null }];
}

async function readLog() {
  const paths = await github.list(`refs/heads/${BRANCH}`);
  return Object.fromEntries(await Promise.all(paths.map(async (path) => [path, await github.show(`refs/heads/${BRANCH}`, path)])));
}

/** `calls`: as `GET /pulls/7/files` or `mutation Commit`. `broken`: what went against GitHub's own description. */
async function close() {
  const calls = github.exchanges.map(({ method, path, operation }) => (operation === null ? `${method} ${path.replace(/\?.*$/, '').replace(`/repos/${github.fullName}`, '')}` : operation.replace(/^\s*(\w+ \w+)[\s\S]*$/, '$1')));
  const broken = github.violations();
  await github.close();
  return { calls, broken };
}

const ACTIONS = { open, log: readLog, close };

async function answer({ action, ...request }) {
  try {
    process.send({ answer: await ACTIONS[action](request) });
  } catch (error) {
    process.send({ fault: error instanceof Error ? error.stack : String(error) });
  }
}

process.on('message', (message) => {
  void answer(message);
});
process.on('disconnect', () => process.exit());
