import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_NOTES_BYTES, parseNotes } from '../../src/claims/notes.ts';
import { NO_NOTES, type Notes } from '../../src/model/notes.ts';
import { NotesSchema } from '../../src/model/schema/notes.ts';

function read(text: string, path = 'notes.md'): ReturnType<typeof parseNotes> {
  return parseNotes([{ path, sha256: 'f'.repeat(64), text }]);
}

/** What the notes say, without the lists that are empty. */
function said(text: string): Partial<Notes> {
  const { sources: _, ...lists } = read(text).notes;
  return Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0));
}

function fixture(name: string): string {
  return readFileSync(fileURLToPath(new URL(`../fixtures/notes/${name}`, import.meta.url)), 'utf8');
}

describe('notes in sections', () => {
  it('sorts every section of a run contract and keeps what it does not know', () => {
    expect(said(fixture('contract.md'))).toEqual({
      shipped: ['Retry budget for the mail queue is now kept in `queue_state`.', 'Dead letters are listed under the admin page (docs/admin.md).'],
      findingsClosed: ['P1 Lost mail: a crash between send and ack no longer drops a message.', 'two migrations claimed the same number, `0042`.'],
      findingsOpened: ['P2 Slow retry: still open, waits for the new scheduler.', "P2 Clock drift: `retry_after` trusts the worker's clock.", 'the lock of F-ABCD2345 is never given back.'],
      keyFindings: ['Workers log too much.'],
      commands: ['`npm test -- --run`', '`cd worker && go vet ./...`', '`make migrate`'],
      tests: ['`mail is sent once after a crash`', 'Existing `queue drains in order` kept.'],
      perfNotes: ['Queue scan bounded by: a window of 7 days; at most 500 rows.'],
      files: ['`worker/queue.go`', '`docs/admin.md`', '`db/0042_lock.sql`'],
      verificationSteps: ['Start the worker.', 'Kill it while it sends: `kill -9 $(pidof worker)`', 'Look at `dead_letters`; it must be empty.'],
      artifacts: ['`out/admin.png`'],
      knownIssues: ['The admin page is slow with many rows.'],
      followUps: [{ text: 'Index the table', owner: 'Data team', due: '2026-12-04' }],
      other: [{ heading: 'Weather', items: ['It rained.'] }],
    });
  });

  it('sorts labelled lists at any depth', () => {
    expect(said(fixture('fields.md'))).toEqual({
      scope: ['Mail queue and its worker.', 'Admin page, read only.'],
      keyFindings: ['Retry budget was lost on restart.'],
      artifacts: ['`docs/QUEUE_MAP.md`'],
      files: ['`worker/queue.go`', '`worker/queue_test.go`'],
      migrationNotes: ['No migration in this run.'],
      commands: ['`go test ./worker` -> `12 passed`.', '`go vet ./...` -> clean.'],
      tests: ['`queue drains in order` is new.'],
      logs: ['N/A (no access to the mail host).'],
      dbQueries: ['Row counts compared before and after.'],
      followUps: [
        { text: 'Move the budget to `queue_state`', owner: 'Mail team', due: '2026-12-04' },
        { text: 'Ask for access to the mail host (F-001)', due: '2026-12-01', finding: 'F-001' },
      ],
      other: [
        { heading: 'Notes', items: ['Branch: `fix/queue`', 'Operator: Night shift'] },
        { heading: 'Follow-ups', items: ['[x] Tell the mail team: Owner: Night shift, Due: 2026-11-19.'] },
      ],
    });
  });

  it.each([
    ['# Files Changed (required)\n- `a`', 'files'],
    ['###### 3. files touched:\n* a', 'files'],
    ['Files created/modified\n---\n+ a', 'files'],
    ['**Exact files changed:**\n\n- a', 'files'],
    ['**Files changed**\n- a', 'files'],
    ['## 📁 Files changed in this run\n1) a', 'files'],
    ['- **Files touched:**\n  - a', 'files'],
    ['- __files touched__:\n    - a', 'files'],
    ['> ## Dateien\n> - a', 'files'],
    ['## Commands\n```sh\n$ a\n```', 'commands'],
    ['## DB / migration notes (2026-01-02)\na', 'migrationNotes'],
    ['---\nscope:\n  - a\n---\n', 'scope'],
    ['\ufeff## Scope\r\n- a\r\n', 'scope'],
    ['```markdown\n## Scope\n- a\n```\n', 'scope'],
    ['## Scope\n| Part |\n| --- |\n| a |', 'scope'],
    ['<!-- a remark\nof two lines --> \n## Scope\n- a', 'scope'],
  ])('finds the section of %j', (text, section) => {
    const lists = said(text);
    expect(Object.keys(lists)).toEqual([section]);
    expect(JSON.stringify(lists)).toMatch(/"`?a`?"/);
  });

  it('does not take headings in a code fence for sections', () => {
    expect(said('## Logs\n```\n# Files changed\n- a.ts\n```\n')).toEqual({ logs: ['`# Files changed`', '`- a.ts`'] });
  });

  it('does not take a sentence with a colon inside a section for a label', () => {
    expect(said('## Known issues\n- Tests: two are flaky.')).toEqual({ knownIssues: ['Tests: two are flaky.'] });
  });

  it('makes one item of a finding that has a heading of its own', () => {
    expect(said('## Key findings\n### P1 Open port\nPort 9 answers.\n- Fix: close it\n')).toEqual({ keyFindings: ['P1 Open port: Port 9 answers.; Fix: close it'] });
  });

  it('does not take an unknown heading below closed findings for a closed finding', () => {
    expect(said('## Findings closed\n- one\n### Left to do elsewhere\n- two\n')).toEqual({ findingsClosed: ['one'], other: [{ heading: 'Left to do elsewhere', items: ['two'] }] });
  });

  it('ends a section that a bold label opened at the next bold label, known or not', () => {
    expect(said('## Session\n**What changed**\n- one\n\n**Decisions**\n- two\n\n**Mood:** fine\n\n**Next steps**\n- three\n')).toEqual({
      shipped: ['one'], followUps: [{ text: 'three' }], other: [{ heading: 'Decisions', items: ['two'] }, { heading: 'Session', items: ['Mood: fine'] }],
    });
    expect(said('## Files changed\n**Worker**\n- a.go\n\n**Lonely words**')).toEqual({ files: ['a.go', 'Lonely words'] });
  });

  it('drops headings and labels that only sort paths, and keeps the paths apart', () => {
    expect(said('## Files changed\n### Worker\n- a.go\n- Docs:\n  - b.md\n')).toEqual({ files: ['a.go', 'b.md'] });
  });

  it('reads owner and due date from the columns of a table', () => {
    expect(said('## Follow-ups\n| Task | Owner | Due |\n|---|---|---|\n| Rotate keys | Ops | 2026-12-01 |\n')).toEqual({ followUps: [{ text: 'Rotate keys', owner: 'Ops', due: '2026-12-01' }] });
  });

  it('keeps boxes that are not ticked visible outside of follow-ups', () => {
    expect(said('## What shipped\n- [x] Queue\n- [ ] Page\n')).toEqual({ shipped: ['[x] Queue', '[ ] Page'] });
  });
});

