/** What the loopback GitHub is made of: its state, and what tests tell it to do. */
import type { GitObjects } from './git-objects.ts';
import type { GitRefs } from './git-refs.ts';

export type Access = 'read' | 'write' | 'none';
export type Permission = 'contents' | 'pull-requests' | 'issues' | 'checks' | 'actions';
export type Permissions = Readonly<Record<Permission, Access>>;
export type Identity = Readonly<{ login: string; app: string; permissions: Permissions }>;

export type PullState = Readonly<{ number: number; headSha: string; baseSha: string; mergeSha: string }>;
export type Pull = { number: number; head: string; base: string; headRepository: string; headSha: string; baseSha: string; mergeSha: string; state: 'open' | 'closed' | 'merged'; locked: boolean };
export type CommentState = { id: number; pull: number; body: string; login: string; app: string; createdAt: string; updatedAt: string };
export type AnnotationState = Readonly<{ path: string; start_line: number; end_line: number; annotation_level: string; title?: string; message: string }>;
export type CheckRunState = {
  id: number; name: string; headSha: string; externalId: string; status: string; conclusion: string | null; startedAt: string | null; completedAt: string | null;
  title: string | null; summary: string | null; text: string | null; annotations: AnnotationState[]; app: string;
};
export type StepState = Readonly<{ name: string; number: number; status: 'queued' | 'in_progress' | 'completed'; conclusion: string | null; started_at: string | null; completed_at: string | null }>;
export type JobState = Readonly<{
  id: number; runId: number; attempt: number; name: string; headSha: string; status: 'queued' | 'in_progress' | 'completed'; conclusion: string | null;
  startedAt: string; completedAt: string | null; runnerName: string; steps: readonly StepState[];
}>;

/** As GitHub has them; a test that needs to meet one sets a smaller one. Texts are counted in bytes of UTF-8: GitHub says characters, and the stricter reading holds for both. */
export type Limits = Readonly<{
  commentCharacters: number; checkCharacters: number; annotations: number; blobText: number; pullFiles: number; compareFiles: number; commitBytes: number; pageSize: number;
  /** Writes of one account in any minute and in any hour before the secondary limit answers. */
  writesPerMinute: number;
  writesPerHour: number;
  /** Of one account, for REST and for GraphQL each. */
  requestsPerHour: number;
}>;

export type When = Readonly<{ method?: string; path?: RegExp; graphql?: RegExp; /** From 1, of those that match. */ nth?: number; times?: number }>;
export type Then = Readonly<
  | { kind: 'reply'; status: number; headers?: Readonly<Record<string, string>>; body?: unknown }
  | { kind: 'drop-before' }
  | { kind: 'apply-then-drop' }
  | { kind: 'apply-then-reply'; status: number }
  | { kind: 'hang' }
  | { kind: 'apply-then-hang' }
  | { kind: 'truncate' }
  | { kind: 'stale-read' }
  | { kind: 'do'; run(): Promise<void> }
>;
export type Fault = Readonly<{ when: When; then: Then }>;

/** `path` with its query; `operation`: the text of a GraphQL request. */
export type Exchange = Readonly<{ method: string; path: string; operation: string | null; login: string | null; status: number; variables: Readonly<Record<string, unknown>> | null }>;

/** What a read sees of branches: what they are, or what they were before they last moved. */
export type View = 'now' | 'trailing';

export type Asked = Readonly<{ method: string; path: string; query: URLSearchParams; body: unknown; accept: string; who: Identity; view: View }>;
export type Answer = Readonly<{ status: number; body?: unknown; raw?: Uint8Array; headers?: Readonly<Record<string, string>> }>;

export type Protection = Readonly<{ pattern: string; message: string }>;

export type State = {
  readonly objects: GitObjects;
  readonly refs: GitRefs;
  readonly owner: string;
  readonly name: string;
  readonly repositoryId: number;
  readonly limits: Limits;
  readonly now: () => Date;
  origin: string;
  defaultBranch: string;
  readonly pulls: Map<number, Pull>;
  readonly comments: CommentState[];
  readonly checkRuns: CheckRunState[];
  readonly jobs: Map<number, JobState>;
  readonly protections: Protection[];
  nextId(): number;
  /** One move of a ref at a time. */
  alone<T>(work: () => Promise<T>): Promise<T>;
};

/** An answer that is an error, thrown from wherever it is found. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly answer: Answer;

  constructor(status: number, message: string, { headers, errors }: Readonly<{ headers?: Readonly<Record<string, string>>; errors?: unknown }> = {}) {
    super(message);
    const body = { message, ...(errors === undefined ? {} : { errors }), documentation_url: 'https://docs.github.com/rest', status: String(status) };
    this.answer = { status, body, ...(headers === undefined ? {} : { headers }) };
  }
}

export type Needs = Readonly<Partial<Record<Permission, 'read' | 'write'>>>;

/** One of several is enough. */
export function isAllowed({ permissions }: Identity, needed: Needs): boolean {
  const names = neededNames(needed);
  return names.length === 0 || names.some((name) => permissions[name] === 'write' || (permissions[name] === 'read' && needed[name] === 'read'));
}

/** As the header `x-accepted-github-permissions` has it: alternatives between `;`. */
export function acceptedPermissions(needed: Needs): string {
  return neededNames(needed).map((name) => `${name.replace('-', '_')}=${needed[name] ?? 'read'}`).join('; ');
}

function neededNames(needed: Needs): readonly Permission[] {
  return PERMISSIONS.filter((name) => needed[name] !== undefined);
}

const PERMISSIONS: readonly Permission[] = ['actions', 'checks', 'contents', 'issues', 'pull-requests'];

/** How GitHub words it for the token of an app. */
export const NOT_ACCESSIBLE = 'Resource not accessible by integration';
