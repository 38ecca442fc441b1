/** Where an audit on GitHub is shown beside the log: check run, comment, job summary, files for later steps. */
import { gitHubCheckRuns } from '../host/github/check-runs.ts';
import type { GitHub } from '../host/github/client.ts';
import { gitHubComments } from '../host/github/comments.ts';
import { checkSlot, type JobSlot } from '../host/github/entry-key.ts';
import type { GitHubRun } from '../host/github/event.ts';
import type { Snapshot } from '../host/github/snapshot.ts';
import { localFolder } from '../host/local/folder.ts';
import { encodeJson } from '../host/terminal.ts';
import type { World } from '../host/world.ts';
import type { Options } from '../options.ts';
import { checkRunPublisher } from '../publish/check-run.ts';
import { commentPublisher } from '../publish/comment.ts';
import { filesPublisher } from '../publish/files.ts';
import { folderPublisher } from '../publish/folder.ts';
import type { Publishable, Publisher } from '../publish/publisher.ts';
import { summaryPublisher } from '../publish/summary.ts';
import { recordJson } from './record-json.ts';

export type SinksRequest = Readonly<{ world: World; run: GitHubRun; client: GitHub; options: Options; snapshot: Snapshot; key: string; slot: JobSlot; temporary: string }>;

/** The check run first: the comment links it. A token that may only read, and a dry run, leave the summary. */
export function gitHubPublishers(request: SinksRequest): Publisher[] {
  const { world, options, run, temporary } = request;
  const writes = run.readOnly !== 'fork' && !options.dryRun;
  return [
    ...(writes && options.checkRun ? [checkRunOf(request)] : []),
    ...(writes ? commentOf(request) : []),
    summaryPublisher(),
    filesPublisher(localFolder(temporary, world.cwd), (what) => `${encodeJson(wholeRun(what))}\n`),
    ...(options.outputDir === null ? [] : [folderPublisher(localFolder(options.outputDir, world.cwd))]),
  ];
}

function checkRunOf({ client, run, key, slot }: SinksRequest): Publisher {
  const runs = gitHubCheckRuns({ client, commit: run.commit });
  return checkRunPublisher({ runs, slot: () => checkSlot(slot, key), key });
}

function commentOf({ client, run, options, snapshot }: SinksRequest): Publisher[] {
  if (run.pullRequest === null || options.comment === 'off') return [];
  const thread = gitHubComments({ client, pull: run.pullRequest.number, first: snapshot.pull?.comments ?? null });
  return [commentPublisher({ thread, rule: options.comment, commit: run.commit, before: snapshot.pull })];
}

/** All that is known, so that a run which could not be recorded is not lost. */
function wholeRun(what: Publishable): unknown {
  return { ...recordJson(what, what.audit.run.problems), run: what.audit.run };
}
