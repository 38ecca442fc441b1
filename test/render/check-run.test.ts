import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../src/model/outcome.ts';
import { renderCheckRun } from '../../src/render/check-run.ts';
import { failingTest } from '../model/run-builder.ts';
import { aRunWith, anAuditOf, BEFORE, situation, SITUATIONS, toolFinding } from './document-situations.ts';
import { TEMPLATES } from './document-templates.ts';

const judged = (outcome: Verdict['outcome'], cancelled = false): Verdict => ({ outcome, reason: 'so', rows: outcome === 'pass' ? [] : [{ rule: 'some-row', outcome, reason: 'so', findings: [] }], cancelled });

describe('the conclusion of a check', () => {
  it.each([
    ['pass', 'failed', 'success'], ['pass', 'gaps', 'success'], ['pass', 'never', 'success'],
    ['pass-with-known-gaps', 'failed', 'neutral'], ['pass-with-known-gaps', 'gaps', 'failure'], ['pass-with-known-gaps', 'never', 'neutral'],
    ['failed', 'failed', 'failure'], ['failed', 'gaps', 'failure'], ['failed', 'never', 'neutral'],
  ] as const)('for %s with fail-on %s is %s', (outcome, failOn, conclusion) => {
    expect(renderCheckRun({ ...situation('quiet', 'local'), verdict: judged(outcome) }, TEMPLATES, { failOn }).conclusion).toBe(conclusion);
  });

  it('is neutral for a cancelled run', () => {
    expect(renderCheckRun({ ...situation('quiet', 'local'), verdict: judged('failed', true) }, TEMPLATES, { failOn: 'gaps' }).conclusion).toBe('neutral');
  });
});

describe('the title of a check', () => {
  it.each([
    ['quiet', 'Audit passed'], ['opened-and-closed', 'Passed with known gaps: opens 2 (P2), closes 1'], ['failed-test', 'Failed: 1 test broke here'],
    ['first-run', 'First audit: nothing to compare with yet'], ['crashed-linter', 'Failed: eslint did not finish, so it proves nothing'],
  ] as const)('tells %s', (name, title) => {
    expect(renderCheckRun(situation(name, 'pull-request'), TEMPLATES, { failOn: 'failed' }).title).toBe(title);
  });

  it('has at most 60 characters, whatever tasks are called and however much there is to tell', () => {
    const rules = ['test-broke', 'build-failed', 'task-unfinished', 'task-failed', 'cancelled', 'opened-p0-p1', 'optional-task', 'first-run', 'opened-p2', 'vanishing-held', 'task-absent', 'task-skipped', 'new-row'];
    const findings = (['P0', 'P1', 'P2', 'P3'] as const).flatMap((severity) => Array.from({ length: 120 }, (_, at) => toolFinding('ruff', { path: `${severity}${at}`, line: 1, rule: 'r', title: 't' }, { severity })));
    const audit = anAuditOf([BEFORE], aRunWith([...BEFORE.findings, ...findings]), 'pull-request');
    for (const name of ['ruff', 'a'.repeat(300), '😀'.repeat(80)]) {
      for (const rule of rules) {
        const tasks = audit.run.tasks.map((task) => ({ ...task, name: task.name === 'ruff' ? name : task.name, outcome: 'unknown' as const }));
        const verdict: Verdict = { outcome: 'failed', reason: name, rows: [{ rule, outcome: 'failed', reason: `${name} ${rule}`, findings: [] }], cancelled: false };
        const { title } = renderCheckRun({ ...audit, run: { ...audit.run, tasks }, verdict }, TEMPLATES, { failOn: 'failed' });
        expect(title.length).toBeLessThanOrEqual(60);
        expect(title).toMatch(/^Failed: ./);
        expect(title).not.toMatch(/\p{Cs}/u);
      }
    }
  });

  it('keeps what acts in a terminal or turns text around as visible code points', () => {
    const audit = situation('crashed-linter', 'local');
    const verdict: Verdict = { ...audit.verdict, rows: [{ rule: 'new-row', outcome: 'failed', reason: 'x\u202ey\nz\u0007', findings: [] }] };
    expect(renderCheckRun({ ...audit, verdict }, TEMPLATES, { failOn: 'failed' }).title).toBe('Failed: x\\u{202e}y z\\u{7}');
  });
});

describe('renderCheckRun', () => {
  it.each(SITUATIONS)('names the rule that decided in one sentence: %s', (name) => {
    const audit = situation(name, 'pull-request');
    const { summary } = renderCheckRun(audit, TEMPLATES, { failOn: 'failed' });
    const rule = audit.verdict.rows[0]?.rule;
    expect(summary).toContain(rule === undefined ? 'nothing opened and every check ran to the end' : `(\`${rule}\`)`);
    expect(summary).toMatch(/block/i);
  });

  it('gives every check a row, every row that applied a line, and every new finding its id', () => {
    const audit = situation('crashed-linter', 'pull-request');
    const { text } = renderCheckRun(audit, TEMPLATES, { failOn: 'failed' });
    for (const { name } of audit.run.tasks) expect(text).toContain(`| ${name} | `);
    for (const { rule } of audit.verdict.rows) expect(text).toContain(`(\`${rule}\`)`);
    expect(text).toContain('`EMPTY_REPORT`');
    expect(text).toContain('see its log, repair and run again');
  });
});

describe('the annotations of a check', () => {
  const spot = (path: string, severity: 'P0' | 'P1' | 'P2' | 'P3') => toolFinding('ruff', { path, line: 4, rule: `rule-of-${path}`, title: 'bad' }, { severity });
  const annotate = (findings: Parameters<typeof aRunWith>[0], files: string[] = []) => renderCheckRun(
    anAuditOf([BEFORE], aRunWith([...BEFORE.findings, ...findings], { files: files.map((path) => ({ path, status: 'modified', uncommitted: false })) }), 'pull-request'), TEMPLATES, { failOn: 'failed' },
  );

  it('stand on files of the change first, then the most severe ones, and never speak of P3', () => {
    const { annotations } = annotate([spot('a', 'P0'), spot('b', 'P1'), spot('c', 'P2'), spot('d', 'P3'), spot('e', 'P1')], ['c', 'e']);
    expect(annotations.map(({ path, level }) => `${path} ${level}`)).toEqual(['e failure', 'c warning', 'a failure', 'b failure']);
  });

  it('are ten at most, and the text says of how many', () => {
    const document = annotate(Array.from({ length: 14 }, (_, at) => spot(`f${at}`, 'P2')));
    expect(document.annotations).toHaveLength(10);
    expect(document.text).toContain('The 10 annotations are the first of 14 new findings that have a line.');
  });

  it('leave out known and adopted findings, and those without a line', () => {
    expect(annotate([]).annotations).toEqual([]);
    expect(renderCheckRun(situation('first-run', 'local'), TEMPLATES, { failOn: 'failed' }).annotations).toEqual([]);
    expect(annotate([failingTest('t', { check: 'test/junit' })]).annotations).toEqual([]);
  });
});
