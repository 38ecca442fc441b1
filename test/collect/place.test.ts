import { describe, expect, it } from 'vitest';
import { repositoryPath } from '../../src/collect/place.ts';
import { taskKind } from '../../src/collect/task-kind.ts';

const folders = { root: '/r/repo', cwd: '/r/repo/packages/api' };

describe('repositoryPath', () => {
  it.each([
    ['src/a.ts', 'packages/api/src/a.ts'],
    ['../web/b.ts', 'packages/web/b.ts'],
    ['/r/repo/src/c.ts', 'src/c.ts'],
    ['file:///r/repo/src/d%20e.ts', 'src/d e.ts'],
  ])('places %s at %s', (reported, path) => {
    expect(repositoryPath(reported, folders)).toBe(path);
  });

  it.each(['../../../etc/passwd', '/etc/passwd', 'https://evil.example/x', 'file:///etc/%', '', 'a\0b', '/r/repo', '/r/repository/x.ts'])('gives no place in the repository to %j', (reported) => {
    expect(repositoryPath(reported, folders)).toBeUndefined();
  });
});

describe('taskKind', () => {
  it.each([
    ['unit-tests', [], 'test'], ['lint', [], 'lint'], ['Type check: types', [], 'typecheck'], ['build', [], 'build'], ['npm audit', [], 'security'], ['lint tests', [], 'lint'],
    ['web', ['junit'], 'test'], ['web', ['eslint'], 'lint'], ['web', [], 'other'], ['latest', [], 'other'],
  ] as const)('takes %s with reports %j for %s', (name, formats, kind) => {
    expect(taskKind(name, formats)).toBe(kind);
  });
});
