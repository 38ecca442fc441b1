/** GraphQL: GitHub's own schema, executed over the repository. What the schema refuses is worded by its library, and all else as GitHub words it. */
import { readFileSync } from 'node:fs';
import { buildSchema, graphql, GraphQLError, GraphQLScalarType, type GraphQLSchema } from 'graphql';
import { createCommitOnBranch } from './graphql-commit.ts';
import { repository } from './graphql-read.ts';
import type { Answer, Asked, State } from './types.ts';

/** Of a request to `/graphql`. */
type GraphqlBody = Readonly<{ query: string; variables?: Readonly<Record<string, unknown>> | null; operationName?: string | null }>;

export function isGraphqlBody(body: unknown): body is GraphqlBody {
  return typeof body === 'object' && body !== null && 'query' in body && typeof body.query === 'string';
}

export function isMutation(query: string): boolean {
  return /^(?:\s|#[^\n]*)*mutation\b/.test(query);
}

let schema: GraphQLSchema | undefined;

/** Built once in a process: it is a quarter of a second's work. */
function gitHubSchema(): GraphQLSchema {
  if (schema !== undefined) return schema;
  schema = buildSchema(readFileSync(new URL('schema.graphql', import.meta.resolve('@octokit/graphql-schema')), 'utf8'), { assumeValid: true });
  for (const [name, isValid] of SCALARS) restrict(schema, name, isValid);
  return schema;
}

/** The description names them only. */
const SCALARS: readonly (readonly [string, (text: string) => boolean])[] = [
  ['GitObjectID', (text) => /^[0-9a-f]{40}$/.test(text)],
  ['Base64String', (text) => text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text)],
];

function restrict(within: GraphQLSchema, name: string, isValid: (text: string) => boolean): void {
  const type = within.getType(name);
  if (!(type instanceof GraphQLScalarType)) throw new Error(`the schema has no scalar ${name}`);
  type.coerceInputValue = (value) => {
    if (typeof value === 'string' && isValid(value)) return value;
    throw new GraphQLError(`Could not coerce value to ${name}`);
  };
}

const SHOWN = 1_000;

/** `broken` takes what goes against the schema: requests that it refuses, and answers that the double cannot give. */
export async function answerGraphql(state: State, { asked: { who, view }, body, broken }: Readonly<{ asked: Asked; body: GraphqlBody; broken: string[] }>): Promise<Answer> {
  const rootValue = { repository: (args: Args) => repository({ state, who, view }, args), createCommitOnBranch: (args: Args) => createCommitOnBranch(state, who, args) };
  const { query, variables, operationName } = body;
  const { data, errors } = await graphql({ schema: gitHubSchema(), source: query, rootValue, variableValues: { ...variables }, ...(typeof operationName === 'string' ? { operationName } : {}) });
  broken.push(...(errors ?? []).filter(({ extensions }) => typeof extensions['type'] !== 'string').map(({ message, path }) => `GraphQL ${path?.join('.') ?? 'request'}: ${message.slice(0, SHOWN)}`));
  // An answer to a request that was not carried out has no data.
  return { status: 200, body: { ...(data === undefined ? {} : { data }), ...(errors === undefined ? {} : { errors: errors.map(errorBody) }) } };
}

type Args = Readonly<Record<string, unknown>>;

/** GitHub's errors carry a type of their own. */
function errorBody({ message, path, locations, extensions: { type, ...extensions } }: GraphQLError): unknown {
  return { ...(type === undefined ? {} : { type }), ...(path === undefined ? {} : { path }), ...(Object.keys(extensions).length === 0 ? {} : { extensions }), locations, message };
}
