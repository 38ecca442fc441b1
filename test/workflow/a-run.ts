/** A run of a workflow against a small repository, for tests of the runner itself. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { temporaryFolder, temporaryRepository, type TemporaryRepository } from '../host/local/temporary-repository.ts';
import { runWorkflow, type RunRequest, type WorkflowResult } from './run-workflow.ts';

/** One that no log may show. */
export const TOKEN = 'ghs_0123456789abcdefABCDEF0123456789abcd';

/** A push to `main` of a repository with one file. */
export async function aRun(yaml: string, overrides: Partial<RunRequest> = {}, repository: TemporaryRepository = aSmallRepository()): Promise<WorkflowResult> {
  return runWorkflow({
    yaml, event: { name: 'push', payload: { ref: 'refs/heads/main' } }, repository: { gitDir: join(repository.root, '.git'), fullName: 'octo/widgets', id: 42 }, github: { apiUrl: 'http://127.0.0.1:9', serverUrl: 'http://127.0.0.1:9' },
    sha: repository.git('rev-parse', 'HEAD'), ref: 'refs/heads/main', actor: 'octocat', token: () => TOKEN, actionFolder: '/nonexistent', runId: 7, ...overrides,
  });
}

export function aSmallRepository(): TemporaryRepository {
  const repository = temporaryRepository();
  repository.write('a.txt', 'one\n');
  repository.commit('first');
  return repository;
}

/** One job `a` on a push, with these steps as YAML lines. */
export function steps(...lines: readonly string[]): string {
  return `on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n${lines.map((line) => `      - ${line.replaceAll('\n', '\n        ')}\n`).join('')}`;
}

/** The folder of an action made of these files. */
export function anAction(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}
