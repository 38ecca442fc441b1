import { describe, expect, it } from 'vitest';
import { shownWorkflows, workflowUnder } from './readme.ts';

const TEXT = `# Title
\`\`\`yaml
jobs: none here is indented
\`\`\`
## First ##
\`\`\`\`md
### Not a heading
\`\`\`yaml
jobs: {}
\`\`\`
\`\`\`\`
1. In a list:
   \`\`\`yml
   on: push
   jobs:
     a: 1
   \`\`\`
## Second
\`\`\`yaml
key: 'jobs:'
\`\`\`
~~~yaml title=x
jobs: 2
~~~
`;

describe('workflows shown in Markdown', () => {
  it('are the YAML fences with jobs, under their headings, with the indentation of their list taken off', () => {
    expect(shownWorkflows(TEXT)).toEqual([
      { heading: 'Title', line: 2, yaml: 'jobs: none here is indented\n' }, { heading: 'First', line: 13, yaml: 'on: push\njobs:\n  a: 1\n' }, { heading: 'Second', line: 22, yaml: 'jobs: 2\n' },
    ]);
  });

  it('are found by heading, and what there is is told where none is there', () => {
    expect(workflowUnder(TEXT, 'Second')).toBe('jobs: 2\n');
    expect(() => workflowUnder(TEXT, 'Third')).toThrow('"Title", "First", "Second"');
  });
});
