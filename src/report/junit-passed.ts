/** Passing tests of a JUnit report that follow one another in one form, read at once. */
import { resolveReferences } from './characters.ts';
import { addPassed, nameTest, type JunitReading } from './junit-state.ts';

/** Counts all that stand at `at`, and says where they end. What a cap, another form or a result keeps from being read here is left to the general reading. */
export function readPassed(reading: JunitReading, buffer: string, at: number): number {
  const { forms: { current }, counts, limits, problems: { tally } } = reading;
  const suite = reading.suites.at(-1);
  if (current === undefined || suite === undefined) return at;
  const { pattern } = current;
  let end = at;
  while (counts.tests < limits.cases) {
    pattern.lastIndex = end;
    const found = pattern.exec(buffer);
    if (found === null || pattern.lastIndex - end > limits.text) break;
    end = pattern.lastIndex;
    const classname = found[current.classname];
    suite.direct += 1;
    addPassed(reading, suite, nameTest(reading, suite, {
      name: resolveReferences(found[current.name] ?? '', tally),
      classname: classname === undefined ? undefined : resolveReferences(classname, tally),
    }));
  }
  return end;
}
