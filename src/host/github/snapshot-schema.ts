/** The shapes of GraphQL answers about files and pull requests. */
import * as z from 'zod/mini';

export const ObjectIdSchema = z.string().check(z.regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/));
const place = { mode: z.int(), type: z.string(), oid: ObjectIdSchema };

/** An empty `object`: something else than what was asked for. */
export const FileEntrySchema = z.object({
  ...place,
  object: z.nullable(z.object({ byteSize: z.optional(z.int()), isTruncated: z.optional(z.boolean()), text: z.optional(z.nullable(z.string())) })),
});
export const FolderEntrySchema = z.object({
  ...place,
  object: z.optional(z.nullable(z.object({ entries: z.optional(z.nullable(z.array(z.object({ name: z.string() })))) }))),
});

/** `fullDatabaseId`: numbers of comments have outgrown the 32 bits of `databaseId`; they come as text. */
export const CommentNodeSchema = z.object({ fullDatabaseId: z.union([z.string(), z.number()]), body: z.string(), viewerDidAuthor: z.boolean(), url: z.string() });
export const CommentPageSchema = z.object({
  pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.nullable(z.string()) }),
  nodes: z.nullable(z.array(z.nullable(CommentNodeSchema))),
});
export type CommentPageAnswer = z.infer<typeof CommentPageSchema>;

export const PullSchema = z.object({
  headRefOid: ObjectIdSchema,
  baseRefName: z.string(),
  state: z.enum(['OPEN', 'CLOSED', 'MERGED']),
  locked: z.boolean(),
  changedFiles: z.int(),
  comments: CommentPageSchema,
});
