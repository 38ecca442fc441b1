import { describe, expect, it } from 'vitest';
import { AuditError } from '../../src/errors.ts';
import type { Documents } from '../../src/model/documents.ts';
import { publishAll } from '../../src/publish/index.ts';
import type { Published, Publisher } from '../../src/publish/publisher.ts';
import { aRun, aTask } from '../model/run-builder.ts';
import { anAudit } from '../render/audit-builder.ts';

/** Keeps the codes of the problems, and the addresses, that it was shown. */
function aPublisher(id: Publisher['id'], answer: Published | AuditError): Publisher & Readonly<{ shown: unknown[] }> {
  const shown: unknown[] = [];
  return {
    id, weight: 'best-effort', shown,
    publish({ audit: { run, links }, documents }) {
      shown.push(run.problems.map(({ code }) => code), links.checkRun, documents.summary());
      return answer instanceof AuditError ? Promise.reject(answer) : Promise.resolve(answer);
    },
  };
}

const none = (): never => { throw new Error('not shown'); };
const audit = anAudit([aRun({ tasks: [aTask('test')] })]);
const lost = { code: 'BRANCH_PROTECTED', message: 'a rule forbids it' } as const;

describe('publishing in order', () => {
  it('shows to each what went wrong before it, with the log too, and what was made', async () => {
    const check = aPublisher('check-run', { places: ['here'], links: { checkRun: 'https://example.org/check' }, problems: [{ code: 'CHECK_UNSURE', message: 'perhaps worse' }] });
    const comment = aPublisher('comment', new AuditError('CONVERSATION_LOCKED', { message: 'locked' }));
    const summary = aPublisher('summary', { places: [] });
    const { what, publications } = await publishAll({
      publishers: [check, comment, summary],
      what: { audit, entry: '', recorded: { state: false, problem: lost } },
      render: ({ run }): Documents => ({ comment: none, summary: () => run.problems.map(({ message }) => message).join(', '), checkRunHead: none, checkRun: none, overruled: none }),
    });
    expect(check.shown).toEqual([['BRANCH_PROTECTED'], undefined, 'a rule forbids it']);
    expect(comment.shown).toEqual([['BRANCH_PROTECTED', 'CHECK_UNSURE'], 'https://example.org/check', 'a rule forbids it, perhaps worse']);
    expect(summary.shown).toEqual([['BRANCH_PROTECTED', 'CHECK_UNSURE', 'CONVERSATION_LOCKED'], 'https://example.org/check', 'a rule forbids it, perhaps worse, locked']);
    expect(publications.map(({ publisher, status }) => `${publisher} ${status}`)).toEqual(['check-run published', 'comment failed', 'summary published']);
    expect(what.audit.run.problems).toHaveLength(3);
  });

  it('leaves the audit as it is where nothing is to be told', async () => {
    const { what } = await publishAll({ publishers: [aPublisher('summary', { places: [] })], what: { audit, entry: '', recorded: { state: true } }, render: () => ({ comment: none, summary: () => '', checkRunHead: none, checkRun: none, overruled: none }) });
    expect(what.audit).toBe(audit);
  });

  it('lets what is no error of ours go on up', async () => {
    const broken: Publisher = { id: 'comment', weight: 'best-effort', publish: () => Promise.reject(new TypeError('a fault')) };
    await expect(publishAll({ publishers: [broken], what: { audit, entry: '', recorded: { state: true } }, render: () => ({ comment: none, summary: none, checkRunHead: none, checkRun: none, overruled: none }) })).rejects.toThrow('a fault');
  });
});
