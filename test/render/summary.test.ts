import { describe, expect, it } from 'vitest';
import { UNRECORDED, UNSURE } from '../../src/model/audit.ts';
import { renderCheckRun } from '../../src/render/check-run.ts';
import { renderSummary } from '../../src/render/summary.ts';
import { aRun, aTask } from '../model/run-builder.ts';
import { anAudit } from './audit-builder.ts';
import { LINKS, situation } from './document-situations.ts';
import { TEMPLATES } from './document-templates.ts';

const audit = anAudit([aRun({ tasks: [aTask('test')] })], { runId: UNRECORDED });
const FOLD = '<details><summary>The entry as it would stand in the log</summary>';

describe('the summary of a run that was not recorded', () => {
  it('holds the entry, as code in which nothing is alive', () => {
    const entry = '## unrecorded - 2026-11-22T14:07:31Z\n- Scope:\n  - ```\n  - </details> @everyone\n';
    const summary = renderSummary(audit, TEMPLATES, { failOn: 'failed', entry });
    expect(summary).toContain(`${FOLD}\n\n\`\`\`\`\n${entry}\`\`\`\`\n\n</details>`);
    expect(summary).toContain('**Not recorded**');
  });

  it('says how many lines of an entry were cut', () => {
    const summary = renderSummary(audit, TEMPLATES, { failOn: 'failed', entry: '- a line of an entry\n'.repeat(60_000) });
    expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(1_000_000);
    expect(summary).toMatch(/\n… \d+ more lines, cut here\n/);
  });

  it('does not claim that it is missing where nobody knows', () => {
    const summary = renderSummary({ ...audit, runId: UNSURE }, TEMPLATES, { failOn: 'failed' });
    expect(summary).toContain('**Perhaps recorded**: whether the entry is in `docs/AUDIT_RUN_LOG.md` is not known.');
    expect(summary).not.toMatch(/not recorded/i);
  });

  it('has no fold where the log holds it', () => {
    expect(renderSummary(audit, TEMPLATES, { failOn: 'failed' })).not.toContain(FOLD);
  });
});

describe('the summary of a late run', () => {
  it('says beside the verdict that the newer run holds', () => {
    const quiet = situation('failed-test', 'local');
    const late = { ...quiet, run: { ...quiet.run, problems: [{ code: 'OLDER_COMMIT' as const, message: 'a1b2c3d is older than 9f8e7d6.' }] } };
    const told = 'Blocks until the test passes. **A newer commit was recorded before**: what that run says holds.';
    expect(renderSummary(late, TEMPLATES, { failOn: 'failed' })).toContain(told);
    expect(renderCheckRun(late, TEMPLATES, { failOn: 'failed' }).summary).toContain(told);
  });
});

describe('what decided', () => {
  it('says of what we state about a check itself that it is no finding of the check', () => {
    expect(renderSummary(situation('crashed-linter', 'pull-request'), TEMPLATES, { failOn: 'failed' })).toMatch(/1 finding of P0 or P1 opened, about eslint itself \(`opened-p0-p1`\): `F-/);
    expect(renderSummary(situation('opened-and-closed', 'pull-request'), TEMPLATES, { failOn: 'failed' })).not.toContain('itself');
  });
});

describe('where the entry and its record are', () => {
  const { recordPath, logPath, ...recorded } = situation('quiet', 'pull-request');
  const told = { ...recorded, recordPath, logPath };
  const address = (path: string): string => `[\`${path}\`](${LINKS.log}${path})`;

  it('is linked on the branch that holds them, which is not that of the reader', () => {
    expect(renderSummary(told, TEMPLATES, { failOn: 'failed' })).toContain(`The entry is **RUN-002** in ${address(logPath)}, its record ${address(recordPath)}.`);
  });

  it('is linked in a check and in a footer that know no page of the run or of the entry', () => {
    const { run: _run, entry: _entry, ...links } = LINKS;
    const files = Array.from({ length: 501 }, (_, at) => ({ path: `src/${at}.ts`, status: 'modified', uncommitted: false } as const));
    const unlinked = { ...told, links, run: { ...told.run, files } };
    expect(renderSummary(unlinked, TEMPLATES, { failOn: 'failed' })).toContain(`and 1 more in ${address(recordPath)}`);
    expect(renderCheckRun(unlinked, TEMPLATES, { failOn: 'failed' }).text).toContain(` · RUN-002 · ${address(logPath)}`);
  });

  it('is a path where files have no address', () => {
    expect(renderSummary(situation('quiet', 'local'), TEMPLATES, { failOn: 'failed' })).toContain(`in \`${logPath}\`, its record \`${recordPath}\`.`);
  });
});