describe('what is no item', () => {
  it.each(['None', 'none.', 'N/A', '-', '—', 'TBD', '...', '`<path>`', '<what changed>', 'YYYY-MM-DD', '[X]', '**None**'])('leaves out the empty mark %j', (mark) => {
    expect(said(`## Files changed\n- ${mark}\n- a.ts\n## Follow-ups\n- ${mark}\n`)).toEqual({ files: ['a.ts'] });
  });

  it('keeps a sentence that says there is nothing apart from what counts', () => {
    expect(said('## Follow-ups\n- No blocking follow-ups from this run.\n## Known issues\n- None: all were mended.\n## Files changed\n- none.ts\n')).toEqual({
      files: ['none.ts'],
      other: [{ heading: 'Follow-ups', items: ['No blocking follow-ups from this run.'] }, { heading: 'Known issues', items: ['None: all were mended.'] }],
    });
  });
});

describe('findings in notes', () => {
  it('does not count a finding as closed when its own mark says it is open', () => {
    expect(said('## Findings closed\n- [ ] one\n- ⏳ two\n- Open: three\n- four\n')).toEqual({ findingsOpened: ['one', 'two', 'three'], findingsClosed: ['four'] });
  });

  it('does not count a finding as closed because of a mark under an opened heading', () => {
    expect(said('## Findings opened\n- ✅ one\n')).toEqual({ findingsOpened: ['✅ one'] });
  });

  it('sorts findings under a plain heading by their marks', () => {
    expect(said('## Findings\n- ✅ one\n- ❌ two\n- [x] three\n- four\n- Fixed: five\n')).toEqual({ findingsClosed: ['one', 'three', 'five'], findingsOpened: ['two'], keyFindings: ['four'] });
  });
});

