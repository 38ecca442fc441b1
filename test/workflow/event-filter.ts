/** Whether an event starts a workflow: its name, type, branch, tag and paths against `on:`. */
import { NotSupportedYet, WorkflowError } from './errors.ts';
import type { Value } from './expression.ts';
import type { Filter, Workflow } from './workflow-file.ts';

export type WorkflowEvent = Readonly<{ name: string; payload: { readonly [key: string]: Value } }>;
/** `changedPaths` is needed where `on:` filters by path. */
export type Occasion = Readonly<{ event: WorkflowEvent; ref: string; changedPaths?: readonly string[] }>;

/** Where `types` is not given. https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows */
const DEFAULT_TYPES: ReadonlyMap<string, readonly string[]> = new Map([
  ['pull_request', ['opened', 'synchronize', 'reopened']], ['pull_request_target', ['opened', 'synchronize', 'reopened']],
]);
const TARGETED = ['pull_request', 'pull_request_target'];

export function startsWorkflow(on: Workflow['on'], occasion: Occasion): boolean {
  const { name, payload } = occasion.event;
  const filter = on.get(name);
  if (filter === undefined) return false;
  const types = filter?.types ?? DEFAULT_TYPES.get(name);
  if (types !== undefined && !types.includes(textAt(payload, 'action'))) return false;
  return filter === null || (fitsRef(filter, occasion) && fitsPaths(filter, occasion) && fitsWorkflow(filter, occasion));
}

function fitsRef(filter: NonNullable<Filter>, { event, ref }: Occasion): boolean {
  if (event.name !== 'push') return fitsBranch(filter, branchOf(event));
  const tag = after(ref, 'refs/tags/');
  const [own, ownIgnore, other] = tag === undefined ? ['branches', 'branches-ignore', 'tags'] as const : ['tags', 'tags-ignore', 'branches'] as const;
  // A push of a tag does not meet a filter that speaks of branches alone, and the other way round.
  if (filter[own] === undefined && filter[ownIgnore] === undefined) return filter[other] === undefined && filter[`${other}-ignore`] === undefined;
  return chooses(tag ?? after(ref, 'refs/heads/') ?? ref, filter[own], filter[ownIgnore]);
}

function fitsBranch(filter: NonNullable<Filter>, branch: string | undefined): boolean {
  if (filter.branches === undefined && filter['branches-ignore'] === undefined) return true;
  if (branch === undefined) throw new NotSupportedYet('a branch filter for this event');
  return chooses(branch, filter.branches, filter['branches-ignore']);
}

function branchOf({ name, payload }: WorkflowEvent): string | undefined {
  if (TARGETED.includes(name)) return textAt(payload, 'pull_request', 'base', 'ref');
  if (name === 'merge_group') return after(textAt(payload, 'merge_group', 'base_ref'), 'refs/heads/');
  if (name === 'workflow_run') return textAt(payload, 'workflow_run', 'head_branch');
  return undefined;
}

function fitsPaths(filter: NonNullable<Filter>, { changedPaths }: Occasion): boolean {
  const { paths, 'paths-ignore': ignored } = filter;
  if (paths === undefined && ignored === undefined) return true;
  if (changedPaths === undefined) throw new NotSupportedYet('a path filter without `changedPaths`');
  return changedPaths.some((path) => chooses(path, paths, ignored));
}

function fitsWorkflow({ workflows }: NonNullable<Filter>, { event: { payload } }: Occasion): boolean {
  return workflows === undefined || workflows.includes(textAt(payload, 'workflow_run', 'name'));
}

function textAt(payload: WorkflowEvent['payload'], ...path: readonly string[]): string {
  let value: Value | undefined = payload;
  for (const key of path) value = typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as { readonly [key: string]: Value })[key] : undefined;
  if (typeof value !== 'string') throw new WorkflowError([`the event's payload has no ${path.join('.')}`]);
  return value;
}

function after(text: string, start: string): string | undefined {
  return text.startsWith(start) ? text.slice(start.length) : undefined;
}

/** The last pattern that matches decides; `!` takes out. */
function chooses(name: string, patterns: readonly string[] | undefined, ignored: readonly string[] | undefined): boolean {
  if (patterns === undefined) return !(ignored ?? []).some((pattern) => toRegExp(pattern).test(name));
  let chosen = false;
  for (const pattern of patterns) if (toRegExp(after(pattern, '!') ?? pattern).test(name)) chosen = !pattern.startsWith('!');
  return chosen;
}

/** https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#filter-pattern-cheat-sheet */
function toRegExp(pattern: string): RegExp {
  const source = pattern.replaceAll(/\*\*\/|\*\*|\*|\[[^\]]+\]|\\.|[?+]|[\\^$.|(){}[\]]/g, (part) => {
    if (part === '**/') return '(?:.*/)?';
    if (part === '**') return '.*';
    if (part === '*') return '[^/]*';
    return /^[?+]$|^\[.+\]$|^\\.$/.test(part) ? part : `\\${part}`;
  });
  return new RegExp(`^${source}$`);
}
