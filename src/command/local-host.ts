/** The local host of one call: the repository around the folder, its files, its log, and the options that hold there. */
import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readConfigFile } from '../collect/config-file.ts';
import { localFiles } from '../host/local/files.ts';
import { localFolder } from '../host/local/folder.ts';
import { localLogStore } from '../host/local/log-store.ts';
import { openLocalRepository } from '../host/local/repository.ts';
import type { DocumentFolder, FileSource, LogStore, Repository } from '../host/ports.ts';
import type { World } from '../host/world.ts';
import type { Inputs } from '../inputs.ts';
import { baselinePaths, readBaseline, type Baseline, type BaselineOf } from '../model/baseline.ts';
import { parseLogPath } from '../model/log-path.ts';
import { DEFAULT_CONFIG_PATH, mergeOptions, type Options } from '../options.ts';

export type LocalHost = Readonly<{
  repository: Repository;
  options: Options;
  /** Rooted where patterns start, and at the repository's top. */
  files: FileSource;
  sources: FileSource;
  folders: Readonly<{ root: string; cwd: string }>;
  store: LogStore;
  /** The data files beside the log as they were at the start, and the baseline in them. */
  data: ReadonlyMap<string, Uint8Array>;
  baseline: Baseline;
  outputFolder: DocumentFolder | null;
  wait(milliseconds: number): Promise<void>;
  random(): number;
}>;

/** Throws AuditError: no git, no repository, no commit, unusable configuration or ledger. */
export async function openLocalHost(inputs: Inputs, world: World): Promise<LocalHost> {
  const cwd = resolve(world.cwd, inputs['working-directory'] ?? '.');
  const repository = await openLocalRepository(cwd, world.env);
  const { root, gitDir } = repository.checkout;
  const files = localFiles(cwd);
  const sources = localFiles(root);
  const options = await readOptions(inputs, { files, sources });
  const store = localLogStore({ root, gitDir, random: world.randomHex, wait });
  const data = await readData({ store, repository, options });
  return {
    repository, options, files, sources, store, data,
    folders: { root, cwd: await realpath(cwd) },
    baseline: await readBaseline(data, baselineOf(repository, options)),
    outputFolder: options.outputDir === null ? null : localFolder(options.outputDir, world.cwd),
    wait,
    random: () => Number.parseInt(world.randomHex(4), 16) / 2 ** 32,
  };
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((done) => { setTimeout(done, milliseconds); });
}

/** A configuration that the caller names is looked for where patterns start, the default one at the repository's top. */
async function readOptions(inputs: Inputs, { files, sources }: Readonly<{ files: FileSource; sources: FileSource }>): Promise<Options> {
  const path = inputs.config ?? DEFAULT_CONFIG_PATH;
  const text = inputs.config === undefined ? await readConfigFile(sources, path, 'default') : await readConfigFile(files, path, 'named');
  // Most runs have no configuration file: what reads it is loaded only for those that do.
  const options = mergeOptions(inputs, text === null ? {} : (await import('../config.ts')).parseConfig(text, path));
  return { ...options, logPath: parseLogPath(options.logPath) };
}

function baselineOf(repository: Repository, options: Options): BaselineOf {
  const { branch, defaultBranch } = repository.checkout;
  return { logPath: options.logPath, auditName: options.name, branch, defaultBranch };
}

type DataPlace = Readonly<{ store: LogStore; repository: Repository; options: Options }>;

/** Without the log itself, which may be large and is read when the entry is planned. Throws what the store throws: data that cannot be read are no empty ledger. */
async function readData({ store, repository, options }: DataPlace): Promise<ReadonlyMap<string, Uint8Array>> {
  return (await store.read(baselinePaths(baselineOf(repository, options)))).files;
}
