import { describe, expect, it } from 'vitest';
import { appendEntry } from '../../src/runlog/append.ts';
import { BUILT_IN_STYLE } from '../../src/runlog/built-in.ts';
import { findEntryByKey } from '../../src/runlog/markers.ts';
import { nextRunId } from '../../src/runlog/run-id.ts';
import { readRunLog } from '../../src/runlog/run-log.ts';
import { formatMarker } from '../../src/model/marker.ts';

const read = (text: string) => readRunLog(Buffer.from(text), 'LOG.md', BUILT_IN_STYLE);

describe('logs of other shapes', () => {
  it('are continued in the built-in labels where an entry is prose with a bold word here and there', () => {
    const log = read('# Report\n\n## Findings update (2026-02-10)\n- **Closed**: one ambiguity.\n- **If a database is far behind, run the chain**: `upgrade head`.\n\n### Files changed\n- `a.py`\n');
    expect(log.style.labels).toEqual(BUILT_IN_STYLE.labels);
  });

  it('keep their own labels where an entry is a form', () => {
    const log = read('# Log\n\n## RUN-001 - 2026-01-01T00:00:00Z\n* **Branch:** main\n* **Outcome:** pass\n* **Tests:** 3 passed\n');
    expect(log.style.labels.map(({ label }) => label)).toEqual(['Branch', 'Outcome', 'Tests']);
  });

  it('go on with their word and number when the entries made here have a date beside it', () => {
    let text = '# Log\n\n## Run 12\n- a\n\n## Run 13\n- b\n';
    for (const expected of ['Run 14', 'Run 15', 'Run 16']) {
      const log = read(text);
      expect(nextRunId(log)).toBe(expected);
      text = Buffer.from(appendEntry(log, { entry: `## ${expected} - 2026-01-02T00:00:00Z\n- c\n` })).toString();
    }
    expect(read(text).entries.map(({ id }) => id)).toEqual(['Run 12', 'Run 13', 'Run 14', 'Run 15', 'Run 16']);
  });
});

describe('a marker line that was changed', () => {
  const marker = formatMarker({ key: 'job-7', sequence: 1, commit: 'a'.repeat(40), tree: 'b'.repeat(40), content: '0'.repeat(16), digest: '0'.repeat(64) });
  const aLog = (line: string): string => `# Log\n\n## RUN-001 - 2026-01-01T00:00:00Z\n- Outcome: \`pass\`\n${line}\n`;

  it.each([['indented', `  ${marker}`], ['with blanks behind it', `${marker}  `]])('is not taken for none: %s', (_, line) => {
    expect(() => findEntryByKey(read(aLog(line)), 'job-7')).toThrow(expect.objectContaining({ code: 'MARKER_DISPLACED' }));
  });

  it('is data within a line, in a fence and in a quote, and does not keep a run from being recorded', () => {
    for (const line of [`- \`${marker}\``, `> ${marker}`, `\`\`\`\n  ${marker}\n\`\`\``]) expect(findEntryByKey(read(aLog(line)), 'job-7')).toBeUndefined();
    expect(findEntryByKey(read(aLog(marker)), 'job-8')).toBeUndefined();
  });
});
