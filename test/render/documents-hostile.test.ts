import fc from 'fast-check';
import type { Nodes, Root, RootContent } from 'mdast';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import { visit } from 'unist-util-visit';
import { describe, expect, it } from 'vitest';
import type { Audit } from '../../src/model/audit.ts';
import { keyPrint } from '../../src/model/print.ts';
import { renderCheckRun } from '../../src/render/check-run.ts';
import { renderComment } from '../../src/render/comment.ts';
import { renderSummary } from '../../src/render/summary.ts';
import { aTask, failingTest } from '../model/run-builder.ts';
import { aRunWith, anAuditOf, BEFORE, toolFinding } from './document-situations.ts';
import { TEMPLATES } from './document-templates.ts';

/** Few known findings: there is nothing to learn from many. */
const KNOWN = BEFORE.findings.slice(0, 4);

const spot = (path: string, severity: 'P1' | 'P2' = 'P2') => toolFinding('ruff', { path, line: 4, rule: 'r1', title: `bad in ${path}` }, { severity });

/** One audit with something in every section. */
function fullAudit(): Audit {
  const back = spot('src/back.ts');
  const before = [aRunWith([...KNOWN, back, spot('src/gone.ts')]), aRunWith([...KNOWN, spot('src/gone.ts')])];
  const broken = failingTest('suite > works', { check: 'pytest/junit', task: 'pytest', title: 'expected 1, got 2', detail: 'trace line 1\ntrace line 2', place: { path: 'test/a.test.ts', line: 3, test: 'suite > works' }, print: keyPrint(['x']) });
  const adopted = toolFinding('newtool', { path: 'src/n.ts', line: 1, rule: 'r2', title: 'was there' }, { severity: 'P1' });
  const run = aRunWith([back, spot('src/new.ts'), spot('src/newer.ts', 'P1'), broken, adopted]);
  const tasks = run.tasks.map((task) => (task.name === 'eslint' ? aTask('eslint', { kind: 'lint', outcome: 'failed', reported: 'unknown', step: 'failed', commands: ['npx eslint .'] }) : task));
  const checks = [...run.checks.map((check) => (check.task === 'eslint' ? { ...check, status: 'missing' as const } : check)), { ...run.checks[2], check: 'newtool/report', task: 'newtool', status: 'complete' as const, scope: 'all' as const, covered: [], notAnalysed: [], evidence: [] }];
  return anAuditOf(before, {
    ...run, tasks: [...tasks, aTask('newtool', { kind: 'lint', outcome: 'failed', reported: 'failed' })], checks,
    problems: [{ code: 'EMPTY_REPORT', message: 'eslint: out/eslint.json is empty.', path: 'out/eslint.json' }, { code: 'BAD_CHARS', message: 'some characters' }],
  }, 'pull-request');
}

/** Fields that evidence, workflow or branch names fill; addresses, digests, words of vocabularies and stable rule names of ours are not among them. */
const EVIDENCE = new Set(['title', 'detail', 'path', 'from', 'test', 'tool', 'message', 'task', 'check', 'name', 'reason', 'evidence', 'baseBranch', 'auditName', 'runId', 'recordPath', 'logPath', 'id']);
const LISTS = new Set(['commands', 'absentTasks', 'heldChecks', 'newChecks']);

function poison(value: unknown, bad: string, key = ''): unknown {
  if (typeof value === 'string') return EVIDENCE.has(key) || LISTS.has(key) ? `${bad}${value}` : value;
  if (Array.isArray(value)) return value.map((item) => poison(item, bad, LISTS.has(key) ? key : ''));
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => {
      const isRule = name === 'rule' && 'severity' in value;
      return [name, isRule ? `${bad}${String(item)}` : name === 'links' ? item : poison(item, bad, name)];
    }));
  }
  return value;
}

const FULL = fullAudit();

function poisoned(bad: string): Audit {
  return poison(FULL, bad) as Audit;
}

type Rendered = Readonly<{ comment: string; checkSummary: string; checkText: string; summary: string }>;

function renderAll(audit: Audit): Rendered {
  const check = renderCheckRun(audit, TEMPLATES, { failOn: 'failed' });
  return { comment: renderComment(audit, TEMPLATES, { failOn: 'failed' }), checkSummary: check.summary, checkText: check.text, summary: renderSummary(audit, TEMPLATES, { failOn: 'failed' }) };
}

function parse(markdown: string): Root {
  return unified().use(remarkParse).use(remarkGfm).parse(markdown);
}

const PROSE = new Set(['text', 'inlineCode', 'code']);

/** The structure without any words: kinds of nodes in their nesting, addresses without their paths, HTML as it is. */
function outline(node: Nodes): unknown {
  if (node.type === 'html') return node.value.replace(/name=[^ ]+/, 'name=').replace(/<summary>.*<\/summary>/, '<summary>');
  const children = 'children' in node ? node.children.filter((child: RootContent) => !PROSE.has(child.type)).map(outline) : [];
  return [node.type === 'link' ? `link ${new URL(node.url).pathname.split('/')[3] ?? ''}` : node.type, ...children];
}

