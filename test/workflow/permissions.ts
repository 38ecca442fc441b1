/** What a job's token may do: the job's `permissions`, else the workflow's, less what the event allows. */
import type { WorkflowEvent } from './event-filter.ts';
import type { JobPlan } from './job-state.ts';
import type { PermissionsAsked } from './workflow-file.ts';

/** https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#permissions */
const SCOPES = [
  'actions', 'attestations', 'checks', 'contents', 'deployments', 'discussions', 'id-token', 'issues', 'models', 'packages', 'pages', 'pull-requests', 'repository-projects', 'security-events', 'statuses',
] as const;
const DEPENDABOT_EVENTS = ['create', 'deployment', 'deployment_status', 'pull_request', 'pull_request_review', 'pull_request_review_comment', 'push'];

export type Access = 'read' | 'write' | 'none';
export type Permissions = Readonly<Record<(typeof SCOPES)[number], Access>>;

export function grantedPermissions({ job, workflow, request: { defaultPermissions, event, actor } }: JobPlan): Permissions {
  const asked = job.permissions ?? workflow.permissions ?? (defaultPermissions === 'write' ? 'write-all' : { contents: 'read', packages: 'read' });
  // Read-only by default; what the workflow itself asks for is granted.
  const asksForNothing = job.permissions === undefined && workflow.permissions === undefined;
  const readOnly = isFromFork(event) || (asksForNothing && actor === 'dependabot[bot]' && DEPENDABOT_EVENTS.includes(event.name));
  const entries = SCOPES.map((scope) => {
    const access = accessOf(asked, scope);
    return [scope, readOnly && access === 'write' ? lowered(scope) : access] as const;
  });
  return Object.fromEntries(entries) as Permissions;
}

function accessOf(asked: PermissionsAsked, scope: (typeof SCOPES)[number]): Access {
  // `id-token` knows no reading, and models no writing.
  if (asked === 'read-all') return scope === 'id-token' ? 'none' : 'read';
  if (asked === 'write-all') return scope === 'models' ? 'read' : 'write';
  return asked[scope] ?? 'none';
}

function lowered(scope: string): Access {
  return scope === 'id-token' ? 'none' : 'read';
}

/** https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows#workflows-in-forked-repositories */
function isFromFork({ name, payload }: WorkflowEvent): boolean {
  if (name !== 'pull_request') return false;
  const pull = payload['pull_request'] as { head?: { repo?: { full_name?: string } | null }; base?: { repo?: { full_name?: string } } } | undefined;
  return pull?.head?.repo?.full_name !== pull?.base?.repo?.full_name;
}
