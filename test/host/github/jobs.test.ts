import { describe, expect, it } from 'vitest';
import type { Job as AnsweredJob } from '../../../src/host/github/answers.ts';
import { readGitHubRun } from '../../../src/host/github/event.ts';
import { faultOf } from '../../../src/host/github/fault.ts';
import { readJob } from '../../../src/host/github/jobs.ts';
import { pushEvent, runnerVariables } from './runner-variables.ts';

const CALL = { name: 'Reading the steps of the job', kind: 'read', permission: 'actions: read' } as const;

function refusal(status: number, message: string) {
  return faultOf(CALL, { at: 'answer', status, headers: new Map(), body: { message } });
}

function answered(overrides: Partial<AnsweredJob> = {}): AnsweredJob {
  return {
    id: 5, run_id: 9001, run_attempt: 1, name: 'audit', head_sha: 'a'.repeat(40), status: 'in_progress', conclusion: null, runner_name: 'runner 1',
    started_at: '2026-11-20T10:00:00Z', completed_at: null,
    steps: [{ name: 'Lint', number: 2, status: 'completed', conclusion: 'success', started_at: '2026-11-20T11:00:01.500+01:00', completed_at: 'soon' }],
    ...overrides,
  };
}

/** What GitHub answers, and what it was asked. */
function api(answers: Readonly<{ job?: AnsweredJob | Error; pages?: readonly (readonly AnsweredJob[])[] | Error }>) {
  const asked: string[] = [];
  const { job, pages = [] } = answers;
  return {
    asked,
    calls: {
      job: async (id: number) => {
        asked.push(`job ${id}`);
        if (job === undefined) throw refusal(404, 'Not Found');
        if (job instanceof Error) throw job;
        return job;
      },
      jobs: async ({ id, attempt }: Readonly<{ id: number; attempt: number }>, page: number) => {
        asked.push(`jobs ${id} ${attempt} ${page}`);
        if (pages instanceof Error) throw pages;
        return { items: pages[page - 1] ?? [], hasNext: page < pages.length };
      },
    },
  };
}

const run = readGitHubRun(runnerVariables('push'), pushEvent(), { 'check-run-id': '5' });
const unnamed = { ...run, checkRunId: null };

describe('reading the job', () => {
  it('asks for it by the id of its check run, in one call', async () => {
    const { asked, calls } = api({ job: answered() });
    expect(await readJob(calls, run)).toEqual({
      problems: [],
      job: {
        id: 5, name: 'audit', status: 'in_progress', conclusion: null, startedAt: '2026-11-20T10:00:00Z', completedAt: null,
        steps: [{ name: 'Lint', number: 2, status: 'completed', conclusion: 'success', startedAt: '2026-11-20T10:00:01Z', completedAt: null }],
      },
    });
    expect(asked).toEqual(['job 5']);
  });

  it('takes the one in progress on its runner where there is no id, or no such job', async () => {
    const pages = [[answered({ id: 1, runner_name: 'runner 2' }), answered({ id: 2, status: 'completed' })], [answered({ id: 3, name: 'first / audit' })]];
    for (const asking of [unnamed, run]) {
      const { calls } = api({ pages });
      expect((await readJob(calls, asking)).job?.id).toBe(3);
    }
  });

  it('does not believe an id of another run', async () => {
    const { calls } = api({ job: answered({ run_id: 8 }), pages: [[answered({ id: 6 })]] });
    expect((await readJob(calls, run)).job?.id).toBe(6);
  });

  it('tells two jobs on runners of one name apart by the key, and else guesses none', async () => {
    const two = [answered({ id: 1, name: 'test' }), answered({ id: 2, name: 'audit' })];
    expect((await readJob(api({ pages: [two] }).calls, unnamed)).job?.id).toBe(2);
    const alike = [answered({ id: 1, name: 'audit (a)' }), answered({ id: 2, name: 'audit (b)' })];
    expect(await readJob(api({ pages: [alike] }).calls, unnamed)).toMatchObject({ problems: [{ code: 'JOB_UNKNOWN' }] });
  });

  it('guesses none where the runner has no name', async () => {
    const result = await readJob(api({ pages: [[answered({ runner_name: '' })]] }).calls, { ...unnamed, runnerName: '' });
    expect(result.job).toBeUndefined();
    expect(result.problems.map(({ code }) => code)).toEqual(['JOB_UNKNOWN']);
  });

  it('names the permission that is missing', async () => {
    const { asked, calls } = api({ job: refusal(403, 'Resource not accessible by integration') });
    const { job, problems } = await readJob(calls, run);
    expect(job).toBeUndefined();
    expect(problems.map(({ code }) => code)).toEqual(['PERMISSION_MISSING']);
    expect(problems[0]?.message).toContain('actions: read');
    expect(asked).toEqual(['job 5']);
  });

  it('is told, and fails nothing, where GitHub does not answer', async () => {
    const { calls } = api({ pages: refusal(502, 'Bad gateway') });
    expect((await readJob(calls, run)).problems.map(({ code }) => code)).toEqual(['GITHUB_UNAVAILABLE']);
  });

  it('hides no fault of ours', async () => {
    await expect(readJob(api({ job: new TypeError('x') }).calls, run)).rejects.toThrow(TypeError);
  });

  it('stops after 1,000 jobs', async () => {
    const { asked, calls } = api({ pages: Array.from({ length: 50 }, () => []) });
    await readJob(calls, unnamed);
    expect(asked).toHaveLength(10);
  });
});
