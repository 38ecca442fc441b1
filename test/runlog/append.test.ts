import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { appendEntry, planInsertions } from '../../src/runlog/append.ts';
import { nextRunId } from '../../src/runlog/run-id.ts';
import { findEntryByKey, readRunLog, type RunLog } from '../../src/runlog/run-log.ts';
import { aLog, aMarker, anEntry, aRow, bytesOf, runId, TEMPLATE, textOf } from './logs.ts';

const read = (text: string): RunLog => readRunLog(bytesOf(text), 'docs/LOG.md');
const append = (text: string, number: number, marker = aMarker()): string => textOf(appendEntry(read(text), { entry: anEntry({ number, marker }), indexRow: aRow(number) }));
const ids = (text: string): (string | null)[] => read(text).entries.map(({ id }) => id);

/** The new bytes without what was put in, which must be the old bytes. */
function withoutInsertions(log: RunLog, addition: Parameters<typeof planInsertions>[1]): Uint8Array {
  const bytes = appendEntry(log, addition);
  const kept: Uint8Array[] = [];
  let from = 0;
  let shift = 0;
  for (const { at, text } of planInsertions(log, addition)) {
    kept.push(bytes.subarray(from, at + shift));
    shift += Buffer.byteLength(text);
    from = at + shift;
  }
  return Buffer.concat([...kept, bytes.subarray(from)]);
}

describe('appending to a log that is written oldest first', () => {
  const old = aLog([{ number: 1 }, { number: 2 }]);

  it('puts the entry between the last one and the template, and the row below the last one', () => {
    const entry = anEntry({ number: 3, marker: aMarker() });
    expect(append(old, 3)).toBe(old.replace(`${aRow(2)}\n`, `${aRow(2)}\n${aRow(3)}\n`).replace('## Entry Template', `${entry}\n## Entry Template`));
  });

  it('writes what it would have written, had it made the log from the start', () => {
    const marker = aMarker();
    expect(append(old, 3, marker)).toBe(aLog([{ number: 1 }, { number: 2 }, { number: 3, marker }]));
  });

  it('copies a rule between entries, and leaves the one after the last where it is', () => {
    const ruled = `# Log\n\n---\n\n${anEntry({ number: 1 })}\n---\n\n${anEntry({ number: 2 })}\n---\n`;
    expect(append(ruled, 3)).toBe(`${ruled.slice(0, -4)}---\n\n${anEntry({ number: 3, marker: aMarker() })}\n---\n`);
  });

  it('sets no blank line between entries where the log has none, unless HTML above would swallow the heading', () => {
    const dense = `# Log\n${anEntry({ number: 1 })}${anEntry({ number: 2 })}`;
    expect(append(dense, 3)).toBe(`${dense}${anEntry({ number: 3, marker: aMarker() })}`);
    const html = `${dense}<details>\n</details>\n`;
    expect(append(html, 3)).toBe(`${html}\n${anEntry({ number: 3, marker: aMarker() })}`);
    expect(ids(append(html, 3))).toEqual(['RUN-001', 'RUN-002', 'RUN-003']);
  });

  it('keeps a footer line last', () => {
    const text = `# Log\n\n${anEntry({ number: 1 })}\n---\n\nLast updated: 2026-03-02\n`;
    expect(append(text, 2)).toBe(`# Log\n\n${anEntry({ number: 1 })}\n${anEntry({ number: 2, marker: aMarker() })}\n---\n\nLast updated: 2026-03-02\n`);
  });

  it('goes by the place of the last entry, not by its number', () => {
    expect(ids(append(aLog([{ number: 1 }, { number: 2 }, { number: 4 }, { number: 3 }]), 5))).toEqual([1, 2, 4, 3, 5].map(runId));
  });

  it('leaves out the row where the log has no index', () => {
    const text = `# Log\n\n${anEntry({ number: 1 })}`;
    expect(append(text, 2)).toBe(`${text}\n${anEntry({ number: 2, marker: aMarker() })}`);
  });
});

