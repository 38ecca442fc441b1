/** What kind of activity a task is, where the configuration does not say: told by its name, else by what its reports are. */
import type { TaskKind } from '../model/task.ts';

/** Tried in this order against the words of a name: `lint-tests` lints. */
const WORDS: readonly (readonly [TaskKind, ReadonlySet<string>])[] = [
  ['typecheck', new Set(['typecheck', 'typechecking', 'types', 'tsc', 'mypy', 'pyright', 'flow'])],
  ['lint', new Set(['lint', 'linter', 'linting', 'eslint', 'oxlint', 'stylelint', 'ruff', 'flake8', 'pylint', 'rubocop', 'clippy', 'golangci', 'checkstyle', 'format', 'style', 'knip', 'prettier', 'biome', 'shellcheck', 'actionlint'])],
  ['security', new Set(['security', 'audit', 'scan', 'scanning', 'sast', 'semgrep', 'codeql', 'trivy', 'grype', 'gitleaks', 'bandit', 'snyk', 'secrets', 'zizmor'])],
  ['test', new Set(['test', 'tests', 'testing', 'spec', 'specs', 'unit', 'e2e', 'integration', 'pytest', 'jest', 'vitest', 'junit', 'phpunit', 'playwright', 'cypress', 'nextest', 'ctest', 'rspec', 'mocha'])],
  ['build', new Set(['build', 'compile', 'bundle', 'dist', 'package'])],
];

const FORMAT_KINDS: Readonly<Record<string, TaskKind>> = { junit: 'test', eslint: 'lint', oxlint: 'lint', tsc: 'typecheck', sarif: 'security' };

export function taskKind(name: string, formats: readonly string[]): TaskKind {
  const words = name.toLowerCase().split(/[^a-z0-9]+/);
  const named = WORDS.find(([, known]) => words.some((word) => known.has(word)))?.[0];
  if (named !== undefined) return named;
  const [format] = formats;
  return (format === undefined ? undefined : FORMAT_KINDS[format]) ?? 'other';
}
