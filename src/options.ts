/** The options of a run: how inputs, configuration file and defaults make them. */
import type { Config, TaskConfig } from './config.ts';
import type { COMMENT_RULES, FAIL_ON, Inputs, LOG_RULES, MODES } from './inputs.ts';
import { DEFAULT_AUDIT_NAME } from './model/data-paths.ts';

export type Options = Readonly<{
  name: string;
  mode: (typeof MODES)[number];
  operator: string | null;
  scope: readonly string[];
  reports: readonly string[];
  outcomes: readonly string[];
  notes: readonly string[];
  logPath: string;
  log: (typeof LOG_RULES)[number];
  failOn: (typeof FAIL_ON)[number];
  logBranch: string;
  ledgerBranches: readonly string[];
  comment: (typeof COMMENT_RULES)[number];
  checkRun: boolean;
  entryKey: string | null;
  dryRun: boolean;
  outputDir: string | null;
  tasks: ReadonlyMap<string, TaskConfig>;
}>;

export const DEFAULT_CONFIG_PATH = '.github/audit-run-log.yml';
export const DEFAULT_LOG_BRANCH = 'audit-log';
export const DEFAULT_LOG_PATH = 'docs/AUDIT_RUN_LOG.md';

/** Input before file before default. */
export function mergeOptions(inputs: Inputs, config: Config): Options {
  return {
    name: inputs.name ?? config.name ?? DEFAULT_AUDIT_NAME,
    mode: inputs.mode ?? config.mode ?? 'audit-only',
    operator: inputs.operator ?? config.operator ?? null,
    scope: inputs.scope ?? config.scope ?? [],
    reports: inputs.reports ?? config.reports ?? [],
    outcomes: inputs.outcomes ?? [],
    notes: inputs.notes ?? config.notes ?? [],
    logPath: inputs['log-path'] ?? config['log-path'] ?? DEFAULT_LOG_PATH,
    log: inputs.log ?? config.log ?? 'required',
    failOn: inputs['fail-on'] ?? config['fail-on'] ?? 'failed',
    logBranch: inputs['log-branch'] ?? config['log-branch'] ?? DEFAULT_LOG_BRANCH,
    ledgerBranches: config['ledger-branches'] ?? [],
    comment: inputs.comment ?? config.comment ?? 'changes',
    checkRun: inputs['check-run'] ?? config['check-run'] ?? true,
    entryKey: inputs['entry-key'] ?? null,
    dryRun: inputs['dry-run'] ?? false,
    outputDir: inputs['output-dir'] ?? null,
    tasks: new Map(Object.entries(config.tasks ?? {})),
  };
}
