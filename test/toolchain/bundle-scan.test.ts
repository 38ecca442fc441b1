import { describe, expect, it } from 'vitest';
import { scanBundle, type ScanRule } from '../../.github/scripts/bundle-scan.mjs';

const RULE: ScanRule = { what: 'another process', pattern: /\bchild_process\b/g, known: [{ near: /node:child_process"\),/, reason: 'git is started' }] };

describe('bundle scan', () => {
  it('passes what is known with a reason', () => {
    expect(scanBundle(new Map([['index.js', 'e("node:child_process"),a']]), [RULE])).toEqual([]);
  });

  it('tells a second place that is like none of the known ones', () => {
    const problems = scanBundle(new Map([['index.js', 'e("node:child_process"),a'], ['1.index.js', 'require("child_process").exec(x)']]), [RULE]);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^1\.index\.js holds another process: .*require\("child_process"\)\.exec/);
  });

  it('tells a reason that no longer applies, so that the table stays true', () => {
    expect(scanBundle(new Map([['index.js', '1']]), [RULE])).toEqual([expect.stringContaining('no longer holds')]);
  });

  it.each([
    'eval("1")', 'new Function("a")', 'globalThis.WebAssembly', 'require("child_process")', 'process.env.GITHUB_ENV', 'process.env["GITHUB_PATH"]', 'fetch("https://collector.example.com/x")',
  ])('looks for %j', (code) => {
    expect(scanBundle(new Map([['planted.js', code]])).filter((problem) => problem.startsWith('planted.js holds'))).toHaveLength(1);
  });
});