describe('appending to a log that is written newest first', () => {
  it('puts entry and row on top of the others', () => {
    const old = aLog([{ number: 3 }, { number: 2 }, { number: 1 }]);
    const entry = anEntry({ number: 4, marker: aMarker() });
    expect(append(old, 4)).toBe(old.replace(aRow(3), `${aRow(4)}\n${aRow(3)}`).replace('## RUN-003', `${entry}\n## RUN-003`));
  });

  it('puts the first entry below the template if the log says so', () => {
    const text = `# Log\n\nNewest entry on top.\n\n${TEMPLATE}`;
    expect(append(text, 1)).toBe(`${text}\n${anEntry({ number: 1, marker: aMarker() })}`);
  });
});

describe('the first entry', () => {
  const own = readFileSync(new URL('../../templates/run-log.md', import.meta.url), 'utf8');

  it('stands between index and template of our own log', () => {
    const text = append(own, 1);
    expect(text).toBe(own.replace('| --- |\n', `| --- |\n${aRow(1)}\n`).replace('## Entry Template', `${anEntry({ number: 1, marker: aMarker() })}\n## Entry Template`));
    expect(ids(append(text, 2))).toEqual(['RUN-001', 'RUN-002']);
  });

  it('SEC-94: goes into an empty, header-only or hand-edited log by rule, and the second one adds exactly one', () => {
    const headers = ['', '\ufeff', '\n', '# Log', '# Log\n', '# Log\n\nKept by hand.', own, own.replace('# Audit run log', '# Our audits').replace('## Run Index\n', '## Runs\n'), own.replace(/## Entry Template[^]*/, '')];
    for (const header of headers) {
      const first = append(header, 1);
      expect(ids(first)).toEqual(['RUN-001']);
      expect(ids(append(first, 2, aMarker({ key: 'r1.3.1.audit' })))).toEqual(['RUN-001', 'RUN-002']);
      expect(findEntryByKey(read(first), 'r1.2.1.audit')?.id).toBe('RUN-001');
    }
  });
});

describe('bytes of others', () => {
  const three = aLog([{ number: 1 }, { number: 2 }, { number: 3 }]);
  const addition = { entry: anEntry({ number: 4, marker: aMarker() }), indexRow: aRow(4) };
  const keeps = (bytes: Uint8Array): RunLog => {
    const log = readRunLog(bytes, 'docs/LOG.md');
    expect(Buffer.compare(withoutInsertions(log, addition), bytes)).toBe(0);
    return readRunLog(appendEntry(log, addition), 'docs/LOG.md');
  };
  const lastId = (log: RunLog): string | null | undefined => log.entries.at(-1)?.id;

  it('SEC-88: CRLF and mixed line ends stay, and the new entry has the more common one', () => {
    const crlf = three.replaceAll('\n', '\r\n');
    expect(textOf(keeps(bytesOf(crlf)).bytes)).toBe(append(three, 4).replaceAll('\n', '\r\n'));
    let line = 0;
    const mixed = three.replace(/\n/g, () => ((line += 1) % 3 === 0 ? '\n' : '\r\n'));
    const log = keeps(bytesOf(mixed));
    expect(lastId(log)).toBe('RUN-004');
    expect(textOf(log.bytes)).toContain(anEntry({ number: 4 }).replaceAll('\n', '\r\n'));
  });

  it('SEC-89: a byte order mark at the start or inside stays, and the entry is found again', () => {
    for (const text of [`\ufeff${three}`, three.replace('## RUN-002', '\ufeff## RUN-002'), three.replace('- Operator', '- \ufeffOperator')]) {
      const log = keeps(bytesOf(text));
      expect(lastId(log)).toBe('RUN-004');
      expect(findEntryByKey(log, 'r1.2.1.audit')?.id).toBe('RUN-004');
    }
  });

  it('SEC-90: a log without a final newline gets a separator and stays without one', () => {
    const text = aLog([{ number: 1 }, { number: 2 }], '').replace(/\n$/, '');
    expect(append(text, 3)).toBe(`${text.replace(aRow(2), `${aRow(2)}\n${aRow(3)}`)}\n\n${anEntry({ number: 3, marker: aMarker() }).replace(/\n$/, '')}`);
    expect(ids(append(append(text, 3), 4, aMarker({ key: 'r1.3.1.audit' })))).toEqual([1, 2, 3, 4].map(runId));
  });

  it('SEC-91: bytes that are not UTF-8 stay', () => {
    const [before = '', after = ''] = three.split('nightly job', 2);
    const bytes = Buffer.concat([bytesOf(before), Buffer.from([0xff, 0xfe, 0x41, 0xc0, 0xaf, 0x80]), bytesOf(after), bytesOf(three.slice(before.length + 11 + after.length))]);
    expect(lastId(keeps(bytes))).toBe('RUN-004');
  });

  it('are kept for any mix of entries, orders, ends and stray bytes, and the entry is found with its id, twice', () => {
    const stray = fc.constantFrom('', '\n', '\n\n', '---\n', ' \n', '\t\n', '- x\n', '> q\n', '```\n## RUN-900\n```\n', '<!-- c -->\n', '<details>\n</details>\n', '| a | b |\n| --- | --- |\n| 1 | 2 |\n', 'é\n', 'text\n---\n', '- ```\n');
    const shape = fc.record({
      numbers: fc.constantFrom([], [1], [1, 2], [1, 2, 3], [3, 2, 1], [5, 4], [2, 3, 9]),
      bodies: fc.array(stray, { minLength: 3, maxLength: 3 }),
      template: fc.boolean(), crlf: fc.constantFrom('lf', 'crlf', 'mixed'), bom: fc.boolean(), cut: fc.boolean(), tail: stray, garbage: fc.uint8Array({ maxLength: 4 }),
    });
    fc.assert(fc.property(shape, ({ numbers, bodies, template, crlf, bom, cut, tail, garbage }) => {
      const entries = numbers.map((number, at) => ({ number, body: `- Branch: \`main\`\n- Outcome: \`pass\`\n${bodies[at] ?? ''}` }));
      let text = `${aLog(entries, template ? TEMPLATE : '')}${template ? '' : tail}`;
      if (cut) text = text.replace(/\n+$/, '');
      let line = 0;
      if (crlf !== 'lf') text = text.replace(/\n/g, () => (crlf === 'mixed' && (line += 1) % 2 === 0 ? '\n' : '\r\n'));
      const safe = Buffer.from(garbage.filter((byte) => byte > 0x7f));
      const head = text.indexOf('One entry');
      const bytes = Buffer.concat([bytesOf(`${bom ? '\ufeff' : ''}${text.slice(0, head)}`), safe, bytesOf(text.slice(head))]);
      const log = readRunLog(bytes, 'LOG.md');
      const id = nextRunId(log);
      const first = { entry: `## ${id} - 2027-01-01T00:00:00Z\n- Branch: \`main\`\n- Outcome: \`pass\`\n`, indexRow: `| ${id} | | | main | | | pass | |` };
      expect(Buffer.compare(withoutInsertions(log, first), bytes)).toBe(0);
      const once = readRunLog(appendEntry(log, first), 'LOG.md');
      expect(new Set(once.entries.map((entry) => entry.id))).toEqual(new Set([...log.entries.map((entry) => entry.id), id]));
      expect(once.entries).toHaveLength(log.entries.length + 1);
      expect(once.index?.rows.some(({ runId: listed }) => listed === id)).toBe(true);
      const next = nextRunId(once);
      const twice = readRunLog(appendEntry(once, { entry: first.entry.replace(id, next), indexRow: first.indexRow.replace(id, next) }), 'LOG.md');
      expect(next > id).toBe(true);
      const added = twice.entries.map((entry) => entry.id).filter((known) => known === id || known === next);
      expect(added).toEqual(log.order === 'newest-first' ? [next, id] : [id, next]);
    }), { numRuns: 400 });
  });
});
