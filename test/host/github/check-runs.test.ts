import { describe, expect, it } from 'vitest';
import type { GitHub } from '../../../src/host/github/client.ts';
import { gitHubCheckRuns } from '../../../src/host/github/check-runs.ts';
import type { CheckRunPost, CheckRuns } from '../../../src/host/ports.ts';
import type { CheckRunState } from '../../github/loopback.ts';
import { failureOf } from './failure.ts';
import { opened, type Opened } from './opened.ts';

type Checked = Opened & Readonly<{ commit: string; runs: CheckRuns; on(client: GitHub): CheckRuns }>;

async function checked(): Promise<Checked> {
  const world = await opened({ limits: { writesPerMinute: 1_000 } });
  const commit = await world.double.push('main', { a: '1' });
  const on = (client: GitHub): CheckRuns => gitHubCheckRuns({ client, commit });
  return { ...world, commit, runs: on(world.client), on };
}

function aPost(more: Partial<CheckRunPost> = {}): CheckRunPost {
  return { name: 'Audit', conclusion: 'failure', title: '2 tests failed', summary: 'the summary\n', text: 'the text\n', annotations: [], externalId: 'audit-run-log:v1:slot:key', startedAt: '2026-11-25T10:00:00Z', completedAt: '2026-11-25T10:05:00Z', ...more };
}

const annotations = (count: number): CheckRunPost['annotations'] => Array.from({ length: count }, (_, at) => ({ path: `src/${at}.ts`, line: at + 1, level: 'failure', title: `t${at}`, message: `m${at}` }));
const posts = ({ double }: Opened): number => double.exchanges.filter(({ method, path }) => method === 'POST' && path.includes('/check-runs')).length;

describe('posting', () => {
  it('completes a check run in the call that makes it', async () => {
    const { double, commit, runs, calls } = await checked();
    calls();
    const made = await runs.create(aPost({ annotations: annotations(50) }));
    expect(calls()).toBe(1);
    expect(made).toMatchObject({ conclusion: 'failure', externalId: 'audit-run-log:v1:slot:key', title: '2 tests failed', startedAt: '2026-11-25T10:00:00Z' });
    const [state, ...others] = double.checkRuns(commit);
    expect(others).toEqual([]);
    expect(state).toMatchObject({ name: 'Audit', status: 'completed', conclusion: 'failure', completedAt: '2026-11-25T10:05:00Z', title: '2 tests failed', summary: 'the summary\n', text: 'the text\n' });
  });

  it.each([[0, 1], [1, 1], [50, 1], [51, 2], [120, 3], [500, 10]])('SEC-123: posts %i annotations in %i requests, each once and in order', async (count, requests) => {
    const { double, commit, runs, calls } = await checked();
    calls();
    await runs.create(aPost({ annotations: annotations(count) }));
    expect(calls()).toBe(requests);
    expect(annotationsOf(double.checkRuns(commit)[0])).toEqual(annotations(count).map(({ message }) => message));
  });

  it.each([['apply-then-drop'], ['drop-before']] as const)('adds a batch once whose answer is lost (%s)', async (kind) => {
    const { double, commit, runs } = await checked();
    double.fault({ when: { method: 'PATCH', path: /check-runs/, times: 1 }, then: { kind } });
    await runs.create(aPost({ annotations: annotations(120) }));
    expect(annotationsOf(double.checkRuns(commit)[0])).toHaveLength(120);
  });

  it.each([
    ['is lost after it took effect', { kind: 'apply-then-drop' }], ['is an error after it took effect', { kind: 'apply-then-reply', status: 502 }],
    ['breaks off before it took effect', { kind: 'drop-before' }], ['is an error before it took effect', { kind: 'reply', status: 500 }],
  ] as const)('makes one check run when an answer %s', async (_, then) => {
    const { double, commit, runs } = await checked();
    double.fault({ when: { method: 'POST', path: /check-runs/, times: 1 }, then });
    const made = await runs.create(aPost());
    expect(double.checkRuns(commit).map(({ id }) => id)).toEqual([made.id]);
  });

  it('does not take the check run of another recording for its own', async () => {
    const { double, commit, runs } = await checked();
    await runs.create(aPost({ externalId: 'audit-run-log:v1:slot:other' }));
    double.fault({ when: { method: 'POST', path: /check-runs/, times: 1 }, then: { kind: 'drop-before' } });
    await runs.create(aPost());
    expect(double.checkRuns(commit)).toHaveLength(2);
  });

  it('tries twice at most, and not at all again where it cannot look', async () => {
    const world = await checked();
    world.double.fault({ when: { method: 'POST', path: /check-runs/, times: 9 }, then: { kind: 'drop-before' } });
    expect((await failureOf(world.runs.create(aPost()))).code).toBe('GITHUB_UNAVAILABLE');
    expect(posts(world)).toBe(2);
    world.double.fault({ when: { method: 'GET', path: /check-runs/, times: 9 }, then: { kind: 'drop-before' } });
    expect((await failureOf(world.runs.create(aPost()))).message).toContain('may have taken effect');
    expect(posts(world)).toBe(3);
  });

  it('names the permission that the token lacks', async () => {
    const { double, as, on, commit } = await checked();
    const error = await failureOf(on(await as(double.token({ checks: 'read' }))).create(aPost()));
    expect(error.code).toBe('PERMISSION_MISSING');
    expect(error.message).toContain('`checks: write`');
    expect(double.checkRuns(commit)).toEqual([]);
  });

  it('leaves out when it started where nobody knows', async () => {
    const { runs } = await checked();
    const { startedAt: _, ...post } = aPost();
    expect(await runs.create(post)).toMatchObject({ conclusion: 'failure' });
  });
});

