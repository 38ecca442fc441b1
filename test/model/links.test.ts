import { describe, expect, it } from 'vitest';
import { entryAddress, fileLink } from '../../src/model/links.ts';

const files = 'https://example.org/octo/widgets/blob/abc/';

describe('the address of an entry', () => {
  it('is the anchor that GitHub gives its heading', () => {
    expect(entryAddress({ files, logPath: 'docs/AUDIT_RUN_LOG.md', entry: '## RUN-004 - 2026-02-19T02:52:21Z\n- Branch: `main`\n' })).toBe(`${files}docs/AUDIT_RUN_LOG.md#run-004---2026-02-19t025221z`);
    expect(entryAddress({ files, logPath: 'LOG.md', entry: '### Run \\#004: Größe & *mehr*\n' })).toBe(`${files}LOG.md#run-004-gr%C3%B6%C3%9Fe--mehr`);
  });

  it('has every odd character of the path encoded', () => {
    expect(entryAddress({ files, logPath: 'a b/c#d?.md', entry: '## x' })).toBe(`${files}a%20b/c%23d%3F.md#x`);
  });
});

describe('the address of a file', () => {
  it('ends with its line, and is none where files have none', () => {
    expect(fileLink({ files }, 'src/a.ts', 3)).toBe(`${files}src/a.ts#L3`);
    expect(fileLink({}, 'src/a.ts')).toBeUndefined();
  });
});
