import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AuditError } from '../../src/errors.ts';
import type { CheckRuns, PostedCheckRun } from '../../src/host/ports.ts';
import type { CheckRunHead } from '../../src/model/documents.ts';
import { checkRunPublisher } from '../../src/publish/check-run.ts';
import type { Publishable } from '../../src/publish/publisher.ts';
import { renderOverruled } from '../../src/render/check-run.ts';
import { anAudit } from '../render/audit-builder.ts';
import { aRun, aTask } from '../model/run-builder.ts';

type Conclusion = CheckRunHead['conclusion'];

/** The check runs of a commit, newest first when listed. `pause`: what goes on before each request takes effect. */
function theRuns(start: readonly PostedCheckRun[] = [], pause: () => Promise<unknown> = () => Promise.resolve()): CheckRuns & { runs: PostedCheckRun[]; updates: number } {
  const kept = {
    runs: [...start],
    updates: 0,
    async list() {
      await pause();
      return [...kept.runs].reverse();
    },
    async create({ conclusion, externalId, title, summary }: Parameters<CheckRuns['create']>[0]) {
      await pause();
      const made = { id: 100 + kept.runs.length, url: `https://example.org/${kept.runs.length}`, conclusion, externalId, title, summary, startedAt: '' };
      kept.runs.push(made);
      return made;
    },
    async update(id: number, verdict: Readonly<{ conclusion: Conclusion; title: string; summary: string }>) {
      await pause();
      const at = kept.runs.findIndex((run) => run.id === id);
      const { conclusion, title, summary } = verdict;
      const changed = { ...kept.runs[at] as PostedCheckRun, conclusion, title, summary };
      kept.runs[at] = changed;
      kept.updates += 1;
      return changed;
    },
  };
  return kept;
}

const other = (externalId: string, conclusion: string | null, id = 1): PostedCheckRun => ({ id, url: `https://example.org/other${id}`, conclusion, externalId, title: 'theirs', summary: 'their summary\n', startedAt: '' });

const wordsOf = (conclusion: Conclusion, key: string) => ({ title: `${key} is ${conclusion}`, summary: `${key} says ${conclusion}\n` });

function what(conclusion: Conclusion, key = 'k1'): Publishable {
  const run = aRun({ tasks: [aTask('test')] });
  const head: CheckRunHead = { name: 'Audit', conclusion, ...wordsOf(conclusion, key) };
  const none = (): never => { throw new Error('not shown'); };
  return {
    audit: anAudit([run]), entry: '', recorded: { state: true },
    documents: { comment: none, summary: none, checkRunHead: () => head, checkRun: () => ({ ...head, text: '', annotations: [] }), overruled: (by, own) => renderOverruled(own, by) },
  };
}

type Publication = Readonly<{ slot: string; key: string; conclusion: Conclusion }>;

async function publishAs(runs: CheckRuns, { slot, key, conclusion }: Publication) {
  return checkRunPublisher({ runs, slot: () => slot, key }).publish(what(conclusion, key));
}

const publish = (runs: CheckRuns, conclusion: Conclusion) => publishAs(runs, { slot: 'slot1', key: 'k1', conclusion });

const shownNow = ({ runs }: { runs: PostedCheckRun[] }): string | null | undefined => runs.at(-1)?.conclusion;

