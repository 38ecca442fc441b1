/** The check runs of one commit: completed in the call that makes them, so that none is ever left open. */
import { AuditError } from '../../errors.ts';
import type { Annotation, CheckRunDocument } from '../../model/documents.ts';
import type { CheckRunPost, CheckRuns, PostedCheckRun } from '../ports.ts';
import type { CheckRun } from './answers.ts';
import type { GitHub } from './client.ts';
import type { CheckRunBody } from './client-calls.ts';
import { onceOnly, repeatable } from './once-only.ts';

export type GitHubCheckRunsOptions = Readonly<{ client: GitHub; commit: string }>;

/** One request takes so many (REST, checks/create). */
const ANNOTATIONS_AT_ONCE = 50;

export function gitHubCheckRuns({ client, commit }: GitHubCheckRunsOptions): CheckRuns {
  // A later update would drop the text if it did not say it again.
  const texts = new Map<number, string>();
  /** Made by the app that makes ours, once one of ours tells which. */
  let app: string | undefined;
  const listAll = async (name: string): Promise<readonly CheckRun[]> => allPages(client, { commit, name });
  const note = (run: CheckRun): CheckRun => {
    app ??= appOf(run);
    return run;
  };
  return {
    async list(name) {
      const runs = await listAll(name);
      for (const { id, output: { text } } of runs) if (typeof text === 'string') texts.set(id, text);
      return runs.filter((run) => app === undefined || appOf(run) === app).sort((a, b) => b.id - a.id).map(posted);
    },
    async create(check) {
      const find = async (): Promise<CheckRun | undefined> => (await listAll(check.name)).find((run) => run.external_id === check.externalId);
      const made = note(await onceOnly(() => client.createCheckRun(createBody(commit, check)), find));
      texts.set(made.id, check.text);
      await addAnnotations({ client, check, id: made.id, find });
      return posted(made);
    },
    async update(id, { conclusion, title, summary }) {
      const text = texts.get(id);
      const output = { title, summary, ...(text === undefined ? {} : { text }) };
      return posted(await repeatable(() => client.updateCheckRun(id, { status: 'completed', conclusion, output })));
    },
  };
}

function appOf({ app }: CheckRun): string | undefined {
  return app === undefined || app === null ? undefined : `${app.id} ${app.slug ?? ''}`;
}

/** GitHub keeps 1,000 of one name in a suite, and says so of the newest suites. */
const PAGES = 20;

async function allPages(client: GitHub, query: Readonly<{ commit: string; name: string }>): Promise<readonly CheckRun[]> {
  const runs: CheckRun[] = [];
  for (let page = 1; page <= PAGES; page += 1) {
    const { items, hasNext } = await client.checkRuns(query, page);
    runs.push(...items);
    if (!hasNext) return runs;
  }
  throw new AuditError('ANSWER_UNUSABLE', { message: `Reading the check runs of the commit: there is no end to those named ${query.name}, after ${runs.length} of them.` });
}

/** `details_url` is left out: GitHub ignores it for what a workflow makes. */
function createBody(commit: string, check: CheckRunPost): CheckRunBody {
  const { name, conclusion, externalId, startedAt, completedAt } = check;
  return {
    name, head_sha: commit, external_id: externalId, status: 'completed', conclusion, completed_at: completedAt,
    ...(startedAt === undefined ? {} : { started_at: startedAt }),
    output: outputOf(check, check.annotations.slice(0, ANNOTATIONS_AT_ONCE)),
  };
}

function outputOf({ title, summary, text }: CheckRunDocument, annotations: readonly Annotation[]): CheckRunBody {
  return { title, summary, text, annotations: annotations.map(annotationBody) };
}

function annotationBody({ path, line, level, title, message }: Annotation): CheckRunBody {
  return { path, start_line: line, end_line: line, annotation_level: level, title, message };
}

type Annotating = Readonly<{ client: GitHub; check: CheckRunPost; id: number; find(): Promise<CheckRun | undefined> }>;

/** GitHub adds them to those that are there: a batch that may have arrived is counted before it is sent again. */
async function addAnnotations({ client, check, id, find }: Annotating): Promise<void> {
  for (let from = ANNOTATIONS_AT_ONCE; from < check.annotations.length; from += ANNOTATIONS_AT_ONCE) {
    const batch = check.annotations.slice(from, from + ANNOTATIONS_AT_ONCE);
    await onceOnly(() => client.updateCheckRun(id, { output: outputOf(check, batch) }), async () => {
      const seen = await find();
      return (seen?.output.annotations_count ?? 0) >= from + batch.length ? seen : undefined;
    });
  }
}

function posted({ id, html_url: url, conclusion, external_id: externalId, output, started_at: startedAt }: CheckRun): PostedCheckRun {
  return { id, url: url ?? '', conclusion, externalId: externalId ?? '', title: output.title ?? '', summary: output.summary ?? '', startedAt: startedAt ?? '' };
}
