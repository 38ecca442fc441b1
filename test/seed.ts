/** One seed for all property tests, so that a change alone decides whether they pass; AUDIT_SEED=<number> looks elsewhere. */
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env['AUDIT_SEED'] ?? 20_261_122) });
