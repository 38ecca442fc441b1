/** A process that writes to a log store: started by the tests, with one JSON argument, and told by it at which step to die. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { localLogStore } from '../../../src/host/local/log-store.ts';
import type { FileWrite } from '../../../src/host/ports.ts';
import { namedCommits, type NamedStore } from '../named-commits.ts';

export type StoreTask = Readonly<{
  root: string;
  gitDir: string;
  /** The entry that is appended to the log; its data files are named after it. */
  entry: string;
  /** Killed by itself in this step of the commit, counted from 1; 0: never. */
  dieAt: number;
  /** Begins when this file appears. */
  signal?: string;
}>;

const LOG = 'docs/LOG.md';
const LEDGER = 'docs/audit/ledger.ndjson';

/** Appends to the log and to the ledger beside it, and writes a record, until it has met no other writer. */
export async function appendEntry(store: NamedStore, entry: string): Promise<void> {
  for (;;) {
    const { head, files } = await store.read([LOG, LEDGER]);
    const append = (path: string): FileWrite => ({ path, bytes: Buffer.concat([files.get(path) ?? Buffer.alloc(0), Buffer.from(`${entry}\n`)]) });
    const record: FileWrite = { path: `docs/audit/runs/${entry}.json`, bytes: Buffer.from(`{"run":"${entry}"}\n`), once: true };
    if ((await store.commit(head, [append(LOG), record, append(LEDGER)])).state === 'committed') return;
    await pause(Math.random() * 50);
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((done) => { setTimeout(done, milliseconds); });
}

function mortalStore({ root, gitDir, dieAt }: StoreTask): NamedStore {
  let steps = 0;
  const step = (): void => {
    steps += 1;
    if (steps === dieAt) process.kill(process.pid, 'SIGKILL');
  };
  return namedCommits(localLogStore({ root, gitDir, random: (bytes) => randomBytes(bytes).toString('hex'), wait: pause, step }), 'Record RUN-001');
}

const [, program, argument] = process.argv;
if (program === fileURLToPath(import.meta.url) && argument !== undefined) {
  const task = JSON.parse(argument) as StoreTask;
  while (task.signal !== undefined && !existsSync(task.signal)) await pause(2);
  await appendEntry(mortalStore(task), task.entry);
}
