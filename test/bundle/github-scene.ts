/** A repository on the loopback GitHub, and the workflow of the README run in it on the events that its people make. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Content, LoopbackGitHub, LoopbackOptions } from '../github/loopback.ts';
import type { PullState } from '../github/types.ts';
import { temporaryFolder } from '../host/local/temporary-repository.ts';
import { workflowUnder } from '../workflow/readme.ts';
import { runWorkflow, stepOf, type WorkflowResult } from '../workflow/run-workflow.ts';
import type { StepResult } from '../workflow/types.ts';
import { openDouble, watchCalls } from './github-double.ts';
import { NO_COMMIT, pullEvent, pushEvent, type JobEvent, type PullPlace } from './github-events.ts';
import { makeTools } from './github-tools.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const WORKFLOW_PATH = '.github/workflows/audit.yml';
const README_WORKFLOW = workflowUnder(readFileSync(join(ROOT, 'README.md'), 'utf8'), 'On GitHub: one run, one entry, one comment, one check');

export type Files = Readonly<Record<string, Content>>;
export type Ran = Readonly<{
  workflow: WorkflowResult;
  /** The step of ours. */
  audit: StepResult;
  /** What it asked of GitHub, as `POST /check-runs` or `query Snapshot`. */
  calls: readonly string[];
}>;
/** `workflow`: changes that of the README. */
export type SceneOptions = LoopbackOptions & Readonly<{ workflow?(yaml: string): string }>;

export class Scene {
  readonly double: LoopbackGitHub;
  readonly #yaml: string;
  readonly #tools: string;
  #runs = 9_000;

  constructor(double: LoopbackGitHub, yaml: string) {
    this.double = double;
    this.#yaml = yaml;
    this.#tools = makeTools(temporaryFolder());
  }

  /** A push to a branch, and the run that it starts. */
  async push(files: Files, branch = 'main'): Promise<Ran & Readonly<{ sha: string }>> {
    const before = (await this.double.head(branch)) ?? NO_COMMIT;
    const sha = await this.double.push(branch, { [WORKFLOW_PATH]: this.#yaml, ...files });
    return { sha, ...await this.run(pushEvent(this.double, { branch, before, sha })) };
  }

  /** A branch with these files, and a pull request of it. */
  async openPull(files: Files, { head = 'work', base = 'main', ...place }: PullPlace = {}): Promise<PullState & Ran> {
    await this.double.push(head, { [WORKFLOW_PATH]: this.#yaml, ...files }, { from: `refs/heads/${base}` });
    const pull = await this.double.openPull({ head, base });
    return { ...pull, ...await this.run(pullEvent(this.double, pull, { head, base, ...place })) };
  }

  async pushToPull(number: number, files: Files, head = 'work'): Promise<PullState & Ran> {
    await this.double.push(head, files);
    const pull = await this.double.updatePull(number);
    return { ...pull, ...await this.run(pullEvent(this.double, pull, { head, action: 'synchronize' })) };
  }

  /** The merge of a pull request into main: a commit with the tree of its test merge, and the run that this push starts. */
  async merge({ number, headSha, mergeSha }: PullState): Promise<Ran & Readonly<{ sha: string }>> {
    const { double } = this;
    const before = (await double.head('main')) ?? NO_COMMIT;
    const sha = (await double.git('-c', 'user.name=octocat', '-c', 'user.email=octocat@example.org', 'commit-tree', double.tree(mergeSha), '-p', before, '-p', headSha, '-m', `Merge pull request #${number}`)).trim();
    await double.git('update-ref', 'refs/heads/main', sha, before);
    await double.updatePull(number, { state: 'closed' });
    return { sha, ...await this.run(pushEvent(double, { before, sha })) };
  }

  async run({ sha, ref, ...event }: JobEvent): Promise<Ran> {
    const { double } = this;
    const calls = watchCalls(double);
    const workflow = await runWorkflow({
      yaml: this.#yaml, path: WORKFLOW_PATH, event, sha, ref, actor: 'octocat',
      repository: { gitDir: double.gitDir, fullName: double.fullName, id: double.repositoryId }, github: { apiUrl: double.apiUrl, serverUrl: double.serverUrl },
      token: ({ contents, 'pull-requests': pulls, issues, checks, actions }) => double.token({ contents, 'pull-requests': pulls, issues, checks, actions }),
      actionFolder: ROOT, tools: this.#tools, runId: (this.#runs += 1), folder: temporaryFolder(),
      onJob: (job) => { double.job(job); },
    });
    return { workflow, audit: stepOf(workflow, 'audit', 'audit'), calls: calls() };
  }
}

export async function openScene({ workflow = (yaml) => yaml, ...options }: SceneOptions = {}): Promise<Scene> {
  return new Scene(await openDouble(options), workflow(README_WORKFLOW));
}
