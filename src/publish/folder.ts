/** Publishing into a folder: the documents as files, for whoever wants to carry them further. */
import type { DocumentFolder } from '../host/ports.ts';
import type { Publisher } from './publisher.ts';

export function folderPublisher(folder: DocumentFolder): Publisher {
  return {
    id: 'output-dir',
    weight: 'required',
    async publish({ entry, documents }) {
      const files: readonly (readonly [string, string])[] = [
        ['entry.md', entry],
        ['comment.md', documents.comment()],
        ['summary.md', documents.summary()],
        ['check-run.json', `${JSON.stringify(documents.checkRun(), undefined, 2)}\n`],
      ];
      const places: string[] = [];
      for (const [name, text] of files) places.push(await folder.write(name, text));
      return { places };
    },
  };
}
