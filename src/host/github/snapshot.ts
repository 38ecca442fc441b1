/** The snapshot: in one query, all that is read from the repository before the evidence is looked at. */
import * as z from 'zod/mini';
import { AuditError } from '../../errors.ts';
import type { Problem } from '../../model/problem.ts';
import type { PullNow as PullState } from '../ports.ts';
import { notRegularReason, readBlob, type TreeEntry } from './blob.ts';
import type { GitHub } from './client.ts';
import type { GitHubRun } from './event.ts';
import type { GitHubFault } from './fault.ts';
import { FIRST_READ } from './fault-wait.ts';
import { logDeclarations, logFields, logSchema, logVariables, logView, type LogAsked, type LogView } from './snapshot-log.ts';
import { FILE_FIELDS } from './snapshot-files.ts';
import { FileEntrySchema, ObjectIdSchema, PullSchema, type CommentPageAnswer } from './snapshot-schema.ts';

/** A file at a commit that no one can move. */
export type FileAt = Readonly<{ commit: string; path: string }>;
export type SnapshotWant = Readonly<{
  log: LogAsked;
  config: FileAt | null;
  /** The workflow file, where it is in this repository. */
  workflow: FileAt | null;
}>;

/** A pull request as it is now, which may no longer be what the event says. */
export type PullNow = PullState & Readonly<{
  baseBranch: string;
  changedFiles: number;
  comments: CommentPageAnswer;
}>;

export type Snapshot = Readonly<{
  /** For `gitHubLogStore({ first })`, which reads it. */
  log: LogView;
  /** `null`: there is no such file at that commit. */
  config: string | null;
  workflow: string | null;
  /** The tree of the commit that the runner checked out. */
  testedTree: string;
  /** `null` for a repository without commits. */
  defaultHead: string | null;
  /** `null` without a pull request, and where it cannot be read: then with a problem. */
  pull: PullNow | null;
  problems: readonly Problem[];
}>;

type RunPlace = Pick<GitHubRun, 'tested' | 'pullRequest'>;

/** Throws GitHubFault, LOG_PATH, CONFIG_UNREADABLE. What the log branch holds is judged by whoever reads the log. */
export async function readSnapshot(client: GitHub, run: RunPlace, want: SnapshotWant): Promise<Snapshot> {
  const { text, variables, schema } = snapshotQuery(client, run, want);
  const { data, missing } = await client.graphqlParts({ name: 'Reading the repository', kind: 'read', permission: 'contents: read', patience: FIRST_READ, text, variables }, schema);
  const { repository } = data;
  const other = missing.find(({ path }) => !path.startsWith('repository.pull'));
  if (other !== undefined) throw other.fault;
  if (repository === null || repository.tested === null) throw unreadable(`the tested commit ${run.tested} is not in the repository`);
  const workflow = await readWorkflow(client, want.workflow, repository.workflow ?? null);
  return {
    log: logView(want.log, repository),
    config: await readConfig(client, want.config, repository.config ?? null),
    workflow: workflow.text,
    testedTree: repository.tested.tree.oid,
    defaultHead: repository.defaultBranchRef?.target?.oid ?? null,
    pull: toPull(repository.pull ?? null),
    problems: [...workflow.problems, ...missing.map(({ fault }) => pullProblem(fault))],
  };
}

const FileAtSchema = z.nullable(z.object({ oid: ObjectIdSchema, file: z.optional(z.nullable(FileEntrySchema)) }));
type FileAtAnswer = z.infer<typeof FileAtSchema>;

