/** The ledger and the state of the checks, read back from their files. Loaded only where there are any: a first run needs no schema. */
import type * as z from 'zod/mini';
import { AuditError } from '../errors.ts';
import { CHECKS_VERSION } from './checks.ts';
import { conforming, parseJson } from './json-document.ts';
import type { Ledger } from './ledger.ts';
import { LEDGER_VERSION } from './ledger-file.ts';
import { checkValue } from './schema/check-value.ts';
import { ChecksSchema, VersionSchema, type Checks } from './schema/checks.ts';
import { HeaderSchema, LedgerFindingSchema } from './schema/ledger.ts';

/** Throws LEDGER_CORRUPT or LEDGER_NEWER: a ledger that cannot be read is never taken for an empty one. */
export function parseLedger(text: string, path: string): Ledger {
  const [first = '', ...rest] = text.split('\n');
  const header = parseLine(HeaderSchema, first, { path, line: 1 });
  if (header.schema > LEDGER_VERSION) {
    throw new AuditError('LEDGER_NEWER', { message: `${path} has schema ${header.schema}; this version reads ${LEDGER_VERSION}.`, path, exitCode: 2 });
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

/** Throws LEDGER_CORRUPT or LEDGER_NEWER. */
export function parseChecks(text: string, path: string): Checks {
  const value = parseJson(text, path);
  const version = checkValue(VersionSchema, value);
  if (version.success && version.data.schema > CHECKS_VERSION) {
    throw new AuditError('LEDGER_NEWER', { message: `${path} has schema ${version.data.schema}; this version reads ${CHECKS_VERSION}.`, path, exitCode: 2 });
  }
  return conforming(ChecksSchema, value, path);
}

type Where = Readonly<{ path: string; line: number }>;

function parseLine<T>(schema: z.ZodMiniType<T>, line: string, where: Where): T {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw corrupt(where, 'the line is not JSON', cause);
  }
  const parsed = checkValue(schema, value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw corrupt(where, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not as expected'}`, parsed.error);
  }
  return parsed.data;
}

function corrupt({ path, line }: Where, why: string, cause?: unknown): AuditError {
  return new AuditError('LEDGER_CORRUPT', { message: `${path}, line ${line}: ${why}.`, path, exitCode: 2, cause });
}