describe('the check run', () => {
  it('carries slot, its own conclusion and key, and is linked', async () => {
    const runs = theRuns();
    expect(await publish(runs, 'success')).toEqual({ places: ['https://example.org/0'], links: { checkRun: 'https://example.org/0' } });
    expect(runs.runs.map(({ externalId }) => externalId)).toEqual(['audit-run-log:v1:slot1:success:k1']);
  });

  it('asks for its slot when it is posted, not before', async () => {
    const runs = theRuns();
    let slot = 'early';
    const publisher = checkRunPublisher({ runs, slot: () => slot, key: 'k' });
    slot = 'late';
    await publisher.publish(what('success'));
    expect(runs.runs[0]?.externalId).toBe('audit-run-log:v1:late:success:k');
  });

  const rows: readonly (readonly [ours: Conclusion, theirs: string, shown: Conclusion])[] = [
    ['success', 'failure', 'failure'], ['success', 'neutral', 'neutral'], ['neutral', 'failure', 'failure'], ['success', 'success', 'success'], ['failure', 'success', 'failure'], ['failure', 'failure', 'failure'],
    ['neutral', 'success', 'neutral'], ['success', 'timed_out', 'failure'], ['success', '', 'failure'],
  ];
  for (const [ours, theirs, shown] of rows) {
    it(`shows ${shown} where another job of the commit concluded "${theirs}" and this one ${ours}`, async () => {
      const runs = theRuns([other(`audit-run-log:v1:slot2:${theirs}:k9`, theirs)]);
      await publish(runs, ours);
      expect(shownNow(runs)).toBe(shown);
    });
  }

  it('takes the place of an earlier one of its own slot, however bad that was', async () => {
    const runs = theRuns([other('audit-run-log:v1:slot1:failure:k0', 'failure')]);
    await publish(runs, 'success');
    expect(shownNow(runs)).toBe('success');
  });

  it('looks at the newest one of another slot only', async () => {
    const runs = theRuns([other('audit-run-log:v1:slot2:failure:k8', 'failure', 1), other('audit-run-log:v1:slot2:success:k9', 'success', 2)]);
    await publish(runs, 'success');
    expect(shownNow(runs)).toBe('success');
  });

  it('believes what another one concluded itself, not what it shows of a third', async () => {
    const runs = theRuns();
    await publishAs(runs, { slot: 'push', key: 'a', conclusion: 'failure' });
    await publishAs(runs, { slot: 'pull', key: 'b', conclusion: 'success' });
    expect(shownNow(runs)).toBe('failure');
    await publishAs(runs, { slot: 'push', key: 'c', conclusion: 'success' });
    expect(runs.runs.map(({ conclusion }) => conclusion)).toEqual(['failure', 'success', 'success']);
  });

  it('gives an overruled one its own words back once the other is mended', async () => {
    const runs = theRuns();
    await publishAs(runs, { slot: 'push', key: 'a', conclusion: 'failure' });
    await publishAs(runs, { slot: 'pull', key: 'b', conclusion: 'neutral' });
    expect(runs.runs[1]).toMatchObject({ conclusion: 'failure', title: 'Failed in another audit of this commit' });
    expect(runs.runs[1]?.summary).toContain('b says neutral');
    await publishAs(runs, { slot: 'push', key: 'c', conclusion: 'success' });
    expect(runs.runs[1]).toMatchObject({ conclusion: 'neutral', ...wordsOf('neutral', 'b') });
    expect(runs.runs[2]).toMatchObject({ conclusion: 'neutral', title: 'Passed with known gaps in another audit of this commit' });
  });

  it('sends its reader to one that is still the worst', async () => {
    const runs = theRuns();
    for (const [slot, key, conclusion] of [['a', 'a1', 'failure'], ['b', 'b1', 'success'], ['c', 'c1', 'failure'], ['a', 'a2', 'success']] as const) await publishAs(runs, { slot, key, conclusion });
    const [, overruled, worst] = runs.runs;
    expect(overruled?.conclusion).toBe('failure');
    expect(overruled?.summary).toContain(`(${worst?.url})`);
  });

  it('tells the documents after it that a worse one overrules it, and only then', async () => {
    const runs = theRuns([other('audit-run-log:v1:slot2:failure:k9', 'failure')]);
    expect(await publish(runs, 'neutral')).toMatchObject({ overruled: { conclusion: 'failure', url: 'https://example.org/other1' } });
    expect(await publishAs(runs, { slot: 'slot3', key: 'k3', conclusion: 'failure' })).not.toHaveProperty('overruled');
  });

  it('changes nothing where all of them say the same', async () => {
    const runs = theRuns();
    for (const slot of ['a', 'b', 'c']) await publishAs(runs, { slot, key: slot, conclusion: 'neutral' });
    expect(runs.updates).toBe(0);
  });

  it('SEC-139: leaves a check of the same name that is not ours as it is, and does not believe it', async () => {
    const foreign = [other('somebody else', 'failure', 1), other('', 'failure', 2), other('audit-run-log:v2:x:failure:y', 'failure', 3), other('audit-run-log:v1:x', 'failure', 4)];
    const runs = theRuns(foreign);
    await publish(runs, 'success');
    expect(runs.runs.slice(0, 4)).toEqual(foreign);
    expect(shownNow(runs)).toBe('success');
  });

  it('lets the worse of two that end together show, whoever is later', async () => {
    const runs = theRuns();
    await Promise.all([publishAs(runs, { slot: 'slot2', key: 'k2', conclusion: 'failure' }), publish(runs, 'success')]);
    expect(runs.runs.map(({ conclusion }) => conclusion)).toEqual(['failure', 'failure']);
  });

  it('is posted although nobody can look around after, and says so', async () => {
    const runs = { ...theRuns(), list: () => Promise.reject(new AuditError('RATE_LIMITED', { message: 'wait' })) };
    expect((await publish(runs, 'success')).problems).toMatchObject([{ code: 'CHECK_UNSURE' }]);
  });

  it('is posted although another one cannot be mended, and says so', async () => {
    const runs = theRuns([other('audit-run-log:v1:slot2:success:k9', 'success')]);
    const refusing = { ...runs, update: () => Promise.reject(new AuditError('PERMISSION_MISSING', { message: 'no' })) };
    expect(await publish(refusing, 'failure')).toMatchObject({ places: ['https://example.org/1'], problems: [{ code: 'CHECK_UNSURE' }] });
  });
});

