/** The templates that the product ships. */
import { readFileSync } from 'node:fs';
import type { Templates } from '../../src/render/fill.ts';

function read(name: string): string {
  return readFileSync(new URL(`../../templates/${name}`, import.meta.url), 'utf8');
}

export const TEMPLATES: Templates = { comment: read('comment.md'), checkRun: read('check-run.md'), summary: read('summary.md') };
