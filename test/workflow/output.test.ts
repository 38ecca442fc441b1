import { describe, expect, it } from 'vitest';
import { aRun, steps, TOKEN } from './a-run.ts';
import { stepOf } from './run-workflow.ts';

const script = (id: string, ...lines: readonly string[]): string => `id: ${id}\nrun: |\n${lines.map((line) => `  ${line}`).join('\n')}`;

describe('output of a step', () => {
  it('becomes annotations where it holds commands, and the log keeps the rest', async () => {
    const result = await aRun(steps(script('x', 'echo plain', 'echo "::error file=a.ts,line=3,title=T::m%0An"', 'echo "  ::notice::n"', 'echo "::warning::w" >&2', 'echo "::group::G"', 'echo in', 'echo "::endgroup::"')));
    const step = stepOf(result, 'a', 'x');
    expect([...step.annotations].sort((a, b) => a.level.localeCompare(b.level))).toEqual([
      { level: 'error', message: 'm\nn', properties: { file: 'a.ts', line: '3', title: 'T' }, by: 'command' }, { level: 'notice', message: 'n', properties: {}, by: 'command' }, { level: 'warning', message: 'w', properties: {}, by: 'command' },
    ]);
    expect(step.log).toBe('plain\n##[group]G\nin\n##[endgroup]');
    expect(step.commands.find(({ name }) => name === 'warning')?.stream).toBe('stderr');
    expect(step.conclusion).toBe('success');
  });

  it('shows neither the token nor what was masked, while the bytes stay as they were', async () => {
    const result = await aRun(steps(script('x', 'echo "token ${{ github.token }} early hunter2"', 'echo "::add-mask::hunter2"', 'echo "late hunter2 ${{ secrets.KEY }}"', 'echo "hunter2" >> $GITHUB_STEP_SUMMARY'), script('y', 'echo hunter2')), { secrets: { KEY: 'k-123' } });
    expect(stepOf(result, 'a', 'x').log).toBe('token *** early hunter2\nlate *** ***');
    expect(stepOf(result, 'a', 'x').stdout).toContain(TOKEN);
    expect(stepOf(result, 'a', 'x').summary).toBe('***\n');
    expect(stepOf(result, 'a', 'y').log).toBe('***');
  });

  it('masks the longer of two secrets first, and each line of one', async () => {
    const result = await aRun(steps(script('x', 'echo "::add-mask::first%0Asecond"', 'echo "abcdef second"')), { secrets: { SHORT: 'abc', LONG: 'abcdef' } });
    expect(stepOf(result, 'a', 'x').log).toBe('*** ***');
  });

  it('sets outputs and state by the older commands too, which are live', async () => {
    const result = await aRun(steps(script('x', 'echo "::set-output name=a::1"', 'echo "##[set-output name=b]2"', 'echo "::save-state name=s::v"')));
    expect(stepOf(result, 'a', 'x')).toMatchObject({ outputs: { a: '1', b: '2' }, commands: [{ name: 'set-output' }, { name: 'set-output' }, { name: 'save-state' }] });
  });

  it('fails its step by commands that are switched off, or that lack what they need', async () => {
    const result = await aRun(steps(script('env', 'echo "::set-env name=A::1"'), script('path', 'echo "::add-path::/x"').replace('run', 'if: always()\nrun'), script('name', 'echo "::set-output::1"').replace('run', 'if: always()\nrun')));
    for (const id of ['env', 'path', 'name']) expect(stepOf(result, 'a', id), id).toMatchObject({ outcome: 'failure', exitCode: 0 });
  });

  it('does nothing between stop-commands and its token, which the log does not show', async () => {
    const result = await aRun(steps(script('x', 'echo "::stop-commands::token-0123"', 'echo "::set-output name=a::1"', 'echo "::error::x"', 'echo "::token-0123::"', 'echo "::notice::y token-0123"', 'echo token-0123')));
    const step = stepOf(result, 'a', 'x');
    expect(step.outputs).toEqual({});
    expect(step.annotations.map(({ message }) => message)).toEqual(['y token-0123']);
    expect(step.commands.map(({ name }) => name)).toEqual(['stop-commands', 'resume-commands', 'notice']);
    expect(step.log.split('\n').at(-1)).toBe('***');
  });

  it('keeps ten annotations of a level and 4,096 characters of a message', async () => {
    const result = await aRun(steps(script('x', 'for i in $(seq 12); do echo "::warning::$i"; done', 'echo "::error::$(printf "x%.0s" $(seq 5000))"')));
    const { annotations } = stepOf(result, 'a', 'x');
    expect(annotations.filter(({ level }) => level === 'warning').map(({ message }) => message)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9', '10']);
    expect(annotations.find(({ level }) => level === 'error')?.message).toHaveLength(4_096);
  });

  it('has no summary where that is over 1 MiB, and says so', async () => {
    const result = await aRun(steps(script('x', 'head -c 1048577 /dev/zero | tr "\\0" x > $GITHUB_STEP_SUMMARY')));
    expect(stepOf(result, 'a', 'x')).toMatchObject({ summary: '', conclusion: 'success', annotations: [{ level: 'error', message: expect.stringContaining('1024k') }] });
  });

  it('ends a line at a carriage return, so that a command may follow one', async () => {
    const result = await aRun(steps(script('x', "printf 'a\\r::notice::b\\r\\n::notice::é'")));
    expect(stepOf(result, 'a', 'x').annotations.map(({ message }) => message)).toEqual(['b', 'é']);
    expect(stepOf(result, 'a', 'x').log).toBe('a');
  });
});

describe('outputs of a job', () => {
  it('are left out where they hold a masked value', async () => {
    const yaml = steps(script('x', 'echo "t=${{ github.token }}" >> $GITHUB_OUTPUT', 'echo "u=1" >> $GITHUB_OUTPUT')).replace('    steps:', '    outputs: { t: "${{ steps.x.outputs.t }}", u: "${{ steps.x.outputs.u }}" }\n    steps:');
    expect((await aRun(yaml)).jobs['a']?.outputs).toEqual({ u: '1' });
  });
});
