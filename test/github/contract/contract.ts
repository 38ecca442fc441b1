/** The contract: every request and answer of REST against GitHub's own description of its API. */
import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';

type Json = Readonly<Record<string, unknown>>;
export type Operation = Readonly<{ method: string; path: string; request: Json | null; responses: Readonly<Record<string, Json | null>> }>;

const SUBSET = JSON.parse(readFileSync(new URL('openapi-subset.json', import.meta.url), 'utf8')) as Readonly<{ operations: readonly Operation[]; schemas: Readonly<Record<string, Json>> }>;

/** Statuses that GitHub sends on any operation and describes on few. */
const ANYWHERE = new Set(['401', '403', '404', '409', '422', '429', '500', '502', '503', '504']);

/** OpenAPI 3.0 says `nullable` where JSON Schema says a type more. */
function toJsonSchema(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toJsonSchema);
  if (typeof value !== 'object' || value === null) return value;
  const { nullable, $ref, ...rest } = Object.fromEntries(Object.entries(value).map(([key, one]) => [key, toJsonSchema(one)]));
  const schema = typeof $ref === 'string' ? { $ref: $ref.replace('#/schemas/', 'github#/$defs/') } : rest;
  if (nullable !== true) return schema;
  if (typeof rest['type'] === 'string' && typeof $ref !== 'string') return { ...rest, type: [rest['type'], 'null'], ...(Array.isArray(rest['enum']) ? { enum: [...rest['enum'], null] } : {}) };
  return { anyOf: [schema, { type: 'null' }] };
}

const ajv = new Ajv({ strict: false, allErrors: false, validateFormats: true });
formats.default(ajv);
ajv.addSchema({ $id: 'github', $defs: toJsonSchema(SUBSET.schemas) as Json });

const compiled = new Map<Json, ValidateFunction>();
function validator(schema: Json): ValidateFunction {
  const known = compiled.get(schema);
  if (known !== undefined) return known;
  const made = ajv.compile(toJsonSchema(schema) as Json);
  compiled.set(schema, made);
  return made;
}

const PATTERNS = SUBSET.operations.map((operation) => ({
  operation,
  // The last parameter of these may hold slashes.
  pattern: new RegExp(`^${operation.path.replace(/\{(?:ref|path|basehead)\}/g, '.+').replace(/\{[a-z_]+\}/g, '[^/]+')}$`),
}));

/** `undefined`: the description has no such operation, or the double does not know it. */
export function describedOperation(method: string, path: string): Operation | undefined {
  return PATTERNS.find(({ operation, pattern }) => operation.method === method && pattern.test(path))?.operation;
}

/** What in a request breaks the description. */
export function requestViolations({ method, path, request }: Operation, body: unknown): string[] {
  return request === null ? [] : faults(request, body ?? {}, `request of ${method} ${path}`);
}

/** What in an answer breaks the description. */
export function answerViolations(operation: Operation, status: number, body: unknown): string[] {
  const { method, path, responses } = operation;
  const described = responses[String(status)];
  if (described === undefined) return ANYWHERE.has(String(status)) ? [] : [`${method} ${path} answers no ${status}`];
  return described === null || isUnsatisfiable(operation, status) ? [] : faults(described, body, `answer ${status} of ${method} ${path}`);
}

/** The 409 of writing contents is described as exactly one of two schemas that both accept everything. */
function isUnsatisfiable({ path }: Operation, status: number): boolean {
  return status === 409 && path.endsWith('/contents/{path}');
}

function faults(schema: Json, value: unknown, where: string): string[] {
  const validate = validator(schema);
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message, params }) => `${where}: ${instancePath} ${message ?? ''} ${JSON.stringify(params)}`);
}

/** The answer with whatever else the description requires of it, by the plainest value there is: what a test looks at is given, the rest has the right shape. */
export function completed(schemaName: string, given: Readonly<Record<string, unknown>>): unknown {
  return filled({ $ref: `#/schemas/${schemaName}` }, given, 0);
}

function filled(schema: Json, given: unknown, depth: number): unknown {
  const { $ref, allOf, anyOf, oneOf, properties, items, ...own } = schema;
  if (typeof $ref === 'string') return filled(SUBSET.schemas[$ref.replace('#/schemas/', '')] ?? {}, given, depth);
  if (given === null || (given === undefined && own['nullable'] === true)) return null;
  if (properties === undefined) {
    if (Array.isArray(allOf)) return (allOf as Json[]).reduce<unknown>((value, part) => filled(part, value, depth), given);
    const choice = firstOf(anyOf) ?? firstOf(oneOf);
    if (choice !== undefined && own['type'] === undefined) return filled(choice, given, depth);
  }
  if (properties !== undefined || own['type'] === 'object') return filledFields(schema, (given ?? {}) as Json, depth);
  if (own['type'] === 'array' && Array.isArray(given)) return given.map((one) => filled((items ?? {}) as Json, one, depth + 1));
  return given ?? plainest(own);
}

function firstOf(choices: unknown): Json | undefined {
  return Array.isArray(choices) ? choices[0] as Json : undefined;
}

function filledFields({ properties, required }: Json, fields: Json, depth: number): unknown {
  const known = (properties ?? {}) as Readonly<Record<string, Json>>;
  const names = [...new Set([...(Array.isArray(required) ? required as string[] : []), ...Object.keys(fields)])];
  return Object.fromEntries(names.map((name) => [name, known[name] === undefined || depth > 8 ? fields[name] : filled(known[name], fields[name], depth + 1)]));
}

function plainest({ type, format, enum: values }: Json): unknown {
  if (Array.isArray(values)) return values[0];
  switch (type) {
    case 'string': return format === 'date-time' ? '2026-01-01T00:00:00Z' : format === 'uri' ? 'https://example.org/' : '';
    case 'integer': case 'number': return 0;
    case 'boolean': return false;
    case 'array': return [];
    default: return {};
  }
}
