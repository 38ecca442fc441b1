/** What the log branch holds at its head; where there is no such branch, what the default branch has to begin one with. */
import * as z from 'zod/mini';
import { AuditError } from '../../errors.ts';
import { notRegularReason, type TreeEntry } from './blob.ts';
import type { GitHub } from './client.ts';
import { fileFields, filesFound, type FilesAsked, type FilesFound } from './snapshot-files.ts';
import { FileEntrySchema, ObjectIdSchema } from './snapshot-schema.ts';

/** `logPath`: looked for on the default branch too. */
export type LogAsked = FilesAsked & Readonly<{ branch: string; logPath: string }>;

export type LogView = Readonly<{
  asked: LogAsked;
  /** `null`: there is no such branch. */
  found: FilesFound | null;
  /** The log of the default branch. */
  seed: TreeEntry | AuditError | null;
}>;

export function logDeclarations(asked: LogAsked): string {
  return ['$branch: String!', '$seed: String!', fileFields(asked).declarations].filter((part) => part !== '').join(', ');
}

/** Fields of the repository. */
export function logFields(asked: LogAsked): string {
  const seed = 'defaultBranchRef { name target { oid ... on Commit { seed: file(path: $seed) { mode type oid object { ... on Blob { byteSize } } } } } }';
  return `${seed} log: ref(qualifiedName: $branch) { target { oid ... on Commit { ${fileFields(asked).fields} } } }`;
}

export function logVariables(asked: LogAsked): Readonly<Record<string, string>> {
  return { branch: `refs/heads/${asked.branch}`, seed: asked.logPath, ...fileFields(asked).variables };
}

const DefaultBranchSchema = z.nullable(z.object({
  name: z.string(),
  target: z.nullable(z.object({ oid: ObjectIdSchema, seed: z.optional(z.nullable(FileEntrySchema)) })),
}));

export function logSchema(asked: LogAsked) {
  return z.object({ defaultBranchRef: DefaultBranchSchema, log: z.nullable(z.object({ target: z.nullable(fileFields(asked).schema) })) });
}

/** From an answer that the schema has accepted. */
export function logView(asked: LogAsked, { log, defaultBranchRef }: z.infer<ReturnType<typeof logSchema>>): LogView {
  const target = log?.target ?? null;
  return { asked, found: target === null ? null : filesFound(asked, target), seed: seedOf(asked, defaultBranchRef?.target?.seed ?? null) };
}

function seedOf({ logPath }: LogAsked, entry: TreeEntry | null): TreeEntry | AuditError | null {
  const reason = entry === null ? null : notRegularReason(entry);
  if (reason === null) return entry;
  return new AuditError('LOG_NOT_REGULAR', { message: `${logPath} on the default branch cannot be what the log begins with: ${reason}.`, path: logPath });
}

/** One query holds so many files. */
const FILES_AT_ONCE = 50;

/** The branch as it is now. Throws GitHubFault, LOG_PATH. */
export async function readLog(client: GitHub, asked: LogAsked): Promise<LogView> {
  const first = { ...asked, files: asked.files.slice(0, FILES_AT_ONCE) };
  const text = `query Log($owner: String!, $name: String!, ${logDeclarations(first)}) { repository(owner: $owner, name: $name) { ${logFields(first)} } }`;
  const { owner, name } = client;
  const { repository } = await client.graphql(
    { name: `Reading the branch ${asked.branch}`, kind: 'read', permission: 'contents: read', text, variables: { owner, name, ...logVariables(first) } },
    z.object({ repository: logSchema(first) }),
  );
  const view = logView(first, repository);
  const rest = asked.files.slice(FILES_AT_ONCE);
  if (view.found === null || rest.length === 0) return { ...view, asked };
  return { ...view, asked, found: joined(view.found, await readFilesAt(client, view.found.commit, { files: rest })) };
}

/** What a commit holds. Throws GitHubFault, LOG_PATH, and NOT_FOUND_ON_GITHUB for a commit that is not there. */
export async function readFilesAt(client: GitHub, commit: string, asked: FilesAsked): Promise<FilesFound> {
  const found = await filesAt(client, commit, { ...asked, files: asked.files.slice(0, FILES_AT_ONCE) });
  const rest = asked.files.slice(FILES_AT_ONCE);
  return rest.length === 0 ? found : joined(found, await readFilesAt(client, commit, { files: rest }));
}

async function filesAt(client: GitHub, commit: string, asked: FilesAsked): Promise<FilesFound> {
  const { declarations, fields, variables, schema } = fileFields(asked);
  const text = `query Files($owner: String!, $name: String!, $commit: GitObjectID!, ${declarations}) { repository(owner: $owner, name: $name) { commit: object(oid: $commit) { oid ... on Commit { ${fields} } } } }`;
  const { owner, name } = client;
  const { repository } = await client.graphql(
    { name: `Reading files at ${commit.slice(0, 12)}`, kind: 'read', permission: 'contents: read', text, variables: { owner, name, commit, ...variables } },
    z.object({ repository: z.object({ commit: z.nullable(schema) }) }),
  );
  if (repository.commit === null) throw new AuditError('NOT_FOUND_ON_GITHUB', { message: `The commit ${commit.slice(0, 12)} is not in the repository.` });
  return filesFound(asked, repository.commit);
}

/** Of one commit, asked in parts. */
export function joined(a: FilesFound, b: FilesFound): FilesFound {
  return { commit: a.commit, entries: new Map([...a.entries, ...b.entries]), listings: new Map([...a.listings, ...b.listings]) };
}
