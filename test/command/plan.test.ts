import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { planEntry } from '../../src/command/plan.ts';
import { NO_LINKS } from '../../src/model/links.ts';
import { aContext, aRun, aTask } from '../model/run-builder.ts';

const LOG = 'docs/AUDIT_RUN_LOG.md';
const EMPTY = await readFile(new URL('../../templates/run-log.md', import.meta.url));

type Recording = Readonly<{ attempt: number; checkRunId: number; job?: string }>;

/** Two calls of one workflow in a run have keys that differ by attempt and check run only. */
async function record(recordings: readonly Recording[]): Promise<readonly (string | undefined)[]> {
  let files: ReadonlyMap<string, Uint8Array> = new Map();
  const attemptOf: (string | undefined)[] = [];
  for (const { attempt, checkRunId, job } of recordings) {
    const run = aRun({ key: `41.9001.${attempt}.0123456789abcdef.${checkRunId}`, tasks: [aTask('test')], context: aContext(attempt === 1 ? {} : { attempt }) });
    const context = { run, logPath: LOG, emptyLog: EMPTY, links: NO_LINKS, follows: () => Promise.resolve('yes' as const), ...(job === undefined ? {} : { job }) };
    const plan = await planEntry(context, { head: 'h', files, paths: [...files.keys()] });
    if (plan.state !== 'new') throw new Error(`planned ${plan.state}`);
    attemptOf.push(plan.audit.attemptOf);
    files = new Map([...files, ...plan.files.map(({ path, bytes }) => [path, bytes] as const)]);
  }
  return attemptOf;
}

const [FIRST, SECOND] = ['1'.repeat(16), '2'.repeat(16)];

describe('the attempt before', () => {
  it('is that of the same job, not of another call of its workflow', async () => {
    expect(await record([
      { attempt: 1, checkRunId: 11, job: FIRST }, { attempt: 1, checkRunId: 12, job: SECOND }, { attempt: 2, checkRunId: 21, job: FIRST }, { attempt: 2, checkRunId: 22, job: SECOND }, { attempt: 3, checkRunId: 31, job: FIRST },
    ])).toEqual([undefined, undefined, 'RUN-001', 'RUN-002', 'RUN-003']);
  });

  it('is not named where it is not known which job ran before, or which one this is', async () => {
    expect(await record([{ attempt: 1, checkRunId: 11 }, { attempt: 2, checkRunId: 21, job: FIRST }, { attempt: 3, checkRunId: 31 }])).toEqual([undefined, undefined, undefined]);
  });
});
