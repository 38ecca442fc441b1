import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { PROBLEM_CODES } from '../../src/model/problem.ts';

const PATH = fileURLToPath(new URL('../../docs/errors.md', import.meta.url));

const HEAD = `# Errors and notices

Every code that audit-run-log prints, with what a reader can do about it. A code is never renamed or reused.
Written by \`npm run docs\` from \`src/model/problem.ts\`.
`;

describe('docs/errors.md', () => {
  it('tells every code with its title and what to do', async () => {
    const sections = Object.entries(PROBLEM_CODES).map(([code, { title, fix }]) => `## ${code}\n\n${title}.\n\nWhat to do: ${fix}\n`);
    await expect([HEAD, ...sections].join('\n')).toMatchFileSnapshot(PATH);
  });
});

describe('problem codes', () => {
  it.each(Object.entries(PROBLEM_CODES))('%s is a constant-style code, its title has no full stop and its fix has one', (code, { title, fix }) => {
    expect(code).toMatch(/^[A-Z][A-Z0-9_]{2,}$/);
    expect(title).toMatch(/^[A-Z`].*[^.]$/);
    expect(fix).toMatch(/^[A-Z`].*\.$/);
  });
});