function annotationsOf(state: CheckRunState | undefined): string[] {
  return state?.annotations.map(({ message }) => message) ?? [];
}

describe('what is there', () => {
  it('lists those of the name over all pages, newest first', async () => {
    const { runs } = await checked();
    await runs.create(aPost({ name: 'Another' }));
    for (let at = 0; at < 103; at += 1) await runs.create(aPost({ externalId: `k${at}` }));
    const listed = await runs.list('Audit');
    expect(listed.map(({ externalId }) => externalId)).toEqual(Array.from({ length: 103 }, (_, at) => `k${102 - at}`));
  });

  it('finds names with blanks and signs', async () => {
    const { runs } = await checked();
    const name = 'Audit / überall & mehr?#%';
    await runs.create(aPost({ name }));
    expect(await runs.list(name)).toHaveLength(1);
  });

  it('SEC-139: leaves out those that another app made, once one of ours tells which app we are', async () => {
    const { double, as, on, runs } = await checked();
    await on(await as(double.token(undefined, { login: 'other[bot]', app: 'other' }))).create(aPost({ externalId: 'other' }));
    expect(await runs.list('Audit')).toHaveLength(1);
    await runs.create(aPost({ externalId: 'own' }));
    expect((await runs.list('Audit')).map(({ externalId }) => externalId)).toEqual(['own']);
  });

  it('gives one another verdict, and keeps its text and annotations', async () => {
    const { double, commit, runs } = await checked();
    const { id } = await runs.create(aPost({ conclusion: 'success', annotations: annotations(2) }));
    expect(await runs.update(id, { conclusion: 'failure', title: 'Another audit failed', summary: 'see there\n' })).toMatchObject({ id, conclusion: 'failure', title: 'Another audit failed' });
    const [state] = double.checkRuns(commit);
    expect(state).toMatchObject({ status: 'completed', conclusion: 'failure', summary: 'see there\n', text: 'the text\n' });
    expect(annotationsOf(state)).toHaveLength(2);
  });

  it('gives one that another run made another verdict, and keeps its text', async () => {
    const { double, commit, client, on, runs } = await checked();
    const { id } = await runs.create(aPost({ annotations: annotations(2) }));
    const later = on(client);
    expect(await later.list('Audit')).toMatchObject([{ id, summary: 'the summary\n' }]);
    await later.update(id, { conclusion: 'success', title: 'All is well', summary: 'again\n' });
    expect(double.checkRuns(commit)[0]).toMatchObject({ conclusion: 'success', title: 'All is well', summary: 'again\n', text: 'the text\n' });
    expect(annotationsOf(double.checkRuns(commit)[0])).toHaveLength(2);
  });

  it('repeats an update whose answer is lost', async () => {
    const { double, commit, runs } = await checked();
    const { id } = await runs.create(aPost({ conclusion: 'success' }));
    double.fault({ when: { method: 'PATCH', times: 1 }, then: { kind: 'drop-before' } });
    await runs.update(id, { conclusion: 'neutral', title: 't', summary: 's' });
    expect(double.checkRuns(commit)[0]).toMatchObject({ conclusion: 'neutral' });
  });
});
