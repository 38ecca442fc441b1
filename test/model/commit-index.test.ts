import { describe, expect, it } from 'vitest';
import { formatIndex, nextCommitIndex, nextLatest } from '../../src/model/commit-index.ts';
import { parseCommitIndex, parseLatest } from '../../src/model/stored-index.ts';
import { anAudit } from '../render/audit-builder.ts';
import { aContext, aRun, aTask, COMMIT, failingTest } from './run-builder.ts';

const failed = aRun({ tasks: [aTask('test', { outcome: 'failed' })], findings: [failingTest('adds')] });

describe('the index of a commit', () => {
  it('gets a record more with each run that speaks of the commit, in their order, and reads back', () => {
    const first = nextCommitIndex(null, anAudit([failed]));
    const second = nextCommitIndex(first, anAudit([failed, aRun({ context: aContext({ trigger: 'pull_request', pullRequest: { number: 7, baseBranch: 'main' } }), tasks: [aTask('test')] })]));
    expect(second).toMatchObject({ commit: COMMIT, records: [{ run: 'RUN-001', outcome: 'failed', trigger: 'local' }, { run: 'RUN-002', trigger: 'pull_request', pullRequest: 7, tree: 'b'.repeat(40) }] });
    expect(parseCommitIndex(formatIndex(second), 'x.json')).toEqual(second);
  });

  it('is refused when it cannot be read, never taken for an empty one', () => {
    for (const text of ['', '{', '{"schema":2}', '[]']) expect(() => parseCommitIndex(text, 'x.json')).toThrow(expect.objectContaining({ code: 'LEDGER_CORRUPT', path: 'x.json' }));
  });
});

describe('the newest states', () => {
  it('hold the run of each branch and audit name, with what is open, and nothing older', () => {
    const other = nextLatest(null, anAudit([aRun({ context: aContext({ baselineBranch: 'release', auditName: 'Nightly' }), tasks: [aTask('test')] })]));
    const latest = nextLatest(nextLatest(other, anAudit([failed])), anAudit([failed, failed]));
    expect(Object.keys(latest.branches)).toEqual(['main', 'release']);
    expect(latest.branches['main']).toMatchObject({ Audit: { run: 'RUN-002', outcome: 'failed', commit: COMMIT, open: { P0: 0, P1: 1, P2: 0, P3: 0 } } });
    expect(latest.branches['release']).toMatchObject({ Nightly: { run: 'RUN-001' } });
    expect(parseLatest(formatIndex(latest), 'latest.json')).toEqual(latest);
  });
});
