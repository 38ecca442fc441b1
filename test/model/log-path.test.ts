import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AuditError } from '../../src/errors.ts';
import { parseLogPath, pathFault } from '../../src/model/log-path.ts';

describe('the path of the run log', () => {
  it.each(['docs/AUDIT_RUN_LOG.md', 'LOG.md', 'a/b/c/d.md', 'docs/run log.md', 'docs/Prüfung.md', '.audit/log.md', 'docs/.gitlab/log.md', 'a-b/~c/-d.md', 'docs/v1.2/log.md'])('takes %s as it is', (path) => {
    expect(parseLogPath(path)).toBe(path);
  });

  it.each([
    '', '/var/log.md', '../log.md', 'a/../log.md', 'a/../../log.md', './log.md', 'a/./log.md', 'docs//log.md', 'docs/', 'docs', '.git/log.md', '.GIT/log.md', 'sub/.Git/x.md', 'git~1/x.md', '.g\u200cit/x.md',
    '.github/workflows/ci.yml', '.github/log.md', '.GitHub/log.md', 'a\\b.md', 'a\rb.md', 'a\nb.md', 'a\0b.md', 'a\u202eb.md', 'a\u2028b.md', '~/log.md', '-log.md', '--x/log.md', 'C:/log.md', 'c:log.md', 'a.md:stream.md',
    'docs./log.md', 'docs /log.md', ' docs/log.md', 'docs/log.md.', 'docs/log.md ', 'docs/log.txt', 'docs/log.MD', 'docs/.md', '.md', '.git', '...', 'a/.../b.md',
  ])('SEC-87: refuses %j and says so', (path) => {
    let error: unknown;
    try {
      parseLogPath(path);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(AuditError);
    expect(error).toMatchObject({ code: 'LOG_PATH', exitCode: 2, message: expect.stringContaining(JSON.stringify(path)) });
  });

  it('accepts nothing whose parts, joined to a folder, lead anywhere but below it', () => {
    const part = fc.oneof(fc.constantFrom('..', '.', '', '.git', 'a', 'b.md', '~', '-', 'C:', ' ', 'a.', '\\', '\u0000'), fc.string({ maxLength: 6 }));
    fc.assert(fc.property(fc.array(part, { maxLength: 5 }), (parts) => {
      const path = parts.join('/');
      if (pathFault(path) !== null) return;
      const names = path.split('/');
      expect(names.every((name) => name !== '' && name !== '..' && name !== '.' && name.toLowerCase() !== '.git')).toBe(true);
      expect(new URL(path, 'file:///root/').pathname.startsWith('/root/')).toBe(true);
    }), { numRuns: 500 });
  });
});
