import { describe, expect, it } from 'vitest';
import { eslint, junit } from '../command/workspace.ts';
import type { LoopbackGitHub } from '../github/loopback.ts';
import { openDouble } from './github-double.ts';
import { pushEvent } from './github-events.ts';
import { cloneLog, LOG_PATH, type LogClone } from './github-log.ts';
import { runStep, type Step } from './github-step.ts';

/** Written by people, with odd line ends and none behind the last line: nothing of it is ours. */
const SEED = '# Journal of audits\r\n\nKept by hand until now.\n\n## Notes\n\nBlanks at the end stay:   \n\n| a | b |\n| - | - |\n| 1 | 2 |\n\nThe last line';

function idsOf(writers: number): string[] {
  return Array.from({ length: writers }, (_, at) => `RUN-${String(at + 1).padStart(3, '0')}`);
}

/** None reads the log before all have come to read it, so that all of them plan on the same one. */
function startTogether(double: LoopbackGitHub, writers: number): void {
  let waiting = 0;
  let open: () => void = () => undefined;
  const all = new Promise<void>((done) => { open = done; });
  const run = async (): Promise<void> => {
    waiting += 1;
    if (waiting === writers) open();
    await all;
  };
  double.fault({ when: { graphql: /^query Snapshot/, times: writers }, then: { kind: 'do', run } });
}

/** Each says something of its own, and the same in part. */
async function writeTogether(double: LoopbackGitHub, { writers, sha }: Readonly<{ writers: number; sha: string }>): Promise<readonly Step[]> {
  startTogether(double, writers);
  return Promise.all(idsOf(writers).map(async (_, at) => runStep({
    double, event: pushEvent(double, { sha }), runId: 9_001 + at,
    files: { 'out/junit.xml': junit({ adds: null, [`of writer ${at}`]: null }), 'out/eslint.json': eslint({ 'src/cart.js': [] }) },
    inputs: { reports: 'test: out/junit.xml\nlint: out/eslint.json' },
  })));
}

function commitsTried({ exchanges }: LoopbackGitHub): number {
  return exchanges.filter(({ operation }) => operation?.startsWith('mutation Commit') === true).length;
}

function recordOf({ files }: LogClone, id: string): Readonly<{ runId: string; sequence: number; run: Readonly<{ key: string; tasks: readonly Readonly<{ counts: Readonly<{ passed: number }> }>[] }> }> {
  const [, text = 'null'] = [...files].find(([path]) => path.endsWith(`/${id}.json`)) ?? [];
  return JSON.parse(text) as ReturnType<typeof recordOf>;
}

/** Every one recorded once, in one line of commits; each step tells of the entry that is its own, at the commit that holds it. */
async function assertAllRecorded(double: LoopbackGitHub, steps: readonly Step[]): Promise<LogClone> {
  const ids = idsOf(steps.length);
  expect(steps.map(({ status, outputs, err }) => [status, outputs['recorded'], err])).toEqual(ids.map(() => [0, 'true', '']));
  expect(steps.map(({ outputs }) => outputs['run-id'] ?? '').toSorted()).toEqual(ids);
  // Git finds nothing wrong with it, and no commit takes anything from the log or from a record.
  const clone = cloneLog(double.gitDir);
  expect(clone.entries.map(({ id }) => id)).toEqual(ids);
  const keys = ids.map((id) => recordOf(clone, id).run.key);
  expect(new Set(keys).size).toBe(steps.length);
  expect(clone.entries.map(({ marker }) => /^key=(\S+) seq=(\d+)/.exec(marker)?.slice(1))).toEqual(keys.map((key, at) => [key, String(at + 1)]));
  for (const [at, { outputs }] of steps.entries()) {
    const id = outputs['run-id'] ?? '';
    expect(recordOf(clone, id).run.key).toMatch(new RegExp(`^${double.repositoryId}\\.${9_001 + at}\\.`));
    expect(clone.commits.findIndex(({ sha }) => sha === outputs['log-commit'])).toBe(ids.indexOf(id) + 1);
  }
  return clone;
}

describe('processes that record into one log at once', () => {
  it('SEC-101: 16 are all recorded once, with ids without gap or repeat, and the bytes of others are kept', async () => {
    const double = await openDouble();
    const sha = await double.push('main', { 'src/cart.js': 'a\n' });
    await double.push('audit-log', { [LOG_PATH]: SEED });
    const steps = await writeTogether(double, { writers: 16, sha });
    const { log, entries, files } = await assertAllRecorded(double, steps);
    expect(log.startsWith(`${SEED}\n\n## RUN-001`)).toBe(true);
    // Nothing but entries and their markers stands behind it.
    expect(log.length - SEED.length).toBe(entries.reduce((sum, { text, marker }) => sum + text.length + '<!-- audit-run-log:v1  -->'.length + marker.length, 0) + entries.length * 2);
    expect([...files.keys()].filter((path) => path.includes('/runs/')).length).toBe(16);
    // All but one lost the first time.
    expect(commitsTried(double)).toBeGreaterThanOrEqual(16 + 15);
  }, 300_000);

  it('are all recorded where each of them finds no log branch: one makes it, and begins with the log of the default branch', async () => {
    const double = await openDouble();
    const sha = await double.push('main', { 'src/cart.js': 'a\n', [LOG_PATH]: SEED });
    const steps = await writeTogether(double, { writers: 4, sha });
    const { log, commits } = await assertAllRecorded(double, steps);
    expect(log.startsWith(SEED)).toBe(true);
    expect(commits[0]).toMatchObject({ parents: [], subject: 'Begin the run log', changes: [`A ${LOG_PATH}`] });
    expect(await double.show('main', LOG_PATH)).toBe(SEED);
  }, 300_000);
});
