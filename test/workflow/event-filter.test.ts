import { describe, expect, it } from 'vitest';
import { startsWorkflow, type Occasion } from './event-filter.ts';
import { readWorkflow } from './workflow-file.ts';

const starts = async (on: string, occasion: Occasion): Promise<boolean> => startsWorkflow((await readWorkflow(`on: ${on}\njobs: { a: { runs-on: ubuntu-latest, steps: [{ run: ls }] } }`)).on, occasion);
const push = (ref: string, changedPaths?: readonly string[]): Occasion => ({ event: { name: 'push', payload: {} }, ref, ...(changedPaths === undefined ? {} : { changedPaths }) });
const pull = (action: string, base = 'main'): Occasion => ({ event: { name: 'pull_request', payload: { action, pull_request: { base: { ref: base } } } }, ref: 'refs/pull/7/merge' });

describe('an event', () => {
  it('starts a workflow that names it, in each form of `on`', async () => {
    for (const on of ['push', '[push, pull_request]', '{ push: , workflow_dispatch: }']) expect(await starts(on, push('refs/heads/a')), on).toBe(true);
    expect(await starts('workflow_dispatch', push('refs/heads/a'))).toBe(false);
  });

  it('of a pull request starts it when opened, pushed to or reopened, unless types say else', async () => {
    expect(await starts('pull_request', pull('opened'))).toBe(true);
    expect(await starts('pull_request', pull('synchronize'))).toBe(true);
    expect(await starts('pull_request', pull('closed'))).toBe(false);
    expect(await starts('{ pull_request: { types: [closed] } }', pull('closed'))).toBe(true);
    expect(await starts('{ pull_request: { types: closed } }', pull('opened'))).toBe(false);
  });

  it('of a pull request is filtered by the branch it goes to', async () => {
    expect(await starts('{ pull_request: { branches: [main] } }', pull('opened'))).toBe(true);
    expect(await starts('{ pull_request: { branches: [main] } }', pull('opened', 'next'))).toBe(false);
    expect(await starts('{ pull_request: { branches-ignore: [next] } }', pull('opened', 'next'))).toBe(false);
  });

  it('of a push is filtered by branch, or by tag, and one filter leaves the other out', async () => {
    expect(await starts('{ push: { branches: [main] } }', push('refs/heads/main'))).toBe(true);
    expect(await starts('{ push: { branches: [main] } }', push('refs/tags/main'))).toBe(false);
    expect(await starts('{ push: { tags: [v*] } }', push('refs/tags/v1'))).toBe(true);
    expect(await starts('{ push: { tags: [v*] } }', push('refs/heads/v1'))).toBe(false);
    expect(await starts('{ push: { branches-ignore: [audit-log] } }', push('refs/heads/audit-log'))).toBe(false);
  });

  it('starts it only if a changed path is chosen, where paths are filtered', async () => {
    expect(await starts("{ push: { paths: ['src/**', '!src/**/*.md'] } }", push('refs/heads/a', ['src/a.md', 'x']))).toBe(false);
    expect(await starts("{ push: { paths: ['src/**', '!src/**/*.md'] } }", push('refs/heads/a', ['src/a/b.ts']))).toBe(true);
    expect(await starts("{ push: { paths-ignore: ['docs/**'] } }", push('refs/heads/a', ['docs/a.md']))).toBe(false);
    await expect(starts('{ push: { paths: [a] } }', push('refs/heads/a'))).rejects.toThrow('changedPaths');
  });

  it('of a run of another workflow is filtered by its name', async () => {
    const run = (name: string): Occasion => ({ event: { name: 'workflow_run', payload: { action: 'completed', workflow_run: { name, head_branch: 'x' } } }, ref: 'refs/heads/main' });
    expect(await starts('{ workflow_run: { workflows: [CI], types: [completed] } }', run('CI'))).toBe(true);
    expect(await starts('{ workflow_run: { workflows: [CI], types: [completed] } }', run('Other'))).toBe(false);
  });
});

describe('a filter pattern', () => {
  it.each([
    ['*', 'main', true], ['*', 'a/b', false], ['**', 'a/b', true], ['releases/**', 'releases/1/a', true], ['releases/*', 'releases/1/a', false], ['v[12].[0-9]+', 'v2.10', true],
    ['v[12].[0-9]+', 'v3.1', false], ['*.js?', 'a.j', true], ['a.b', 'axb', false], ['feature/**/x', 'feature/x', true], ['a(b)', 'a(b)', true],
  ])('%s takes %s: %s', async (pattern, branch, taken) => {
    expect(await starts(`{ push: { branches: ['${pattern}'] } }`, push(`refs/heads/${branch}`))).toBe(taken);
  });

  it('that takes out is undone by a later one that takes in', async () => {
    expect(await starts("{ push: { branches: ['r/**', '!r/old/**', 'r/old/1'] } }", push('refs/heads/r/old/1'))).toBe(true);
    expect(await starts("{ push: { branches: ['r/**', '!r/old/**', 'r/old/1'] } }", push('refs/heads/r/old/2'))).toBe(false);
  });
});
