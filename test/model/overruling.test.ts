import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { overruledSummary, readOverruled } from '../../src/model/overruling.ts';

const text = fc.string({ unit: 'binary' });

describe('the own words of an overruled check', () => {
  it('come back as they were, whatever they are', () => {
    fc.assert(fc.property(text, text, fc.webUrl(), (title, summary, url) => {
      const read = readOverruled(overruledSummary({ own: { title, summary: `x${summary}` }, url, told: 'Another one ended worse.\n' }));
      expect(read).toEqual({ own: { title, summary: `x${summary}` }, url });
    }));
  });

  it('come back where the platform changed the line ends', () => {
    const shown = overruledSummary({ own: { title: 'Audit passed', summary: 'one\ntwo\n' }, url: 'https://example.org/1', told: 'Another one ended worse.\n' });
    expect(readOverruled(shown.replaceAll('\n', '\r\n'))?.own).toEqual({ title: 'Audit passed', summary: 'one\r\ntwo\r\n' });
  });

  it('are hidden in comments that no title can close', () => {
    const [mark = ''] = overruledSummary({ own: { title: '--> <b>', summary: 's\n' }, url: 'https://example.org/--%3E', told: 't\n' }).split('\n');
    expect(mark.indexOf('-->')).toBe(mark.length - 3);
  });

  it.each(['', 'a summary\n', 'text before\n<!-- audit-run-log:overruled:v1 title= by= -->\n\n<!-- audit-run-log:own:v1 -->\n', '<!-- audit-run-log:overruled:v1 title= by= -->\nno more'])('are not looked for in %j', (summary) => {
    expect(readOverruled(summary)).toBeUndefined();
  });
});
