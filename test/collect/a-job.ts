/** Jobs as GitHub tells them. */
import type { Job, JobStep } from '../../src/model/job.ts';

/** `success`, …; `in_progress` and `queued` for a step that has not ended. Each step begins where the one before ended, and takes as many seconds. */
export type ToldStep = readonly [name: string, state: string, seconds?: number];

const START = Date.parse('2026-11-20T10:00:00Z');

export function aJob(...told: readonly ToldStep[]): Job {
  let clock = START;
  const steps = told.map(([name, state, seconds = 1], at): JobStep => {
    const startedAt = utc(clock);
    clock += seconds * 1_000;
    const isOpen = state === 'in_progress' || state === 'queued';
    return isOpen
      ? { name, number: at + 1, status: state, conclusion: null, startedAt: state === 'queued' ? null : startedAt, completedAt: null }
      : { name, number: at + 1, status: 'completed', conclusion: state, startedAt, completedAt: utc(clock) };
  });
  return { id: 1, name: 'audit', status: 'in_progress', conclusion: null, startedAt: utc(START), completedAt: null, steps };
}

function utc(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}
