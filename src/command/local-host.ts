/** The local host of one call: the repository around the folder, its files, its log, and the options that hold there. */
import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readConfigFile } from '../collect/config-file.ts';
import { localFiles } from '../host/local/files.ts';
import { localFolder } from '../host/local/folder.ts';
import { localLogStore } from '../host/local/log-store.ts';
import { openLocalRepository } from '../host/local/repository.ts';
import type { FileSource } from '../host/ports.ts';
import { terminalStyles } from '../host/terminal.ts';
import type { World } from '../host/world.ts';
import type { Inputs } from '../inputs.ts';
import { baselinePaths, readBaseline } from '../model/baseline.ts';
import { NO_LINKS } from '../model/links.ts';
import { parseLogPath } from '../model/log-path.ts';
import { DEFAULT_CONFIG_PATH, mergeOptions, type Options } from '../options.ts';
import { folderPublisher } from '../publish/folder.ts';
import { terminalPublisher } from '../publish/terminal.ts';
import { baselineOf } from './data-files.ts';
import type { Host, HostContext } from './host.ts';
import { randomShare, wait } from './waiting.ts';

/** Between tries on a log that others write on the same machine. */
const RETRIES = { baseMs: 20, capMs: 2_000, tries: 12, deadlineMs: 600_000, settleMs: 0 };

/** Throws AuditError: no git, no repository, no commit, unusable configuration or ledger. */
export async function openLocalHost(inputs: Inputs, world: World): Promise<Host> {
  const cwd = resolve(world.cwd, inputs['working-directory'] ?? '.');
  const repository = await openLocalRepository(cwd, world.env);
  const { root, gitDir, commit, branch, defaultBranch } = repository.checkout;
  const files = localFiles(cwd);
  const sources = localFiles(root);
  const options = await readOptions(inputs, { files, sources });
  const store = localLogStore({ root, gitDir, random: world.randomHex, wait });
  const context: HostContext = { trigger: 'local', operator: options.operator ?? world.user ?? 'unknown', baselineBranch: branch ?? defaultBranch, keepsLedger: branch !== null };
  const beside = baselineOf({ context: { ...context, auditName: options.name, defaultBranch, commit }, logPath: options.logPath });
  // Without the log itself, which may be large and is read when the entry is planned.
  const { files: data } = await store.read(baselinePaths(beside));
  return {
    repository, options, files, sources, store, data, context,
    folders: { root, cwd: await realpath(cwd) },
    baseline: await readBaseline(data, beside),
    key: options.entryKey ?? `local-${world.randomHex(8)}`,
    job: () => null,
    links: NO_LINKS,
    problems: [],
    basePolicy: null,
    readSteps: ({ ends }) => Promise.resolve({ ends, problems: [] }),
    jobStartMs: null,
    readOnly: null,
    whenRefused: null,
    retries: RETRIES,
    wait,
    random: randomShare(world),
    clock: world.clock,
    entryLink: () => ({}),
    publishers: [
      ...(inputs.json === true ? [] : [terminalPublisher({ out: world.out, styles: terminalStyles(world.colours) })]),
      ...(options.outputDir === null ? [] : [folderPublisher(localFolder(options.outputDir, world.cwd))]),
    ],
    close() {},
  };
}

/** A configuration that the caller names is looked for where patterns start, the default one at the repository's top. */
async function readOptions(inputs: Inputs, { files, sources }: Readonly<{ files: FileSource; sources: FileSource }>): Promise<Options> {
  const path = inputs.config ?? DEFAULT_CONFIG_PATH;
  const text = inputs.config === undefined ? await readConfigFile(sources, path, 'default') : await readConfigFile(files, path, 'named');
  // Most runs have no configuration file: what reads it is loaded only for those that do.
  const options = mergeOptions(inputs, text === null ? {} : (await import('../config.ts')).parseConfig(text, path));
  return { ...options, logPath: parseLogPath(options.logPath) };
}
