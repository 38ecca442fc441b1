/** What the runner of workflows throws. A step that fails is no error but a result. */

/** The workflow is wrong: GitHub would refuse it, or it says what its writer cannot mean. */
export class WorkflowError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'WorkflowError';
    this.problems = problems;
  }
}

/** The workflow may be right, but this runner does not carry that out; nothing is left out in silence. */
export class NotSupportedYet extends Error {
  constructor(what: string) {
    super(`${what} is not supported yet`);
    this.name = 'NotSupportedYet';
  }
}
