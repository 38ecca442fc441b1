import { describe, expect, it } from 'vitest';
import { CommandReader, parseCommand } from './commands.ts';

describe('a line of output', () => {
  it('holds a command of the newer form only at its start, after white space', () => {
    expect(parseCommand('\t ::error file=a.ts,line=3,title=x%2Cy::first%0Asecond')).toEqual({ name: 'error', properties: { file: 'a.ts', line: '3', title: 'x,y' }, data: 'first\nsecond' });
    expect(parseCommand('\u2028::warning::x')?.name).toBe('warning');
    expect(parseCommand('x ::error::y')).toBeUndefined();
    expect(parseCommand('::error only')).toBeUndefined();
  });

  it('holds a command of the older form anywhere', () => {
    expect(parseCommand('text ##[add-mask]secret%5D%3B')).toEqual({ name: 'add-mask', properties: {}, data: 'secret];' });
    expect(parseCommand('##[set-output name=a;x=y]v')).toEqual({ name: 'set-output', properties: { name: 'a', x: 'y' }, data: 'v' });
  });

  it('is a command whatever the case of its name, and none for an unknown name', () => {
    expect(parseCommand('::Set-Output name=a::1')?.name).toBe('set-output');
    expect(parseCommand('::section::x')).toBeUndefined();
    expect(parseCommand('[::]: ##[1]')).toBeUndefined();
  });

  it('unescapes a per cent sign last, so that %250A stays %0A', () => {
    expect(parseCommand('::notice::%250A')?.data).toBe('%0A');
  });

  it('gives no property without a value', () => {
    expect(parseCommand('::error file=,line=2,,col::x')?.properties).toEqual({ line: '2' });
  });
});

describe('stop-commands', () => {
  it('lets nothing act until its token comes', () => {
    const reader = new CommandReader();
    const names = ['::stop-commands::Token-1', '::error::x', '##[set-output name=a]b', '::token-1::', '::notice::y'].map((line) => reader.read(line)?.name);
    expect(names).toEqual(['stop-commands', undefined, undefined, 'resume-commands', 'notice']);
  });

  it('takes no command name and no empty text for a token', () => {
    for (const token of ['', 'error', 'Pause-Logging']) expect(() => new CommandReader().read(`::stop-commands::${token}`), token).toThrow('token');
    expect(() => new CommandReader().read('::stop-commands::x')).not.toThrow();
  });
});