/** The text depends on how many paths and which parts there are, and on nothing else. */
function snapshotQuery({ owner, name }: Pick<GitHub, 'owner' | 'name'>, run: RunPlace, want: SnapshotWant) {
  const files = [...(want.config === null ? [] : [['config', want.config] as const]), ...(want.workflow === null ? [] : [['workflow', want.workflow] as const])];
  const pull = run.pullRequest === null ? [] : [run.pullRequest.number];
  const text = `query Snapshot($owner: String!, $name: String!, $tested: GitObjectID!, ${[
    logDeclarations(want.log),
    ...files.map(([part]) => `$${part}Commit: GitObjectID!, $${part}: String!`),
    ...pull.map(() => '$pull: Int!'),
  ].join(', ')}) { repository(owner: $owner, name: $name) { ${[
    logFields(want.log),
    'tested: object(oid: $tested) { oid ... on Commit { tree { oid } } }',
    ...files.map(([part]) => `${part}: object(oid: $${part}Commit) { oid ... on Commit { file(path: $${part}) { ${FILE_FIELDS} } } }`),
    ...pull.map(() => `pull: pullRequest(number: $pull) { headRefOid baseRefName state locked changedFiles comments(first: 100) { ${COMMENT_FIELDS} } }`),
  ].join(' ')} } }`;
  const variables = {
    owner, name, tested: run.tested, ...logVariables(want.log), ...Object.fromEntries(pull.map((number) => ['pull', number])),
    ...Object.fromEntries(files.flatMap(([part, at]) => [[part, at.path], [`${part}Commit`, at.commit]])),
  };
  const schema = z.object({ repository: z.nullable(z.extend(logSchema(want.log), {
    tested: z.nullable(z.object({ oid: ObjectIdSchema, tree: z.object({ oid: ObjectIdSchema }) })),
    config: z.optional(FileAtSchema),
    workflow: z.optional(FileAtSchema),
    pull: z.optional(z.nullable(PullSchema)),
  })) });
  return { text, variables, schema };
}

/** Fields of a page of comments. `viewerDidAuthor` says "ours" without knowing the name that we are signed in by. */
export const COMMENT_FIELDS = 'pageInfo { hasNextPage endCursor } nodes { fullDatabaseId body viewerDidAuthor url }';

const CONFIG_BYTES = 1_000_000;

async function readConfig(client: GitHub, at: FileAt | null, answer: FileAtAnswer): Promise<string | null> {
  if (at === null) return null;
  if (answer === null) throw configUnreadable(at, `the commit ${at.commit.slice(0, 12)} is not in the repository`);
  const entry = answer.file ?? null;
  if (entry === null) return null;
  const reason = notRegularReason(entry) ?? ((entry.object?.byteSize ?? 0) > CONFIG_BYTES ? `it has over ${CONFIG_BYTES} bytes` : null);
  if (reason !== null) throw configUnreadable(at, reason);
  return decode(await readBlob(client, at.path, entry)) ?? unreadableText(at);
}

function unreadableText(at: FileAt): never {
  throw configUnreadable(at, 'it is not valid UTF-8');
}

function configUnreadable({ commit, path }: FileAt, why: string): AuditError {
  return new AuditError('CONFIG_UNREADABLE', { message: `The configuration file ${path} cannot be read at the commit ${commit.slice(0, 12)}: ${why}.`, path, exitCode: 2 });
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** What a step ran is shown, and decides nothing: a workflow file that cannot be read is told. */
async function readWorkflow(client: GitHub, at: FileAt | null, answer: FileAtAnswer): Promise<Readonly<{ text: string | null; problems: readonly Problem[] }>> {
  const entry: TreeEntry | null = answer?.file ?? null;
  if (at === null || entry === null) return { text: null, problems: [] };
  const without = (why: string): Readonly<{ text: null; problems: readonly Problem[] }> => (
    { text: null, problems: [{ code: 'WORKFLOW_UNREADABLE', message: `The workflow file ${at.path} cannot be read (${why}): which command a step ran is not known.`, path: at.path }] }
  );
  const reason = notRegularReason(entry);
  if (reason !== null) return without(reason);
  try {
    const text = decode(await readBlob(client, at.path, entry));
    return text === null ? without('it is not valid UTF-8') : { text, problems: [] };
  } catch (error) {
    if (error instanceof AuditError) return without(error.message);
    throw error;
  }
}

function toPull(answer: z.infer<typeof PullSchema> | null): PullNow | null {
  if (answer === null) return null;
  const { headRefOid, baseRefName, state, locked, changedFiles, comments } = answer;
  return { headSha: headRefOid, baseBranch: baseRefName, state: PULL_STATES[state], locked, changedFiles, comments };
}

export const PULL_STATES = { OPEN: 'open', CLOSED: 'closed', MERGED: 'merged' } as const;

/** The right to read all else is there: what is missing is that of the pull request alone. */
function pullProblem({ code, message }: GitHubFault): Problem {
  const why = code === 'PERMISSION_MISSING' ? 'The token may not read it: add `pull-requests: write` to the `permissions` of the job.' : message;
  return { code, message: `The pull request as it is now is not known. ${why}` };
}

function unreadable(why: string): AuditError {
  return new AuditError('NOT_FOUND_ON_GITHUB', { message: `Reading the repository: ${why}, or the token may not see it.` });
}
