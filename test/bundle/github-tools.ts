/** Stand-ins for npm, vitest and eslint: what they report lies in the checked-out tree, so that the commit decides, and they exit as the real ones do. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the tree says what the tools report. */
export const SAYS = { test: 'says/vitest.xml', lint: 'says/eslint.json' } as const;

/** vitest: 1 where a test failed. eslint: absolute paths, 1 where there are errors. A tree that says nothing is a tool that crashed before it wrote. */
const NPX = `#!/bin/sh
tool=$1
shift
for argument; do
  case $argument in --outputFile=*) out=\${argument#*=} ;; esac
  if [ "$before" = -o ]; then out=$argument; fi
  before=$argument
done
mkdir -p "$(dirname "$out")"
case $tool in
  vitest) cp ${SAYS.test} "$out" 2>/dev/null || { echo 'vitest: crashed' >&2; exit 134; }; ! grep -q '<failure' "$out" ;;
  eslint) sed "s|\\"filePath\\":\\"|&$PWD/|g" ${SAYS.lint} > "$out" 2>/dev/null || { echo 'eslint: crashed' >&2; rm -f "$out"; exit 2; }; ! grep -q '"severity":2' "$out" ;;
  *) echo "npx: $tool is not known here" >&2; exit 127 ;;
esac
`;

/** Made in this folder, which is then put in front of PATH. */
export function makeTools(folder: string): string {
  mkdirSync(folder, { recursive: true });
  for (const [name, script] of [['npm', '#!/bin/sh\n[ "$1" = ci ]\n'], ['npx', NPX]] as const) {
    writeFileSync(join(folder, name), script);
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
}
