/** Runs of the program as the step of a workflow: each on a fresh repository of the loopback GitHub, in a fresh workspace. */
import { fork, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFile } from './corpus.mjs';

/** `ask('open', …)`; one question at a time. The process begins with the first one. */
export function openServer() {
  let server;
  let take = () => undefined;
  const start = () => {
    server = fork(join(import.meta.dirname, 'github-server.mjs'), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    server.on('message', (told) => take(told));
    server.on('exit', () => take({ fault: 'it ended' }));
  };
  return {
    async ask(action, request = {}) {
      if (server === undefined) start();
      const told = await new Promise((resolve) => {
        take = resolve;
        server.send({ action, ...request }, (error) => {
          if (error !== null) resolve({ fault: error.message });
        });
      });
      if (told.fault !== undefined) throw new Error(`The loopback GitHub cannot ${action}: ${told.fault}`);
      return told.answer;
    },
    close() {
      if (server?.connected === true) server.disconnect();
    },
  };
}

/**
 * A step to be measured: `event` is that of the repository (`first`, `push`, `pull`), `report` the text of its test report, `log` the log branch as it stands before.
 * `open` makes its world; `close` ends it, and throws where the run did not do what it was there for.
 */
export function step({ server, folder, event, report, log }) {
  const open = async () => {
    const top = mkdtempSync(join(folder, 'step-'));
    const made = await server.ask('open', { event, log });
    const paths = { event: join(top, 'event.json'), output: join(top, 'output'), summary: join(top, 'summary'), workspace: join(top, 'workspace'), temporary: join(top, 'temporary') };
    for (const path of [paths.workspace, paths.temporary]) mkdirSync(path);
    for (const path of [paths.output, paths.summary]) writeFileSync(path, '');
    writeFile(paths.event, JSON.stringify(made.payload));
    // Checked out, so that no test is taken to be gone.
    for (const path of testFiles(report)) writeFile(join(paths.workspace, path), '');
    writeFile(join(paths.workspace, 'out/junit.xml'), report);
    return { cwd: paths.workspace, env: environmentOf(made, paths), output: paths.output, top };
  };
  const close = async ({ output, top }) => {
    const { calls, broken } = await server.ask('close');
    const outputs = readFileSync(output, 'utf8');
    rmSync(top, { recursive: true });
    if (broken.length > 0) throw new Error(`The loopback GitHub was asked against its description: ${broken.join('\n')}`);
    if (!/^recorded<<(\S+)\ntrue\n\1$/m.test(outputs)) throw new Error(`Nothing was recorded: ${outputs}`);
    return calls;
  };
  /** Once, unmeasured: what it asked of GitHub. `look`: at the repository, before it is gone. */
  const run = async ([node, ...args], look = async () => undefined) => {
    const world = await open();
    const { stderr } = spawnSync(node, args, { cwd: world.cwd, env: world.env, encoding: 'utf8' });
    if (stderr !== '') process.stderr.write(stderr);
    await look();
    return close(world);
  };
  return { open, close, run };
}

/** The log branch that a first run leaves. */
export async function recordedLog({ server, folder, report }, command) {
  let log = null;
  await step({ server, folder, report, event: 'first', log }).run(command, async () => {
    log = await server.ask('log');
  });
  return log;
}

function testFiles(report) {
  return new Set([...report.matchAll(/ file="([\w./-]+)"/g)].map(([, path]) => path));
}

function environmentOf({ event, sha, ref, token, jobId, runId, apiUrl, fullName, repositoryId }, paths) {
  const workflow = `${fullName}/.github/workflows/audit.yml@${ref}`;
  const inputs = { 'github-token': token, 'check-run-id': jobId, 'job-total': 1, 'job-index': 0, 'job-status': 'success', 'job-workflow': workflow, 'working-directory': '.', reports: 'test: out/junit.xml' };
  return {
    PATH: process.env.PATH, HOME: paths.temporary, LANG: 'C.UTF-8', CI: 'true', GITHUB_ACTIONS: 'true', RUNNER_NAME: 'runner 1', RUNNER_TEMP: paths.temporary,
    ...Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, String(value)])),
    GITHUB_API_URL: apiUrl, GITHUB_GRAPHQL_URL: `${apiUrl}/graphql`, GITHUB_SERVER_URL: apiUrl, GITHUB_REPOSITORY: fullName, GITHUB_REPOSITORY_ID: String(repositoryId),
    GITHUB_EVENT_NAME: event, GITHUB_EVENT_PATH: paths.event, GITHUB_SHA: sha, GITHUB_REF: ref, GITHUB_RUN_ID: String(runId), GITHUB_RUN_ATTEMPT: '1', GITHUB_JOB: 'audit',
    GITHUB_WORKFLOW: 'Audit', GITHUB_WORKFLOW_REF: workflow, GITHUB_WORKFLOW_SHA: sha, GITHUB_ACTOR: 'octocat', GITHUB_TRIGGERING_ACTOR: 'octocat', GITHUB_ACTION_REPOSITORY: 'octo/audit-run-log',
    GITHUB_WORKSPACE: paths.workspace, GITHUB_OUTPUT: paths.output, GITHUB_STEP_SUMMARY: paths.summary,
  };
}
