/** Publishing as a check run on the audited commit. Of several recordings under one name, the worst one is what is seen. */
import type { CheckRuns, PostedCheckRun } from '../host/ports.ts';
import { AuditError } from '../errors.ts';
import type { CheckRunHead, Documents } from '../model/documents.ts';
import { readOverruled } from '../model/overruling.ts';
import type { RunContext } from '../model/run.ts';
import type { Published, Publisher } from './publisher.ts';

export type CheckRunRequest = Readonly<{
  runs: CheckRuns;
  /** Which recordings take each other's place: the same job of the same workflow for the same event. Asked when it is needed. Letters and digits. */
  slot(): string;
  /** Tells this recording from every other one. */
  key: string;
}>;

type Conclusion = CheckRunHead['conclusion'];

/** What our check runs carry as `external_id`, so that they are known again: slot, the audit's own conclusion and key follow. */
const OURS = 'audit-run-log:v1';

export function checkRunPublisher({ runs, slot, key }: CheckRunRequest): Publisher {
  return {
    id: 'check-run',
    weight: 'best-effort',
    async publish({ audit, documents, recorded }) {
      // What was refused to the log would be refused here.
      if (recorded.wish === 'read-only token') return { places: [] };
      const check = documents.checkRun();
      const made = await runs.create({ ...check, externalId: externalIdOf(slot(), check, key), ...timesOf(audit.run.context) });
      return shown(made, await letWorstShow({ runs, made, documents }));
    },
  };
}

export type FailedCheck = CheckRunHead & Readonly<{ completedAt: string }>;

/** Of an audit that could not be made. The next one of its slot takes its place. */
export async function postFailedCheck({ runs, slot, key }: CheckRunRequest, check: FailedCheck): Promise<void> {
  await runs.create({ ...check, text: '', annotations: [], externalId: externalIdOf(slot(), check, key) });
}

function externalIdOf(slot: string, { conclusion }: CheckRunHead, key: string): string {
  return `${OURS}:${slot}:${conclusion}:${key}`;
}

function timesOf({ start, end }: RunContext): Readonly<{ startedAt?: string; completedAt: string }> {
  return { ...(start === undefined ? {} : { startedAt: start }), completedAt: end };
}

function shown({ url }: PostedCheckRun, told: Told): Published {
  return { places: [url], links: { checkRun: url }, ...told };
}

type Told = Pick<Published, 'problems' | 'overruled'>;

type Made = Readonly<{ runs: CheckRuns; made: PostedCheckRun; documents: Documents }>;

/**
 * The newest check run of a name is the one that counts. Made first and looked around after: of two jobs that end together, at least the later one
 * sees the other. The newest of every slot shows the worst of their own verdicts, so that it is the same one whichever counts.
 */
async function letWorstShow({ runs, made, documents }: Made): Promise<Told> {
  const check = documents.checkRunHead();
  try {
    const newest = newestOfSlots([made, ...(await runs.list(check.name)).filter(({ id }) => id !== made.id)]);
    const worst = newest.filter(({ own }) => newest.every((other) => rank(own) >= rank(other.own)));
    for (const one of newest) {
      const head = one.run.id === made.id ? check : ownHead(one, check.name);
      const mended = mend(one, { head, worst, documents });
      if (mended !== undefined) await runs.update(one.run.id, mended);
    }
    return overruledBy(worst, check.conclusion);
  } catch (error) {
    if (!(error instanceof AuditError)) throw error;
    return { problems: [{ code: 'CHECK_UNSURE', message: `Whether the checks named ${check.name} of this commit show the worst of its audits is not known: ${error.message}` }] };
  }
}

function overruledBy([worst]: readonly Judged[], own: Conclusion): Told {
  return worst === undefined || rank(worst.own) <= rank(own) ? {} : { overruled: { conclusion: worst.own, url: worst.run.url } };
}

/** A check run with what its own audit concluded, which may not be what it shows. */
type Judged = Readonly<{ run: PostedCheckRun; own: Conclusion }>;

/** Newest first. What is not ours has its own name by its own choice. */
function newestOfSlots(all: readonly PostedCheckRun[]): readonly Judged[] {
  const newest = new Map<string, Judged>();
  for (const run of all.toSorted((a, b) => b.id - a.id)) {
    const [owner, version, slot, own] = run.externalId.split(':');
    if (`${owner}:${version}` !== OURS || slot === undefined || own === undefined || newest.has(slot)) continue;
    newest.set(slot, { run, own: conclusionOf(own) });
  }
  return [...newest.values()];
}

/** As it said before it was overruled. */
function ownHead({ run, own }: Judged, name: string): CheckRunHead {
  return { name, conclusion: own, ...(readOverruled(run.summary)?.own ?? { title: run.title, summary: run.summary }) };
}

type Judgement = Readonly<{ head: CheckRunHead; worst: readonly Judged[]; documents: Documents }>;

/** `undefined`: it shows what it should. */
function mend({ run, own }: Judged, { head, worst, documents }: Judgement): CheckRunHead | undefined {
  const [first] = worst;
  const by = readOverruled(run.summary)?.url;
  if (first === undefined || rank(own) === rank(first.own)) return run.conclusion === own && by === undefined ? undefined : head;
  if (run.conclusion === first.own && worst.some(({ run: { url } }) => url === by)) return undefined;
  return documents.overruled({ conclusion: first.own, url: first.run.url }, head);
}

/** A word that we do not write is no pass. */
function conclusionOf(word: string): Conclusion {
  return word === 'success' || word === 'neutral' ? word : 'failure';
}

function rank(conclusion: Conclusion): number {
  return { success: 0, neutral: 1, failure: 2 }[conclusion];
}
