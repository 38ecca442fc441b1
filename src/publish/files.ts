/** Publishing into files for later steps: the summary, and the whole run as JSON. */
import type { DocumentFolder } from '../host/ports.ts';
import type { Publishable, Publisher } from './publisher.ts';

/** `json`: of everything that is known of the run; it ends with a newline. Places: the summary's path, then that of the JSON. */
export function filesPublisher(folder: DocumentFolder, json: (what: Publishable) => string): Publisher {
  return {
    id: 'files',
    weight: 'best-effort',
    async publish(what) {
      const summary = await folder.write('summary.md', what.documents.summary());
      return { places: [summary, await folder.write('run.json', json(what))] };
    },
  };
}
