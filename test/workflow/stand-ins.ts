/** What stands in for actions of others: actions/checkout with real git, actions/setup-node as a step that does nothing. */
import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { registerPost } from './action.ts';
import { NotSupportedYet } from './errors.ts';
import { substitute } from './expression.ts';
import type { Execute, StageRun } from './job-state.ts';
import { fail } from './record.ts';

const CHECKOUT_INPUTS = ['clean', 'fetch-depth', 'fetch-tags', 'path', 'persist-credentials', 'ref', 'repository', 'show-progress', 'token'];
const SETUP_NODE_INPUTS = ['cache', 'check-latest', 'node-version', 'node-version-file', 'package-manager-cache', 'token'];
const SHA = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

export function standIn(uses: string): Execute | undefined {
  if (uses.startsWith('actions/checkout@')) return withPost(checkout, forgetCredentials);
  if (uses.startsWith('actions/setup-node@')) return withPost(async (run) => { inputsOf(run, SETUP_NODE_INPUTS); }, async () => {});
  return undefined;
}

function withPost(main: Execute, post: Execute): Execute {
  return async (run) => {
    registerPost(run, 'always()', post);
    await main(run);
  };
}

function inputsOf({ stage: { step }, scope }: StageRun, known: readonly string[]): Readonly<Record<string, string | undefined>> {
  const unknown = Object.keys(step.with).filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new NotSupportedYet(`${step.uses} with ${unknown.join(', ')}`);
  return Object.fromEntries(Object.entries(step.with).map(([name, value]) => [name, substitute(value, scope)]));
}

/** The commit of the event, as actions/checkout lays it out: a branch of its own name for a branch, a detached HEAD else. `origin` is the bare repository itself. */
async function checkout(run: StageRun): Promise<void> {
  const { request, folders, token } = run.job;
  const inputs = inputsOf(run, CHECKOUT_INPUTS);
  if ((inputs['repository'] ?? request.repository.fullName) !== request.repository.fullName) throw new NotSupportedYet(`checkout of ${inputs['repository']}`);
  const folder = join(folders.workspace, inputs['path'] ?? '');
  mkdirSync(folder, { recursive: true });
  const git = gitIn(folder, folders.home);
  try {
    await git('init', '--quiet', '--initial-branch=main');
    await git('remote', 'add', 'origin', `file://${request.repository.gitDir}`).catch(async () => git('remote', 'set-url', 'origin', `file://${request.repository.gitDir}`));
    await fetchAndCheckOut(git, targetOf(inputs['ref'], request), inputs);
    if ((inputs['persist-credentials'] ?? 'true') === 'true') await git('config', `http.${request.github.serverUrl}/.extraheader`, `AUTHORIZATION: basic ${Buffer.from(`x-access-token:${inputs['token'] ?? token}`).toString('base64')}`);
    run.record.outputs.set('commit', await git('rev-parse', 'HEAD'));
    run.record.outputs.set('ref', inputs['ref'] ?? request.ref);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    fail(run.record, error.message);
  }
}

type Git = (...args: readonly string[]) => Promise<string>;
type Target = Readonly<{ from: string; to: string; branch: string | null }>;

function targetOf(asked: string | undefined, { ref, sha }: Readonly<{ ref: string; sha: string }>): Target {
  if (asked !== undefined && asked !== '' && asked !== ref) {
    if (SHA.test(asked)) return { from: asked, to: 'refs/remotes/origin/commit', branch: null };
    return asked.startsWith('refs/') && !asked.startsWith('refs/heads/') ? refTarget(asked, asked) : refTarget(`refs/heads/${asked.replace(/^refs\/heads\//, '')}`, `refs/heads/${asked.replace(/^refs\/heads\//, '')}`);
  }
  return refTarget(ref, sha);
}

function refTarget(ref: string, from: string): Target {
  if (ref.startsWith('refs/heads/')) return { from, to: `refs/remotes/origin/${ref.slice('refs/heads/'.length)}`, branch: ref.slice('refs/heads/'.length) };
  return ref.startsWith('refs/tags/') ? { from, to: ref, branch: null } : { from, to: ref.replace(/^refs\//, 'refs/remotes/'), branch: null };
}

async function fetchAndCheckOut(git: Git, { from, to, branch }: Target, inputs: Readonly<Record<string, string | undefined>>): Promise<void> {
  const depth = Number(inputs['fetch-depth'] ?? '1');
  const tags = inputs['fetch-tags'] === 'true' ? [] : ['--no-tags'];
  if (depth === 0) await git('fetch', '--quiet', '--prune', 'origin', '+refs/heads/*:refs/remotes/origin/*', '+refs/tags/*:refs/tags/*');
  // The branch stands at the event's commit even if it moved since, as with the real one.
  await git('fetch', '--quiet', ...tags, ...(depth === 0 ? [] : [`--depth=${depth}`]), 'origin', `+${from}:${to}`);
  await (branch === null ? git('checkout', '--quiet', '--force', '--detach', to) : git('checkout', '--quiet', '--force', '-B', branch, to));
}

async function forgetCredentials({ job, stage: { step }, scope }: StageRun): Promise<void> {
  const git = gitIn(join(job.folders.workspace, substitute(step.with['path'] ?? '', scope)), job.folders.home);
  await git('config', '--unset-all', `http.${job.request.github.serverUrl}/.extraheader`).catch(() => {});
}

function gitIn(cwd: string, home: string): Git {
  const env = { PATH: process.env['PATH'] ?? '', HOME: home, GIT_TERMINAL_PROMPT: '0' };
  return async (...args) => (await promisify(execFile)('git', args, { cwd, env, encoding: 'utf8' })).stdout.trim();
}
