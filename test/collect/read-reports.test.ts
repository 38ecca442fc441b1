import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readReports, type ReportReading } from '../../src/collect/read-reports.ts';
import { parseReportSpecs } from '../../src/collect/report-specs.ts';
import { localFiles } from '../../src/host/local/files.ts';
import { junit } from '../command/workspace.ts';
import { repositoryAt, temporaryFolder } from '../host/local/temporary-repository.ts';

function inFolder(files: Readonly<Record<string, string | Uint8Array>>) {
  const root = temporaryFolder();
  const { write } = repositoryAt(root);
  for (const [path, content] of Object.entries(files)) write(path, content);
  const read = (lines: readonly string[], reading: Partial<ReportReading> = {}) =>
    readReports(parseReportSpecs(lines), { files: localFiles(root), progress: () => {}, usualFormat: () => undefined, stepPassed: () => false, notBefore: null, ...reading });
  return { read };
}

describe('readReports', () => {
  it('tells the format of each file by its content, and keeps its digest', async () => {
    const { read } = inFolder({ 'out/a.xml': junit({ adds: null }), 'out/b.json': '[]' });
    const { reports, unread } = await read(['all: out/*']);
    expect(unread).toEqual([]);
    expect(reports.map(({ evidence }) => [evidence.path, evidence.format, evidence.bytes, evidence.sha256.length])).toEqual([
      ['out/a.xml', 'junit', junit({ adds: null }).length, 64], ['out/b.json', 'eslint', 2, 64],
    ]);
  });

  it('reads a file in the format that the caller forces', async () => {
    const { read } = inFolder({ 'out/types.txt': 'src/a.ts(1,2): error TS2322: no\n' });
    expect((await read(['types[tsc]: out/types.txt'])).reports[0]?.parsed.findings).toHaveLength(1);
    expect((await read(['types[junit]: out/types.txt'])).reports[0]?.parsed.outcome).toBe('unknown');
  });

  it('repeats the pattern that matches nothing', async () => {
    const { read } = inFolder({});
    expect((await read(['test: out/*.xml', 'test: !out/old.xml'])).unread).toEqual([{ task: 'test', format: null, problem: { code: 'NO_MATCH', message: 'test: no file matches `out/*.xml` `!out/old.xml`.' } }]);
  });

  it('says what a file seems to be that is no report', async () => {
    const { read } = inFolder({ 'a.xml': '<!doctype html><p>502', 'b.xml': 'PK\u0003\u0004', 'c.xml': 'npm ERR! code 1' });
    expect((await read(['test: *.xml'])).unread.map(({ problem }) => problem.message)).toEqual([
      'test: a.xml is an HTML page.', 'test: b.xml is a ZIP archive.', 'test: c.xml is no report in a known format.',
    ]);
  });

  describe('a file of zero bytes', () => {
    const files = { 'out/types.txt': '' };

    it('is clean in a format that writes nothing when nothing is wrong, beside a step that succeeded', async () => {
      const { reports, unread } = await inFolder(files).read(['types[tsc]: out/types.txt'], { stepPassed: () => true });
      expect(unread).toEqual([]);
      expect(reports[0]?.parsed.outcome).toBe('passed');
    });

    it('is in the format of earlier runs where that is known', async () => {
      expect((await inFolder(files).read(['types: out/types.txt'], { stepPassed: () => true, usualFormat: () => 'tsc' })).reports).toHaveLength(1);
    });

    it.each([
      ['the step is not known to have succeeded', 'types[tsc]: out/types.txt', false],
      ['the format always writes something', 'types[eslint]: out/types.txt', true],
      ['the format is not known', 'types: out/types.txt', true],
    ])('proves nothing when %s', async (_, line, passed) => {
      const { reports, unread } = await inFolder(files).read([line], { stepPassed: () => passed });
      expect(reports).toEqual([]);
      expect(unread.map(({ problem }) => problem.code)).toEqual(['EMPTY_REPORT']);
    });
  });

  it('does not use a report that was written before the job began, and says so', async () => {
    const root = temporaryFolder();
    const write = (path: string, seconds: number): void => {
      writeFileSync(join(root, path), junit({ adds: null }));
      utimesSync(join(root, path), seconds, seconds);
    };
    write('old.xml', 1_000);
    write('new.xml', 2_000);
    write('same-second.xml', 1_999);
    const { reports, unread } = await readReports(parseReportSpecs(['test: *.xml']), { files: localFiles(root), progress: () => {}, usualFormat: () => undefined, stepPassed: () => true, notBefore: 2_000_000 });
    expect(reports.map(({ evidence: { path } }) => path)).toEqual(['new.xml', 'same-second.xml']);
    expect(unread.map(({ problem }) => problem)).toEqual([{ code: 'STALE_REPORT', message: 'test: old.xml was written before this job began (1970-01-01T00:16:40Z), so it does not speak of it.', path: 'old.xml' }]);
  });

  it('SEC-63: reads nothing of a pattern that matches more files than the cap, and says so', async () => {
    const { read } = inFolder(Object.fromEntries(Array.from({ length: 5_001 }, (_, at) => [`out/${at}.xml`, ''])));
    const { reports, unread } = await read(['test: out/*.xml']);
    expect(reports).toEqual([]);
    expect(unread.map(({ problem }) => problem.code)).toEqual(['TOO_MANY_FILES']);
  }, 60_000);

  it('tells how far it has come', async () => {
    const told: [string, number][] = [];
    await inFolder({ 'a.json': '[]' }).read(['lint: a.json'], { progress: (path, bytes) => told.push([path, bytes]) });
    expect(told).toEqual([['a.json', 2]]);
  });
});
