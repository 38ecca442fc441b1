/** Publishing in order: each publisher after the other, and none stopped by one that failed. */
import { AuditError } from '../errors.ts';
import type { Audit } from '../model/audit.ts';
import type { Documents } from '../model/documents.ts';
import type { Publication, Publishable, Published, Publisher } from './publisher.ts';

export type PublishRequest = Readonly<{ publishers: readonly Publisher[]; what: Omit<Publishable, 'documents'>; render(audit: Audit): Documents }>;
export type Publishing = Readonly<{ what: Publishable; publications: readonly Publication[] }>;

/**
 * The run log is written before: what stands there is what the others show. What one of them made is linked by those after it, and what went wrong,
 * with the log too, is told by them. In the answer `what` holds all of it. Anything but an AuditError is a fault of ours and goes on up.
 */
export async function publishAll({ publishers, what, render }: PublishRequest): Promise<Publishing> {
  const publications: Publication[] = [];
  const first = withMore(what.audit, { problems: what.recorded.problem === undefined ? [] : [what.recorded.problem] });
  let shown: Publishable = { ...what, audit: first, documents: render(first) };
  for (const publisher of publishers) {
    const publication = await publishTo(publisher, shown);
    publications.push(publication);
    const audit = withMore(shown.audit, publication.status === 'failed' ? { problems: [publication.problem] } : publication);
    if (audit !== shown.audit) shown = { ...shown, audit, documents: render(audit) };
  }
  return { what: shown, publications };
}

function withMore(audit: Audit, { links = {}, problems = [], overruled }: Omit<Published, 'places'>): Audit {
  if (Object.keys(links).length + problems.length === 0 && overruled === undefined) return audit;
  return { ...audit, ...(overruled === undefined ? {} : { overruled }), links: { ...audit.links, ...links }, run: { ...audit.run, problems: [...audit.run.problems, ...problems] } };
}

async function publishTo({ id, weight, ...publisher }: Publisher, what: Publishable): Promise<Publication> {
  try {
    return { publisher: id, weight, status: 'published', ...await publisher.publish(what) };
  } catch (error) {
    if (!(error instanceof AuditError)) throw error;
    return { publisher: id, weight, status: 'failed', problem: error.problem };
  }
}
