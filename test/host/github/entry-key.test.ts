import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkSlot, entryKeyOf as keyOfRecording, jobSlot } from '../../../src/host/github/entry-key.ts';
import { readGitHubRun, type Environment, type GitHubRun, type JobInputs } from '../../../src/host/github/event.ts';
import { isEarlierAttempt } from '../../../src/model/recording-key.ts';
import { pushEvent, runnerVariables } from './runner-variables.ts';

function aRun(inputs: JobInputs = {}, env: Environment = {}): GitHubRun {
  return readGitHubRun(runnerVariables('push', env), pushEvent(), inputs);
}

/** Of the audit that has no name of its own. */
function entryKeyOf(run: Parameters<typeof keyOfRecording>[0], entryKey: string | null): string {
  return keyOfRecording(run, { auditName: 'Audit', entryKey });
}

const KEY = /^[A-Za-z0-9._-]{1,200}$/;

describe('the key of a recording', () => {
  it('is repository, run, attempt and job', () => {
    expect(entryKeyOf(aRun({ 'check-run-id': '109986525349' }), null)).toMatch(/^41\.9001\.1\.[0-9a-f]{16}\.109986525349$/);
    expect(entryKeyOf(aRun({ 'check-run-id': '109986525349' }), 'part-2')).toMatch(/^41\.9001\.1\.[0-9a-f]{16}\.109986525349\.part-2$/);
  });

  it('SEC-133: is the same for the same attempt, and another one for the next', () => {
    const first = entryKeyOf(aRun(), null);
    expect(entryKeyOf(aRun(), null)).toBe(first);
    expect(entryKeyOf(aRun({}, { GITHUB_RUN_ATTEMPT: '2' }), null)).not.toBe(first);
  });

  it('tells attempts of one job from those of another, of another run, and with another key', () => {
    const key = (inputs: JobInputs, env: Environment, entryKey: string | null = null): string => entryKeyOf(aRun(inputs, env), entryKey);
    const second = key({ 'check-run-id': '12' }, { GITHUB_RUN_ATTEMPT: '2' });
    const isEarlier = (other: string): boolean => isEarlierAttempt({ key: other, job: 'j' }, { key: second, job: 'j' });
    expect(isEarlier(key({ 'check-run-id': '11' }, {}))).toBe(true);
    expect(isEarlier(second)).toBe(false);
    expect(isEarlier(key({ 'check-run-id': '13' }, { GITHUB_RUN_ATTEMPT: '3' }))).toBe(false);
    expect(isEarlier(key({ 'check-run-id': '11' }, { GITHUB_JOB: 'other' }))).toBe(false);
    expect(isEarlier(key({ 'check-run-id': '11' }, { GITHUB_RUN_ID: '9002' }))).toBe(false);
    expect(isEarlier(key({ 'check-run-id': '11' }, {}, 'b.c'))).toBe(false);
    expect(isEarlier('local-0011')).toBe(false);
  });

  it('tells two audits of one job apart', () => {
    const run = aRun({ 'check-run-id': '11' });
    expect(keyOfRecording(run, { auditName: 'Nightly', entryKey: null })).not.toBe(entryKeyOf(run, null));
  });

  it('tells jobs apart where no check run id is told: by key, place in the matrix and called workflow', () => {
    const keys = [
      aRun(), aRun({}, { GITHUB_JOB: 'other' }), aRun({ 'job-index': '1', 'job-total': '2' }), aRun({ 'job-index': '0', 'job-total': '2' }),
      aRun({ 'job-workflow': 'octo/widgets/.github/workflows/called.yml@refs/heads/main' }), aRun({ 'job-workflow': 'other/widgets/.github/workflows/called.yml@refs/heads/main' }),
    ].map((run) => entryKeyOf(run, null));
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('fits the marker at its longest', () => {
    const large = Number.MAX_SAFE_INTEGER;
    const longest = entryKeyOf({ ...aRun({}, { GITHUB_JOB: 'j'.repeat(200) }), repository: { owner: 'octo', name: 'widgets', id: large }, runId: large, attempt: large }, 'e'.repeat(100));
    expect(longest).toMatch(KEY);
    expect(longest.length).toBeGreaterThan(165);
  });

  it('fits the marker, and no two of them meet', () => {
    const id = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
    const parts = fc.record({
      repository: id, run: id, attempt: id,
      job: fc.oneof(id.map((one) => ({ 'check-run-id': String(one) })), fc.constant({})),
      name: fc.stringMatching(/^[A-Za-z0-9_-]{1,200}$/),
      entryKey: fc.option(fc.stringMatching(/^[A-Za-z0-9._-]{1,100}$/)),
    });
    const keyOf = ({ repository, run, attempt, job, name, entryKey }: typeof parts extends fc.Arbitrary<infer T> ? T : never): string => entryKeyOf(
      { ...aRun(job), repository: { owner: 'octo', name: 'widgets', id: repository }, runId: run, attempt, job: name }, entryKey,
    );
    fc.assert(fc.property(parts, parts, (one, other) => {
      expect(keyOf(one)).toMatch(KEY);
      const sameJob = one.name === other.name && JSON.stringify(one.job) === JSON.stringify(other.job);
      const isSame = one.repository === other.repository && one.run === other.run && one.attempt === other.attempt && sameJob && one.entryKey === other.entryKey;
      expect(keyOf(one) === keyOf(other)).toBe(isSame);
    }));
  });
});

const OWN = { 'job-workflow': 'octo/widgets/.github/workflows/ci.yml@refs/heads/main' };
const CALLED = { 'job-workflow': 'octo/widgets/.github/workflows/called.yml@refs/heads/main' };

/** What is known of the job once the jobs API was read: with the name that it shows, or not. */
function slotOf(run: GitHubRun, { name, entryKey = null }: Readonly<{ name?: string; entryKey?: string | null }> = {}): string | null {
  const slot = jobSlot(run, entryKey);
  if (name !== undefined) slot.named(name);
  return slot.read();
}

describe('the slot of a job', () => {
  it('stays the same over attempts, runs, check run ids and shown names', () => {
    const slot = slotOf(aRun({ 'check-run-id': '1', ...OWN }));
    const later = { GITHUB_RUN_ATTEMPT: '2', GITHUB_RUN_ID: '9002', GITHUB_WORKFLOW_REF: 'octo/widgets/.github/workflows/ci.yml@refs/heads/topic' };
    expect(slotOf(aRun({ 'check-run-id': '2', 'job-workflow': 'octo/widgets/.github/workflows/ci.yml@refs/heads/topic' }, later), { name: 'audit of run 9002' })).toBe(slot);
    expect(slot).toMatch(/^[0-9a-f]{16}$/);
  });

  it('differs by workflow, job, matrix, entry key and call', () => {
    const slots = [
      slotOf(aRun(OWN)), slotOf(aRun(OWN), { entryKey: 'a' }), slotOf(aRun(OWN, { GITHUB_JOB: 'other' })), slotOf(aRun({ ...OWN, 'job-total': '2' })),
      slotOf(aRun({ 'job-workflow': 'octo/widgets/.github/workflows/nightly.yml@refs/heads/main' }, { GITHUB_WORKFLOW_REF: 'octo/widgets/.github/workflows/nightly.yml@refs/heads/main' })),
      slotOf(aRun(CALLED), { name: 'first / audit' }), slotOf(aRun(CALLED), { name: 'second / audit' }),
    ];
    expect(new Set(slots).size).toBe(slots.length);
    expect(slots).not.toContain(null);
  });

  it('is not known of a called workflow before its job was read, nor where nobody tells whether it is called', () => {
    expect([slotOf(aRun(CALLED)), slotOf(aRun())]).toEqual([null, null]);
    expect(slotOf(aRun(), { name: 'audit' })).toMatch(/^[0-9a-f]{16}$/);
  });

  it('makes two calls in one run two checks, and no attempts of each other', () => {
    const [first, second] = [aRun({ ...CALLED, 'check-run-id': '11' }), aRun({ ...CALLED, 'check-run-id': '22' }, { GITHUB_RUN_ATTEMPT: '2' })];
    const recording = (run: GitHubRun, name: string | null) => {
      const slot = jobSlot(run, null);
      if (name !== null) slot.named(name);
      const key = entryKeyOf(run, null);
      return { key, job: slot.read() ?? undefined, check: checkSlot(slot, key) };
    };
    const [red, green, again] = [recording(first, 'first / audit'), recording(second, 'second / audit'), recording(second, 'first / audit')];
    expect(red.check).not.toBe(green.check);
    expect(isEarlierAttempt(red, green)).toBe(false);
    expect(red.check).toBe(again.check);
    expect(isEarlierAttempt(red, again)).toBe(true);
    const [unread, unreadBefore] = [recording(second, null), recording(first, null)];
    expect(new Set([red.check, green.check, unread.check, unreadBefore.check]).size).toBe(4);
    expect([isEarlierAttempt(red, unread), isEarlierAttempt(unreadBefore, again), isEarlierAttempt(unreadBefore, unread)]).toEqual([false, false, false]);
  });
});