describe('whatever was published before', () => {
  const RANK = { success: 0, neutral: 1, failure: 2 } as const;
  const publications = fc.array(fc.record({ slot: fc.constantFrom('a', 'b', 'c', 'd'), conclusion: fc.constantFrom<Conclusion>('success', 'neutral', 'failure') }), { minLength: 1, maxLength: 9 })
    .map((all) => all.map((one, at): Publication => ({ ...one, key: `k${at}` })));

  const newestBySlot = (runs: readonly PostedCheckRun[]) => [...new Map(runs.map((run) => [run.externalId.split(':')[2], run])).values()];
  const ownOf = ({ externalId }: PostedCheckRun): Conclusion => externalId.split(':')[3] as Conclusion;
  const worstOf = (runs: readonly PostedCheckRun[]) => newestBySlot(runs).map(ownOf).reduce((worst, own) => (RANK[own] > RANK[worst] ? own : worst));

  it('shows the worst of what the newest of every slot concluded, on each of them, and its own words where it is the worst itself', async () => {
    await fc.assert(fc.asyncProperty(publications, async (all) => {
      const runs = theRuns();
      for (const publication of all) {
        await publishAs(runs, publication);
        const worst = worstOf(runs.runs);
        for (const run of newestBySlot(runs.runs)) {
          const own = wordsOf(ownOf(run), run.externalId.split(':')[4] ?? '');
          expect([run.conclusion, run.title === own.title && run.summary === own.summary, run.title.endsWith(' in another audit of this commit')]).toEqual([worst, ownOf(run) === worst, ownOf(run) !== worst]);
        }
      }
    }));
  });

  it('shows the worst on the newest one also where they are published at once, in any order of their requests', async () => {
    await fc.assert(fc.asyncProperty(publications, fc.scheduler(), async (all, scheduler) => {
      const runs = theRuns([], () => scheduler.schedule(Promise.resolve()));
      await scheduler.waitFor(Promise.all(all.map((publication) => publishAs(runs, publication))));
      expect(shownNow(runs)).toBe(worstOf(runs.runs));
    }));
  });
});
