/** What can be wrong with an audit's inputs and surroundings: stable codes, and what a reader can do about each. */
type ProblemText = Readonly<{ title: string; fix: string }>;

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
  BASE_GONE: { title: 'The commit of the last recorded run is no longer in the repository', fix: 'Nothing to do; files touched are counted from the merge base instead.' },
  // Evidence
  NO_EVIDENCE: { title: 'Nothing was given that could be audited', fix: 'Name at least one report (`--reports "test: out/junit.xml"`) or step outcome (`--outcomes "test: success"`).' },
  NO_MATCH: { title: 'No file matches a report pattern', fix: 'Check that the tool ran and writes to this path; patterns are relative to the working directory.' },
  NOT_A_REPORT: { title: 'A file matches but is no report in a known format', fix: 'Check what the tool wrote there, or force a format with `task[format]: glob`.' },
  EMPTY_REPORT: { title: 'A report file is empty', fix: 'The tool probably crashed before writing; see its log, repair and run again. If it writes nothing when nothing is wrong, name its format and outcome: `types[tsc]: types.txt`, `types: 0`.' },
  INCOMPLETE: { title: 'A report ends before its end', fix: 'The tool was stopped or the disk was full; run it again.' },
  MALFORMED: { title: 'A report breaks the rules of its format', fix: 'See the position in the message; if another tool reads it, please report this file to us.' },
  DTD_REFUSED: { title: 'An XML report declares a document type with content', fix: 'Configure the tool to write plain XML; entities are never expanded.' },
  BAD_ENCODING: { title: 'A file is in an encoding that is not supported or not the one it declares', fix: 'Write reports as UTF-8.' },
  BAD_CHARS: { title: 'A report holds characters that its format forbids', fix: 'Nothing lost: they were replaced and counted. Remove colour codes from the output if they disturb.' },
  BAD_BYTES: { title: 'A file holds bytes that are not valid in its encoding', fix: 'Nothing lost: they were replaced and counted.' },
  COUNT_MISMATCH: { title: 'The totals that a report states differ from what it lists', fix: 'The listed results were counted and the worse of the two decides; check the tool.' },
  NO_TESTS: { title: 'A test report lists no test', fix: 'Check the test command and its filters.' },
  TOOL_ERROR: { title: 'The tool reports that it did not finish', fix: 'See the message of the tool, repair and run again.' },
  LIMIT_REACHED: { title: 'A size limit stopped the reading of a report', fix: 'Split the report, or report less; the limit is named in the message.' },
  TEXT_CUT: { title: 'A long text of a report was cut', fix: 'Nothing to do; the whole text is in the report itself.' },
  TOO_MANY_FILES: { title: 'A pattern matches more files than are read', fix: 'Use a narrower pattern.' },
  SYMLINK: { title: 'A symbolic link that leaves the working directory was not followed', fix: 'Name the real file inside the working directory.' },
  NOT_REGULAR: { title: 'A path is not a regular file, or may not be read', fix: 'Name a readable, regular file.' },
  FILE_CHANGED: { title: 'A file changed while it was being read', fix: 'Record after the tools have ended.' },
  OUTCOME_CONTRADICTION: { title: 'The step outcome and the report disagree', fix: 'Check the step: the worse of the two was recorded.' },
  TASK_ABSENT: { title: 'A task of earlier runs was not part of this one', fix: 'Name its report or outcome again, or say `tasks: { NAME: { retired: true } }` in the configuration.' },
  PATH_OUTSIDE: { title: 'A report names paths outside of the repository', fix: 'Run the tool in the checked out repository, or let it write relative paths; such findings have no place and cannot be matched by their line.' },
  RETIRED_RAN: { title: 'A task that the configuration retires was part of the run', fix: 'Remove `retired`, or stop naming reports and outcomes of the task.' },
  DETACHED_HEAD: { title: 'HEAD is detached', fix: 'Check out a branch if this run should be remembered; nothing else is lost.' },
  FILES_UNKNOWN: { title: 'The files touched could not all be found', fix: 'See the message; the entry says which part is missing.' },
  NOTES_UNREADABLE: { title: 'A notes file could not be read', fix: 'Check the path and that the file is Markdown text.' },
  UNKNOWN_WORD: { title: 'A word of a vocabulary is not known', fix: 'Nothing lost: the word is kept as it is and not interpreted.' },
  // The run log and what lies beside it
  LOG_PATH: { title: 'The path of the run log cannot be used', fix: 'Give a path inside the repository that ends in .md, without `..`, backslash or control characters, and outside .git and .github.' },
  LOG_NOT_REGULAR: { title: 'The run log is not a regular file', fix: 'Replace the link, folder or device by a regular file, or choose another `log-path`.' },
  LOG_CONFLICT: { title: 'The run log holds merge conflict marks', fix: 'Resolve the conflict by hand, then record again.' },
  LOG_NUL: { title: 'The run log holds NUL bytes', fix: 'Find out what wrote them; a text file has none.' },
  LOG_ENCODING: { title: 'The run log mixes encodings', fix: 'Save it as UTF-8 (a shell may have appended UTF-16), then record again.' },
  LOG_OPEN_BLOCK: { title: 'The run log ends inside a code fence or comment', fix: 'Close the fence or comment, then record again.' },
  LOG_LFS_POINTER: { title: 'The run log is a Git LFS pointer', fix: 'Keep the log out of LFS; it is text and only grows at one place.' },
  LOG_TOO_LARGE: { title: 'The run log is over the size limit', fix: 'Move old entries to an archive file.' },
  LOG_CHANGED: { title: 'The run log changed while the run was being recorded', fix: 'Record again; nothing was written.' },
  LOG_LOCKED: { title: 'Another process is recording into this repository', fix: 'Wait for it to end. If none runs, remove the lock file that the message names.' },
  DUPLICATE_KEY: { title: 'The run log holds two entries with the same key', fix: 'Remove the copy by hand; nothing was added.' },
  MARKER_DISPLACED: { title: 'The run log holds the marker of this key in a line that was changed', fix: 'Remove the blanks around the marker, or give this recording another `entry-key`; nothing was added.' },
  KEY_REUSED: { title: 'The entry key stands for other content in the log', fix: 'Give this recording an `entry-key` of its own.' },
  RECORD_EXISTS: { title: 'A record of another run lies where the record of this one belongs', fix: 'Restore the run log that belongs to it from git, or move the stray record away; nothing was written.' },
  LEDGER_CORRUPT: { title: 'The findings ledger cannot be read', fix: 'Restore the file from git; nothing was written.' },
  LEDGER_NEWER: { title: 'The findings ledger was written by a newer version', fix: 'Use that version or a newer one; nothing was written.' },
  WRITE_UNFINISHED: { title: 'Some files of a recording are in place and others are not yet', fix: 'Mend what the message names; the next recording into this log finishes the rest first.' },
  WRITE_FAILED: { title: 'A file could not be written', fix: 'Check the rights and the free space of the folder; nothing is half-written.' },
  UNEXPECTED: { title: 'A fault of audit-run-log itself', fix: 'Please report it with the text above.' },
} as const satisfies Record<string, ProblemText>;

export type ProblemCode = keyof typeof PROBLEM_CODES;

/** Something a reader must know about a run: told in the entry, the summary and `--json`. `message` is one line. Its schema stands in `run.ts`: start-up and errors do without zod. */
export type Problem = Readonly<{ code: ProblemCode; message: string; path?: string | undefined; /** The task whose evidence it spoils. */ task?: string | undefined }>;
