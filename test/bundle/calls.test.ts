import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROBLEM_CODES } from '../../src/model/problem.ts';
import { temporaryFolder, temporaryRepository } from '../host/local/temporary-repository.ts';
import { junit } from '../command/workspace.ts';
import { aRepository, olderNode, start } from './program.ts';

const VERSION = (JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8')) as { version: string }).version;

describe('the program', () => {
  it('says the version of the package', () => {
    expect(start(['--version'], { cwd: temporaryFolder() })).toEqual({ status: 0, out: `${VERSION}\n`, err: '' });
  });

  it('shows its commands, and the flags of each', () => {
    const cwd = temporaryFolder();
    expect(start(['--help'], { cwd }).out).toContain('Usage: audit-run-log <command> [flags]');
    const help = start(['record', '--help'], { cwd });
    expect(help).toMatchObject({ status: 0, err: '' });
    expect(help.out).toContain('--reports <task: glob>');
  });

  it('answers 2 when it is called with nothing', () => {
    expect(start([], { cwd: temporaryFolder() }).status).toBe(2);
  });

  it('runs on the oldest Node it supports, templates and all', ({ skip }) => {
    const node = olderNode();
    skip(node === undefined, 'this machine has no older Node');
    const repository = aRepository();
    repository.write('out/junit.xml', junit({ adds: null }));
    repository.write('out/tsc.txt', 'src/a.ts(1,1): error TS2322: no\n');
    const { status, out } = start(['record', '--json', '--reports', 'test: out/junit.xml', '--reports', 'types: out/tsc.txt'], { cwd: repository.root, ...(node === undefined ? {} : { node }) });
    expect(status).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ recorded: true, runId: 'RUN-001' });
  });
});

describe('errors', () => {
  const jsonOf = (argv: readonly string[], cwd: string) => {
    const started = start([...argv, '--json'], { cwd });
    return { status: started.status, answer: JSON.parse(started.out) as { problems: { code: string; message: string }[] }, err: started.err };
  };

  it('tells all unknown flags at once, each with the nearest known one, and what to do', () => {
    const { status, answer, err } = jsonOf(['record', '--repots', 'x', '--log-pth', 'y'], temporaryFolder());
    expect(status).toBe(2);
    expect(answer).toMatchObject({ schema: 1, outcome: 'failed', recorded: false });
    expect(answer.problems.map(({ message }) => message)).toEqual(['`--repots` is not known; did you mean `--reports`?', '`--log-pth` is not known; did you mean `--log-path`?']);
    expect(err).toContain(PROBLEM_CODES.UNKNOWN_FLAG.fix);
  });

  it('tells an unknown command with the nearest one', () => {
    expect(jsonOf(['recrod'], temporaryFolder())).toMatchObject({ status: 2, answer: { problems: [{ code: 'UNKNOWN_COMMAND' }] } });
  });

  it('needs a repository, a commit, and git', () => {
    const bare = temporaryFolder();
    expect(jsonOf(['record', '--outcomes', 'test: success'], bare)).toMatchObject({ status: 2, answer: { problems: [{ code: 'NO_REPOSITORY' }] } });
    expect(jsonOf(['record', '--outcomes', 'test: success'], temporaryRepository().root)).toMatchObject({ status: 2, answer: { problems: [{ code: 'NO_COMMITS' }] } });
    const without = start(['record', '--json', '--outcomes', 'test: success'], { cwd: aRepository().root, env: { PATH: bare } });
    expect(without.status).toBe(2);
    expect(JSON.parse(without.out)).toMatchObject({ problems: [{ code: 'NO_GIT' }] });
  });

  it('tells every fault of a configuration file at once', () => {
    const repository = aRepository();
    repository.write('.github/audit-run-log.yml', 'nmae: x\nfail-on: often\ntasks:\n  test: { requird: true }\n');
    const { status, answer } = jsonOf(['record', '--outcomes', 'test: success'], repository.root);
    expect(status).toBe(2);
    expect(answer.problems.map(({ code }) => code)).toEqual(['CONFIG_INVALID', 'CONFIG_INVALID', 'CONFIG_INVALID']);
    repository.write('.github/audit-run-log.yml', 'a: [\n');
    expect(jsonOf(['record', '--outcomes', 'test: success'], repository.root)).toMatchObject({ status: 2, answer: { problems: [{ code: 'CONFIG_YAML' }] } });
    expect(jsonOf(['record', '--outcomes', 'test: success', '--config', 'none.yml'], repository.root)).toMatchObject({ status: 2, answer: { problems: [{ code: 'CONFIG_UNREADABLE' }] } });
  });

  it('SEC-87: refuses log paths that leave the repository or reach into git and workflows', () => {
    const repository = aRepository();
    for (const path of ['/etc/x.md', '../x.md', 'a/../../x.md', '.git/x.md', '.github/workflows/x.md', 'audit/', 'a\\b.md', '~/x.md', 'x.txt', '.GIT/x.md']) {
      expect(jsonOf(['record', '--outcomes', 'test: success', '--log-path', path], repository.root), path).toMatchObject({ status: 2, answer: { problems: [{ code: 'LOG_PATH' }] } });
    }
    expect(repository.git('status', '--porcelain', '--ignored')).toBe('');
  });

  it('checks a log outside of any repository, and answers 2 for one that is not there', () => {
    const cwd = temporaryFolder();
    expect(jsonOf(['check', 'none.md'], cwd)).toMatchObject({ status: 2, answer: { problems: [{ code: 'INVALID_INPUT' }] } });
  });
});

describe('what reaches a terminal', () => {
  it('has colours only where they are asked for', () => {
    const repository = aRepository();
    const argv = ['record', '--dry-run', '--outcomes', 'test: success'];
    expect(start(argv, { cwd: repository.root }).out).not.toContain('\u001b');
    expect(start(argv, { cwd: repository.root, env: { FORCE_COLOR: '1' } }).out).toContain('\u001b[');
    expect(start(argv, { cwd: repository.root, env: { FORCE_COLOR: '1', NO_COLOR: '1' } }).out).not.toContain('\u001b');
  });

  it('SEC-85: is the same bytes in every language and time zone', () => {
    const repository = aRepository();
    repository.write('out/junit.xml', junit({ IIiı: 'x', adds: null, zebra: 'y', Ärger: 'z' }));
    const shown = (env: Readonly<Record<string, string>>): string => start(['record', '--dry-run', '--reports', 'test: out/junit.xml'], { cwd: repository.root, env }).out.replaceAll(/\d{4}-\d\d-\d\dT[\d:]+Z/g, 'TIME');
    const plain = shown({});
    for (const env of [{ LANG: 'tr_TR.UTF-8' }, { LANG: 'de_DE.UTF-8', LC_ALL: 'de_DE.UTF-8' }, { TZ: 'Pacific/Kiritimati' }]) expect(shown(env)).toBe(plain);
  });
});
