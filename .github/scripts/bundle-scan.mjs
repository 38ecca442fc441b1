/** What a bundle must not hold unless it is known why: code from text, other processes, environment files of the runner, foreign hosts. */

/** Each hit of `pattern` must match one of `known` in its surroundings; a reason that no longer applies is told too. */
const RULES = [
  {
    what: 'code made from text',
    pattern: /\beval\s*\(|\bnew Function\b|[=(,?:&]Function\b(?!["'|])/g,
    known: [
      { near: /=Function\.bind,\w+=\w+\.bind\(\w+\)/, reason: 'the hooks of Octokit bind functions that are there' },
      { near: /Function\.prototype\.call\(\w+\)===Function\.prototype\.call\(\w+\)/, reason: 'Octokit asks whether a value is a plain object' },
    ],
  },
  {
    what: 'WebAssembly',
    pattern: /\bWebAssembly\b/g,
    known: [],
  },
  {
    what: 'another process',
    pattern: /\bchild_process\b/g,
    known: [
      { near: /exports=\w+\(import\.meta\.url\)\("node:child_process"\)/, reason: 'git, by host/local/git.ts' },
    ],
  },
  { what: 'an environment file of the runner', pattern: /\bGITHUB_(?:ENV|PATH)\b/g, known: [] },
  {
    what: 'a host',
    pattern: /\b(?:https?|wss?):\/\/(?:[a-z0-9-]+\.)+[a-z]{2,}[^\s"'`)]*/gi,
    known: [
      { near: /"GITHUB_(?:API|SERVER)_URL","https:\/\/(?:api\.)?github\.com"/, reason: 'where the API is if the runner does not say, as it always does' },
      { near: /as in http:\/\/proxy\.example:3128/, reason: 'an example in a message' },
      { near: /baseUrl:"https:\/\/(?:api|uploads)\.github\.com"/, reason: 'defaults of Octokit, of which the first is replaced and the second never asked' },
      { near: /Learn more at https:\/\/github\.com\/octokit|is deprecated, see https:\/\/docs\.github\.com\/rest/, reason: 'texts of Octokit about itself' },
      { near: /version https:\/\/git-lfs\.github\.com\/spec\//, reason: 'the first line by which a Git LFS pointer is known' },
    ],
  },
];

/** How much around a hit is looked at. */
const AROUND = 100;

/** `files`: name to code. One line for each thing that needs a look. */
export function scanBundle(files, rules = RULES) {
  const problems = [];
  for (const { what, pattern, known } of rules) {
    const used = new Set();
    for (const [name, code] of files) {
      for (const hit of code.matchAll(pattern)) {
        const around = code.slice(Math.max(0, hit.index - AROUND), hit.index + hit[0].length + AROUND);
        const reason = known.find(({ near }) => near.test(around));
        if (reason === undefined) problems.push(`${name} holds ${what}: …${around.replaceAll('\n', ' ')}…; if it is right, say why in bundle-scan.mjs.`);
        else used.add(reason);
      }
    }
    problems.push(...known.filter((reason) => !used.has(reason)).map(({ near }) => `bundle-scan.mjs allows ${what} near /${near.source}/, which the bundle no longer holds.`));
  }
  return problems;
}