describe('files that are not notes', () => {
  it.each([
    ['JSON', '{"scope": []}', 'notes.JSON', 'only Markdown is read so far'],
    ['NUL bytes', '# Scope\n\0- a', 'notes.md', 'NUL bytes'],
    ['another encoding', '\ufffd\ufffd'.repeat(40), 'notes.md', 'not UTF-8'],
    ['an HTML page', ' <!DOCTYPE html><title>502</title>', 'notes.md', 'HTML or XML'],
    ['nothing', ' \n', 'notes.md', 'empty'],
    ['headings and placeholders', '# Scope\n- TBD\n', 'notes.md', 'no text beside'],
    ['more than the limit', `# Scope\n- ${'é'.repeat(MAX_NOTES_BYTES / 2)}`, 'notes.md', 'over 1000000 bytes'],
  ])('says that a file of %s was not read, and reads the others', (_, text, path, message) => {
    const { notes, problems } = parseNotes([{ path, sha256: '1', text }, { path: 'b.md', sha256: '2', text: '# Scope\n- a' }]);
    expect(problems).toEqual([{ code: 'NOTES_UNREADABLE', message: expect.stringContaining(`${path}: `) as string, path }]);
    expect(problems[0]?.message).toContain(message);
    expect(notes.scope).toEqual(['a']);
    expect(notes.sources.map((source) => source.path)).toContain('b.md');
  });

  it('does not name a refused file as a source', () => {
    expect(read('\0').notes).toEqual(NO_NOTES);
  });

  it('says that single characters could not be decoded, and reads the rest', () => {
    const { notes, problems } = read('# Scope\n- caf\ufffd au lait');
    expect(problems.map(({ code }) => code)).toEqual(['BAD_BYTES']);
    expect(notes.scope).toEqual(['caf\ufffd au lait']);
  });

  it('says that a comment or fence never closes, and reads what follows', () => {
    expect(read('# Scope\n<!-- open\n- a').problems.map(({ message }) => message)).toEqual(['notes.md: the comment of line 2 is never closed: it was read as text.']);
    expect(read('# Scope\n~~~\n- a').problems.map(({ message }) => message)).toEqual(['notes.md: the code fence of line 2 is never closed: all after it was read as code.']);
    expect(read('# Scope\n~~~\n- a').notes.scope).toEqual(['`- a`']);
  });

  it('counts lines from the top of the file, front matter included', () => {
    expect(read('---\ntitle: x\n---\n~~~\na').problems[0]?.message).toContain('line 4');
  });
});

