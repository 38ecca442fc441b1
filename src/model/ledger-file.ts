/** The ledger as a file: a header line, then one finding a line. */
import { z } from 'zod';
import { AuditError } from '../errors.ts';
import { LedgerFindingSchema, type Ledger } from './ledger.ts';

const HeaderSchema = z.object({ schema: z.number().int(), branch: z.string() });
const VERSION = 1;

/** NDJSON, `\n` after every line. The header holds the version and the exact branch name only, so that it never changes. */
export function formatLedger(ledger: Ledger): string {
  return [{ schema: VERSION, branch: ledger.branch }, ...ledger.findings].map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** Throws LEDGER_CORRUPT or LEDGER_NEWER: a ledger that cannot be read is never taken for an empty one. */
export function parseLedger(text: string, path: string): Ledger {
  const [first = '', ...rest] = text.split('\n');
  const header = parseLine(HeaderSchema, first, { path, line: 1 });
  if (header.schema > VERSION) {
    throw new AuditError('LEDGER_NEWER', { message: `${path} has schema ${header.schema}; this version reads ${VERSION}.`, path, exitCode: 2 });
  }
  if (rest.pop() !== '') throw corrupt({ path, line: rest.length + 2 }, 'the last line has no end');
  const findings = rest.map((line, at) => parseLine(LedgerFindingSchema, line, { path, line: at + 2 }));
  const ids = new Set<string>();
  for (const [at, { id }] of findings.entries()) {
    if (ids.has(id)) throw corrupt({ path, line: at + 2 }, `the id ${id} stands twice`);
    ids.add(id);
  }
  return { branch: header.branch, findings };
}

type Where = Readonly<{ path: string; line: number }>;

function parseLine<T>(schema: z.ZodType<T>, line: string, where: Where): T {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw corrupt(where, 'the line is not JSON', cause);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw corrupt(where, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not as expected'}`, parsed.error);
  }
  return parsed.data;
}

function corrupt({ path, line }: Where, why: string, cause?: unknown): AuditError {
  return new AuditError('LEDGER_CORRUPT', { message: `${path}, line ${line}: ${why}.`, path, exitCode: 2, cause });
}