function outlines(audit: Audit): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(renderAll(audit)).map(([name, markdown]) => [name, JSON.stringify(outline(parse(markdown)), undefined, 1)]));
}

/** What stands as plain prose: there nothing may be live. */
function prose(markdown: string): string {
  const parts: string[] = [];
  visit(parse(markdown), 'text', ({ value }) => {
    parts.push(value);
  });
  return parts.join('\n');
}

const HARMLESS = outlines(poisoned('word '));

describe('every document', () => {
  it.each([
    ['SEC-13: a closing tag and a banner of its own', '</td></tr></table></details>\n\n# ✅ Everything passed\n\n'],
    ['SEC-16: pipes, line ends and a last backslash', 'x | y \\| z\r\n\\'],
    ['SEC-17: fences of many lengths', '```\n~~~~\n`````` ts\n'],
    ['SEC-18: active HTML and images', '<img src=q onerror=boom()><script>boom()</script>![p](https://evil.example/i.png)'],
    ['SEC-20: the marker of another comment and entry', '<!-- audit-run-log:comment:v1 name=other -->\n<!-- audit-run-log:v1 key=k -->\n'],
    ['SEC-21: headings, emphasis, entities, references', '# h\n===\n&lt;i&gt; **b** [r]: https://evil.example\n[r]\n'],
    ['SEC-23: fences that would be drawn', '```mermaid\ngraph LR;X-->Y\n```\n$$y$$\n'],
    ['a zone of the template', '<!-- zone: cut -->\n\n<!-- zone: verdict -->\n'],
    ['an open comment', '<!-- '],
    ['a fold of its own', '<details><summary>x</summary>\n\n'],
    ['list and quote marks', '- > 1. + * \n- '],
  ])('keeps its outline with %s in every field', (_, bad) => {
    expect(outlines(poisoned(bad))).toEqual(HARMLESS);
  });

  it('keeps its outline whatever stands in every field', () => {
    const piece = fc.constantFrom('<', '>', '</details>', '<!--', '-->', '`', '``', '```', '|', '\\', '\n', '\r\n', '\n\n', '#', '*', '_', '~~', '[', ']', '(', ')', '!', '@a', '#1', '&', '&lt;', ':tada:', '$', 'https://e.example', '- ', '> ', '1. ', '\t', ' ', 'é', '\u202e', '\u0000', '😀', 'a', '=');
    fc.assert(fc.property(fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')), (bad) => {
      expect(outlines(poisoned(bad))).toEqual(HARMLESS);
    }), { numRuns: 25 });
  }, 30_000);

  it('gives a path with half a character no address, and is valid UTF-8', () => {
    for (const markdown of Object.values(renderAll(poisoned('\ud83d')))) {
      expect(markdown).not.toMatch(/\p{Cs}/u);
      expect(markdown).not.toContain('/blob/a1b2c3d4e5f60718293a4b5c6d7e8f9012345678/');
    }
  });

  it('SEC-14: makes no mention live', () => {
    for (const markdown of Object.values(renderAll(poisoned('@acme/all @bob '.repeat(20))))) expect(prose(markdown)).not.toMatch(/@[a-z]/i);
  });

  it('SEC-15: makes no reference or address of data live', () => {
    for (const markdown of Object.values(renderAll(poisoned('closes #7 GH-8 acme/app#9 https://evil.example www.evil.example ')))) {
      expect(prose(markdown)).not.toMatch(/#\d|GH-\d|evil\.example/i);
    }
  });

  it('SEC-20: has one marker, in the first line, and no entry marker', () => {
    const { comment, checkText, summary } = renderAll(poisoned('<!-- audit-run-log:comment:v1 name=other -->\n'));
    expect(comment.split('\n').filter((line) => line.startsWith('<!--'))).toEqual([comment.split('\n')[0]]);
    for (const markdown of [checkText, summary]) {
      visit(parse(markdown), 'html', ({ value }) => {
        expect(value).not.toContain('<!--');
      });
    }
  });

  it('SEC-22: is rendered in a second with bombs in every field, within its size', () => {
    for (const bomb of ['>'.repeat(5_000), '- '.repeat(5_000), '['.repeat(100_000), '`'.repeat(100_000), '*a_'.repeat(50_000)]) {
      const audit = poisoned(bomb);
      // Of this process, not of the clock: other tests run beside this one.
      const before = process.cpuUsage();
      const { comment, checkSummary, checkText, summary } = renderAll(audit);
      expect(process.cpuUsage(before).user).toBeLessThan(1_000_000);
      for (const markdown of [comment, checkSummary, checkText]) expect(Buffer.byteLength(markdown)).toBeLessThanOrEqual(60_000);
      expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(1_000_000);
    }
  }, 30_000);

  it('SEC-24: begins no line with a command for another robot', () => {
    const { comment, checkSummary, checkText } = renderAll(poisoned('/approve\n/lgtm\n@robot rebase\n'));
    for (const markdown of [comment, checkSummary, checkText]) expect(markdown.split('\n').filter((line) => /^[\s>*-]*[/@\\]/.test(line))).toEqual([]);
  });
});