describe('hostile notes', () => {
  it.each(['>', '- ', '1. ', '  - a\n', '[', '![a](', '|a', '```\n', '<!-- ', '**Scope:**\n', 'owner: '])('SEC-22: reads %j a hundred thousand times over', (unit) => {
    const { notes, problems } = read(`# Follow-ups\n- first\n\n${unit.repeat(100_000).slice(0, 300_000)}`);
    expect(notes.followUps[0]?.text).toMatch(/^first/);
    expect(NotesSchema.parse(notes)).toEqual(notes);
    expect(problems.every(({ code }) => code === 'NOTES_UNREADABLE')).toBe(true);
  }, 10_000);

  it('SEC-22: says that it read deep nesting as shallower, and loses no text by it', () => {
    const { notes, problems } = read(`# Scope\n${Array.from({ length: 40 }, (_, at) => `${'  '.repeat(at)}- w${at}`).join('\n')}`);
    expect(problems.map(({ message }) => message)).toEqual(['notes.md: nesting deeper than 16 levels was read as level 16.']);
    for (let at = 0; at < 40; at += 1) expect(notes.scope.join(' ')).toMatch(new RegExp(`\\bw${at}\\b`));
  });

  it('keeps prototype names as plain text', () => {
    expect(said('# __proto__\n- constructor: toString\n')).toEqual({ other: [{ heading: 'proto', items: ['constructor: toString'] }] });
  });

  it('never throws, and gives notes that fit the schema, whatever the text', () => {
    const piece = fc.constantFrom('# ', '- ', '  ', '\n', '\n\n', '> ', '```', '~~~', '|', '---', '**', ':', '[ ] ', '[x] ', '`', 'Scope', 'Tests', 'Follow-ups', 'owner: a', 'due 2026-02-30', 'w', '<!--', '-->', '1. ', '✅', '\t', '\\');
    fc.assert(fc.property(fc.oneof(fc.array(fc.nat({ max: 0x2fff }), { maxLength: 20 }).map((codes) => String.fromCharCode(...codes)), fc.array(piece).map((parts) => parts.join(''))), (text) => {
      const { notes } = read(text);
      expect(NotesSchema.parse(notes)).toEqual(notes);
      for (const list of Object.values(notes).flat()) expect(JSON.stringify(list)).not.toMatch(/\\n|\\r/);
    }), { numRuns: 500 });
  });

  it('loses no word of a list under a known heading', () => {
    const heading = fc.constantFrom('Scope', 'What shipped', 'Key findings', 'Findings', 'Findings closed', 'Findings opened', 'Files changed', 'Commands run', 'Tests', 'Perf notes', 'Verification steps', 'Artifacts', 'Known issues / follow-ups', 'Follow-ups', 'Logs', 'DB queries', 'Weather');
    const word = fc.stringMatching(/^[a-z]{2}\d{2}$/);
    const line = fc.record({ depth: fc.nat({ max: 3 }), mark: fc.constantFrom('-', '*', '1.', '- [ ]', '- [x]'), words: fc.array(word, { minLength: 1, maxLength: 5 }), end: fc.constantFrom('', '.', ',', ';') });
    fc.assert(fc.property(heading, fc.array(line, { minLength: 1, maxLength: 12 }), (title, lines) => {
      const text = lines.map(({ depth, mark, words, end }) => `${'    '.repeat(depth)}${mark} **${words[0]}** ${words.slice(1).join(' ')}${end}`).join('\n');
      const found = new Set(JSON.stringify(read(`## ${title}\n\n${text}\n`).notes).match(/[a-z]{2}\d{2}/g));
      for (const one of lines.flatMap(({ words }) => words)) expect(found).toContain(one);
    }), { numRuns: 500 });
  });
});

describe('several files', () => {
  it('follow each other in the order given', () => {
    const { notes } = parseNotes([{ path: 'b.md', sha256: '2', text: '# Scope\n- b' }, { path: 'a.md', sha256: '1', text: '# Scope\n- a' }]);
    expect(notes.scope).toEqual(['b', 'a']);
    expect(notes.sources).toEqual([{ path: 'b.md', sha256: '2' }, { path: 'a.md', sha256: '1' }]);
  });

  it('do not share their headings', () => {
    expect(parseNotes([{ path: 'a.md', sha256: '1', text: '# Scope\n' }, { path: 'b.md', sha256: '2', text: '- b' }]).notes.other).toEqual([{ heading: 'Notes', items: ['b'] }]);
  });
});

/** Real notes lie beside the repository, or where the environment says. */
const seeds = process.env['AUDIT_SEEDS'] ?? '../shared/seeds';
const contract = `${seeds}/000_1d8d60fde87e8103.txt`;
const runLog = `${seeds}/003_a73b76a6787a8a75.txt`;
if (!existsSync(contract)) process.stderr.write('notes: real notes are not read here; name their folder with AUDIT_SEEDS\n');

describe.skipIf(!existsSync(contract))('real notes', () => {
  it('of a run contract leave nothing unsorted', () => {
    const { notes, problems } = read(readFileSync(contract, 'utf8'));
    expect(problems).toEqual([]);
    expect(notes.other).toEqual([]);
    const counts = [notes.shipped, notes.findingsClosed, notes.findingsOpened, notes.commands, notes.tests, notes.perfNotes, notes.files, notes.verificationSteps, notes.artifacts, notes.knownIssues];
    expect(counts.map((list) => list.length)).toEqual([3, 4, 1, 9, 4, 3, 10, 4, 2, 3]);
  });

  it('of a run log entry find each of its fields', () => {
    const log = readFileSync(runLog, 'utf8');
    const { notes } = read(log.slice(log.indexOf('## RUN-002'), log.indexOf('## RUN-003')));
    const counts = [notes.scope, notes.keyFindings, notes.artifacts, notes.files, notes.migrationNotes, notes.commands, notes.logs, notes.dbQueries, notes.followUps];
    expect(counts.map((list) => list.length)).toEqual([3, 5, 2, 29, 1, 3, 1, 1, 3]);
    expect(notes.followUps.map(({ due }) => due)).toEqual(['2026-02-24', '2026-03-05', '2026-02-26']);
    expect(notes.followUps.every(({ owner }) => owner !== undefined)).toBe(true);
  });
});
