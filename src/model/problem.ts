/** What can be wrong with an audit's inputs and surroundings: stable codes, and what a reader can do about each. */
/** `asks: 'nothing'`: a notice, with which nobody has to do anything. */
type ProblemText = Readonly<{ title: string; fix: string; asks?: 'nothing' }>;

/**
 * Every code the product prints, in the order of `docs/errors.md` (which a test holds equal to this table).
 * A code is never renamed or reused: users search for it and tests of other repositories assert on it.
 */
export const PROBLEM_CODES = {
  // Calls and configuration
  UNKNOWN_COMMAND: { title: 'The command is not known', fix: 'Run `audit-run-log --help` for the commands.' },
  UNKNOWN_FLAG: { title: 'A flag or input is not known', fix: 'Correct the name; the nearest known one is named in the message.' },
  INVALID_INPUT: { title: 'A flag or input has a value that cannot be used', fix: 'Give one of the values that the message names.' },
  CONFIG_UNREADABLE: { title: 'The configuration file cannot be read', fix: 'Check the path given with `config` and the rights on the file.' },
  CONFIG_YAML: { title: 'The configuration file is not valid YAML', fix: 'Mend the line that the message names.' },
  CONFIG_INVALID: { title: 'The configuration file has unknown keys or unusable values', fix: 'Mend every line listed; all are told at once.' },
  TEMPLATE_INVALID: { title: 'A template of a document cannot be filled', fix: 'Use the zones that the message names, each as `<!-- zone: NAME -->` alone on its line.' },
  // Git
  NO_GIT: { title: 'The program git was not found', fix: 'Install git, or put it on PATH.' },
  NO_REPOSITORY: { title: 'The folder is not in a git repository', fix: 'Run inside a clone, or name one with `working-directory`.' },
  NO_COMMITS: { title: 'The repository has no commit yet', fix: 'Commit once; an entry must name the commit it speaks of.' },
  GIT_FAILED: { title: 'A git command failed', fix: 'Run the command in the message by hand to see why.' },
  BASE_GONE: { title: 'The commit of the last recorded run is not behind this one', fix: 'Nothing to do: findings are compared all the same.', asks: 'nothing' },
  // Evidence
  NO_EVIDENCE: { title: 'Nothing was given that could be audited', fix: 'Name at least one report (`--reports "test: out/junit.xml"`) or step outcome (`--outcomes "test: success"`).' },
  OUTCOME_EMPTY: { title: 'An outcome in `outcomes` is empty', fix: 'Give the step the `id` that the expression names, or leave the line out.' },
  NO_MATCH: { title: 'No file matches a report pattern', fix: 'Check that the tool ran and writes to this path; patterns are relative to the working directory.' },
  NOT_A_REPORT: { title: 'A file matches but is no report in a known format', fix: 'Check what the tool wrote there, or force a format with `task[format]: glob`.' },
  STALE_REPORT: { title: 'A report is older than the job', fix: 'Check that the tool ran and where it writes, and keep old reports out of caches and of workspaces that are used again. A report of an earlier job of the run comes with a new time by actions/download-artifact; if it came otherwise, `touch` it.' },
  EMPTY_REPORT: { title: 'A report file is empty', fix: 'The tool probably crashed before writing; see its log, repair and run again. If it writes nothing when nothing is wrong, name its format and outcome: `types[tsc]: types.txt`, `types: 0`.' },
  INCOMPLETE: { title: 'A report ends before its end', fix: 'The tool was stopped or the disk was full; run it again.' },
  MALFORMED: { title: 'A report breaks the rules of its format', fix: 'See the position in the message; if another tool reads it, please report this file to us.' },
  DTD_REFUSED: { title: 'An XML report declares a document type with content', fix: 'Configure the tool to write plain XML; entities are never expanded.' },
  BAD_ENCODING: { title: 'A file is in an encoding that is not supported or not the one it declares', fix: 'Write reports as UTF-8.' },
  BAD_CHARS: { title: 'A report holds characters that its format forbids', fix: 'Nothing lost: they were replaced and counted. Remove colour codes from the output if they disturb.', asks: 'nothing' },
  BAD_BYTES: { title: 'A file holds bytes that are not valid in its encoding', fix: 'Nothing lost: they were replaced and counted.', asks: 'nothing' },
  COUNT_MISMATCH: { title: 'The totals that a report states differ from what it lists', fix: 'The listed results were counted and the worse of the two decides; check the tool.' },
  NO_TESTS: { title: 'A test report lists no test', fix: 'Check the test command and its filters.' },
  TOOL_ERROR: { title: 'The tool reports that it did not finish', fix: 'See the message of the tool, repair and run again.' },
  TOOL_WARNING: { title: 'The tool warns of something that is taken for no gap of its work', fix: 'Read the message of the tool. If it means that something was not looked at, repair that and run again: findings close by this report.' },
  LIMIT_REACHED: { title: 'A size limit stopped the reading of a report', fix: 'Split the report, or report less; the limit is named in the message.' },
  PARTS_ELSEWHERE: { title: 'A report keeps parts of itself in other files', fix: 'Let the tool write everything into one file: what a report names is never opened.' },
  SUPPRESSED: { title: 'A report holds results that were suppressed, or have no severity', fix: 'Nothing to do where that is right. A known finding that is stated so stays open: it was not mended.' },
  TEXT_CUT: { title: 'A long text of a report was cut', fix: 'Nothing to do; the whole text is in the report itself.', asks: 'nothing' },
  TOO_MANY_FILES: { title: 'A pattern matches more files than are read', fix: 'Use a narrower pattern.' },
  SYMLINK: { title: 'A symbolic link that leaves the working directory was not followed', fix: 'Name the real file inside the working directory.' },
  NOT_REGULAR: { title: 'A path is not a regular file, or may not be read', fix: 'Name a readable, regular file.' },
  FILE_CHANGED: { title: 'A file changed while it was being read', fix: 'Record after the tools have ended.' },
  PATH_OUTSIDE: { title: 'A report names paths outside of the repository', fix: 'Run the tool in the checked out repository, or let it write relative paths; such findings have no place and cannot be matched by their line.' },
  RETIRED_RAN: { title: 'A task that the configuration retires was part of the run', fix: 'Remove `retired`, or stop naming reports and outcomes of the task.' },
  DETACHED_HEAD: { title: 'HEAD is detached', fix: 'Check out a branch if this run should be remembered; nothing else is lost.' },
  NO_START: { title: 'There is nothing to count the files touched from', fix: 'Nothing to do: the next run of the branch counts from this one.', asks: 'nothing' },
  FILES_UNKNOWN: { title: 'The files touched could not all be found', fix: 'Run the job again if the message names a fault of GitHub or of git; the lists of files touched lack what it names.' },
  FILES_CUT: { title: 'GitHub lists only a part of the files touched', fix: 'Nothing to mend: GitHub lists at most 3,000 files of a pull request and 300 of a comparison. The entry says which part is missing.', asks: 'nothing' },
  NOTES_UNREADABLE: { title: 'A notes file could not be read', fix: 'Check the path and that the file is Markdown text.' },
  UNKNOWN_WORD: { title: 'A word of a vocabulary is not known', fix: 'Nothing lost: the word is kept as it is and not interpreted.', asks: 'nothing' },
  // The run log and what lies beside it
  LOG_PATH: { title: 'The path of the run log cannot be used', fix: 'Give a path inside the repository that ends in .md, without `..`, backslash or control characters, and outside .git and .github.' },
  LOG_NOT_REGULAR: { title: 'The run log is not a regular file', fix: 'Replace the link, folder or device by a regular file, or choose another `log-path`.' },
  LOG_CONFLICT: { title: 'The run log holds merge conflict marks', fix: 'Resolve the conflict by hand, then record again.' },
  LOG_NUL: { title: 'The run log holds NUL bytes', fix: 'Find out what wrote them; a text file has none.' },
  LOG_ENCODING: { title: 'The run log mixes encodings', fix: 'Save it as UTF-8 (a shell may have appended UTF-16), then record again.' },
  LOG_OPEN_BLOCK: { title: 'The run log ends inside a code fence or comment', fix: 'Close the fence or comment, then record again.' },
  LOG_LFS_POINTER: { title: 'The run log is a Git LFS pointer', fix: 'Keep the log out of LFS; it is text and only grows at one place.' },
  LOG_TOO_LARGE: { title: 'The run log is over the size limit', fix: 'Move old entries to an archive file.' },
  CHANGE_TOO_LARGE: { title: 'What a recording writes is more than GitHub takes in one commit', fix: 'Move old entries of the run log to an archive file; where the findings ledger is large, mend or exclude what fills it.' },
  LOG_BEGUN: { title: 'The log branch begins with the log of the default branch', fix: 'Nothing to do if there is no ledger yet. To keep one, make the branch yourself before the first run, from a commit that holds the log and its data.', asks: 'nothing' },
  LOG_ON_BRANCH: { title: 'The run log is kept on the branch that is audited', fix: 'Nothing to do if that is meant. Else give the log a branch of its own with `log-branch`.', asks: 'nothing' },
  LOG_BRANCH_GONE: { title: 'The log branch was deleted while the run was being recorded', fix: 'Restore the branch from its last commit if that was not meant, or record again to begin a new one.' },
  LOG_CHANGED: { title: 'The run log changed while the run was being recorded', fix: 'Record again; nothing was written.' },
  LOG_LOCKED: { title: 'Another process is recording into this repository', fix: 'Wait for it to end. If none runs, remove the lock file that the message names.' },
  DUPLICATE_KEY: { title: 'The run log holds two entries with the same key', fix: 'Remove the copy by hand; nothing was added.' },
  MARKER_DISPLACED: { title: 'The run log holds the marker of this key in a line that was changed', fix: 'Remove the blanks around the marker, or give this recording another `entry-key`; nothing was added.' },
  KEY_REUSED: { title: 'The entry key stands for other content in the log', fix: 'Two audits in one job need a `name` each; two recordings of one audit an `entry-key` each.' },
  RECORD_EXISTS: { title: 'A record of another run lies where the record of this one belongs', fix: 'Restore the run log that belongs to it from git, or move the stray record away; nothing was written.' },
  LEDGER_CORRUPT: { title: 'The findings ledger cannot be read', fix: 'Restore the file from git; nothing was written.' },
  LEDGER_NEWER: { title: 'The findings ledger was written by a newer version', fix: 'Use that version or a newer one; nothing was written.' },
  WRITE_UNFINISHED: { title: 'Some files of a recording are in place and others are not yet', fix: 'Mend what the message names; the next recording into this log finishes the rest first.' },
  WRITE_FAILED: { title: 'A file could not be written', fix: 'Check the rights and the free space of the folder; nothing is half-written.' },
  // GitHub
  EVENT_UNUSABLE: { title: 'What GitHub says of the event cannot be used', fix: 'Run as a step of a workflow; no step before may write the event file or the variables that start with GITHUB_.' },
  EVENT_NOT_SUPPORTED: { title: 'Runs of this event are not recorded', fix: 'Use one of the events that the message names, or skip the step: `if: github.event_name == \'push\'`.' },
  NOTHING_TO_AUDIT: { title: 'The event leaves nothing to audit', fix: 'Limit the workflow to branches (`on: push: branches: [\'**\']`), or skip the step: `if: github.ref_type == \'branch\' && !github.event.deleted`.' },
  JOB_UNKNOWN: { title: 'How the steps of the job ended could not be read in full', fix: 'Name how each step ended in `outcomes`; where the message names a permission, add its line to the job.' },
  WORKFLOW_UNREADABLE: { title: 'The workflow file could not be read for the commands of the steps', fix: 'Nothing lost but the commands in the entry; the configuration may name them: `tasks: { NAME: { commands: [...] } }`.', asks: 'nothing' },
  TOKEN_MISSING: { title: 'No token for GitHub was given', fix: 'Leave the input `github-token` out, or give it a token that is not empty.' },
  TOKEN_REFUSED: { title: 'GitHub does not take the token', fix: 'The token has ended or was revoked: run the job again, or renew the secret.' },
  PERMISSION_MISSING: { title: 'The token lacks a permission', fix: 'A called workflow has no more than its caller gives, and runs of forks may never write.' },
  RATE_LIMITED: { title: 'GitHub answers no more requests for now', fix: 'Run the job again after the time that the message names.' },
  NOT_FOUND_ON_GITHUB: { title: 'Something is not on GitHub, or the token may not see it', fix: 'Check the name, and that the job has the permission that the message names.' },
  BRANCH_PROTECTED: { title: 'A rule of the repository forbids the write', fix: 'Let the rule leave out the log branch, or name another branch with `log-branch`.' },
  CONVERSATION_LOCKED: { title: 'The conversation is locked', fix: 'Unlock it if the comment is wanted; the run log and the summary say the same.' },
  REPOSITORY_ARCHIVED: { title: 'The repository is archived', fix: 'Unarchive it: nothing can be written to it.' },
  GITHUB_UNAVAILABLE: { title: 'GitHub could not be reached or gave no whole answer', fix: 'Run the job again; what has been recorded is not recorded twice.' },
  ANSWER_UNUSABLE: { title: 'GitHub answered with something else than was asked for', fix: 'Run the job again; if it stays, please report the message.' },
  REDIRECT_REFUSED: { title: 'GitHub answered with a redirect, which is not followed', fix: 'The repository may have been renamed or moved: run the job again.' },
  REFUSED_BY_GITHUB: { title: 'GitHub refused a request', fix: 'See the reason in the message.' },
  API_NOT_TRUSTED: { title: 'The token may not be sent to this address', fix: 'Use the addresses that the runner sets, over https, with certificates checked. A server with its own certificate authority: set NODE_EXTRA_CA_CERTS.' },
  REDACTED: { title: 'Secrets were taken out of the evidence', fix: 'If they are real, renew them: the report itself still holds them. Keep the tool from printing them.' },
  CHECK_UNSURE: { title: 'It is not known whether another audit of the commit ended worse', fix: 'Look at the checks of the commit; give each audit a `name` of its own.' },
  MATRIX: { title: 'A matrix cannot record from each of its legs', fix: 'Let the legs upload their reports (`actions/upload-artifact`), and record in one job that needs them and downloads the reports.' },
  READ_ONLY_TOKEN: { title: 'The token of this run may only read', fix: 'Nothing to mend: runs of forks may not write, nor those of Dependabot in a workflow without `permissions`. The summary holds the entry; the push after the merge is recorded.', asks: 'nothing' },
  CHECKOUT_DIFFERS: { title: 'The workspace holds another commit than the one that is audited', fix: 'Let `actions/checkout` check out what the event names: leave its `ref` out. A job that only records needs no checkout.' },
  ORDER_UNKNOWN: { title: 'It is not known whether the commit is the newest of its branch', fix: 'Run the job again if it is: the ledger was left as it was.' },
  OLDER_COMMIT: { title: 'A newer commit of the branch was recorded before', fix: 'Nothing to do: the newer run holds. Limit old runs by `concurrency` if they disturb.', asks: 'nothing' },
  SUPERSEDED: { title: 'The pull request has moved on', fix: 'Nothing to do: the run of the newer commit writes the comment.', asks: 'nothing' },
  PULL_CLOSED: { title: 'The pull request is closed', fix: 'Nothing to do: the run log, the check and the summary say the same.', asks: 'nothing' },
  CONFIG_PENDING: { title: 'The pull request changes the configuration', fix: 'Nothing to do: what is changed there holds after the merge.', asks: 'nothing' },
  UNEXPECTED: { title: 'A fault of audit-run-log itself', fix: 'Please report it with the text above.' },
} as const satisfies Record<string, ProblemText>;

export type ProblemCode = keyof typeof PROBLEM_CODES;

/** Whether somebody should do something about it, or only know. */
export function asksNothing(code: ProblemCode): boolean {
  return 'asks' in PROBLEM_CODES[code];
}

/** Something a reader must know about a run: told in the entry, the summary and `--json`. `message` is one line. Its schema stands in `run.ts`: start-up and errors do without zod. */
export type Problem = Readonly<{ code: ProblemCode; message: string; path?: string | undefined; /** The task whose evidence it spoils. */ task?: string | undefined }>;
