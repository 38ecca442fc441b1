/** Files at one commit through GraphQL: the fields that ask for them, and what the answer says of each. */
import * as z from 'zod/mini';
import { AuditError } from '../../errors.ts';
import { pathFault } from '../../model/log-path.ts';
import { foldersAbove, notFolderReason, notRegularReason, type TreeEntry } from './blob.ts';
import { FileEntrySchema, FolderEntrySchema, ObjectIdSchema } from './snapshot-schema.ts';

/** `listings`: folders of which the names are asked for. */
export type FilesAsked = Readonly<{ files: readonly string[]; listings?: readonly string[] }>;

/** What a commit holds of what was asked for. */
export type FilesFound = Readonly<{
  commit: string;
  /** `null`: nothing is there. An error: what is there may not be read or replaced. */
  entries: ReadonlyMap<string, TreeEntry | AuditError | null>;
  /** Names in each folder; none where there is no such folder. */
  listings: ReadonlyMap<string, ReadonlySet<string>>;
}>;

/** Parts of a query for one commit. The text knows only how many there are: paths go as variables. */
export type FileFields = Readonly<{
  /** `$f0: String!, …` */
  declarations: string;
  /** Fields of a commit. */
  fields: string;
  variables: Readonly<Record<string, string>>;
  /** Of a git object that may be a commit. */
  schema: z.ZodMiniType<Readonly<Record<string, unknown>>>;
}>;

/** Of a tree entry: all that there is to read a file by. */
export const FILE_FIELDS = 'mode type oid object { ... on Blob { byteSize isTruncated text } }';

/** Throws LOG_PATH for a path that may not be used. */
export function fileFields(asked: FilesAsked): FileFields {
  const { files, folders, listings } = aliases(asked);
  for (const { path } of [...files, ...listings]) assertPath(path);
  const all = [...files, ...folders, ...listings];
  const shape = (named: readonly Alias[], schema: z.ZodMiniType): [string, z.ZodMiniType][] => named.map(({ alias }) => [alias, z.nullable(schema)]);
  return {
    declarations: all.map(({ alias }) => `$${alias}: String!`).join(', '),
    fields: [
      ...files.map(({ alias }) => `${alias}: file(path: $${alias}) { ${FILE_FIELDS} }`),
      ...folders.map(({ alias }) => `${alias}: file(path: $${alias}) { mode type oid }`),
      ...listings.map(({ alias }) => `${alias}: file(path: $${alias}) { mode type oid object { ... on Tree { entries { name } } } }`),
    ].join(' '),
    variables: Object.fromEntries(all.map(({ alias, path }) => [alias, path])),
    schema: z.object({ oid: ObjectIdSchema, ...Object.fromEntries([...shape(files, FileEntrySchema), ...shape(folders, FolderEntrySchema), ...shape(listings, FolderEntrySchema)]) }),
  };
}

type Alias = Readonly<{ alias: string; path: string }>;

function aliases({ files, listings = [] }: FilesAsked): Readonly<Record<'files' | 'folders' | 'listings', readonly Alias[]>> {
  const named = (letter: string, paths: readonly string[]): Alias[] => paths.map((path, at) => ({ alias: `${letter}${at}`, path }));
  const folders = [...new Set([...foldersAbove(files), ...foldersAbove(listings)])].filter((path) => !listings.includes(path));
  return { files: named('f', files), folders: named('d', folders), listings: named('l', listings) };
}

/** Throws LOG_PATH. */
export function assertPath(path: string): void {
  const fault = pathFault(path);
  if (fault !== null) throw new AuditError('LOG_PATH', { message: `The path ${JSON.stringify(path)} cannot be used: ${fault}.`, exitCode: 2 });
}

/**
 * Reads the answer to `fileFields(asked)`, which its schema has accepted. Of each path that is there and not a regular file, or lies below something that is no folder, it says so:
 * git follows no link, so that what lies below one is absent, but a write would put a folder in its place.
 */
export function filesFound(asked: FilesAsked, commit: Readonly<Record<string, unknown>>): FilesFound {
  const { files, folders, listings } = aliases(asked);
  const blocked = new Map([...folders, ...listings].flatMap(({ alias, path }): [string, string][] => {
    const entry = z.nullable(FolderEntrySchema).parse(commit[alias]);
    const reason = entry === null ? null : notFolderReason(entry);
    return reason === null ? [] : [[path, reason]];
  }));
  return {
    commit: ObjectIdSchema.parse(commit['oid']),
    entries: new Map(files.map(({ alias, path }) => [path, entryAt(path, commit[alias], blocked)])),
    listings: new Map(listings.flatMap(({ alias, path }): [string, ReadonlySet<string>][] => (blockAbove(`${path}/`, blocked) === null ? [[path, namesIn(commit[alias])]] : []))),
  };
}

function entryAt(path: string, value: unknown, blocked: ReadonlyMap<string, string>): TreeEntry | AuditError | null {
  const block = blockAbove(path, blocked);
  if (block !== null) return notRegular(path, block);
  const entry = z.nullable(FileEntrySchema).parse(value);
  const reason = entry === null ? null : notRegularReason(entry);
  return reason === null ? entry : notRegular(path, reason);
}

function blockAbove(path: string, blocked: ReadonlyMap<string, string>): string | null {
  const folder = foldersAbove([path]).find((one) => blocked.has(one));
  return folder === undefined ? null : `\`${folder}\` is no folder, ${blocked.get(folder)}`;
}

function namesIn(value: unknown): ReadonlySet<string> {
  const entry = z.nullable(FolderEntrySchema).parse(value);
  return new Set(entry?.object?.entries?.map(({ name }) => name));
}

function notRegular(path: string, reason: string): AuditError {
  return new AuditError('LOG_NOT_REGULAR', { message: `${path} cannot be the run log or a part of its data: ${reason}.`, path });
}
