/** Names of tests as they are shown. */

/** Some runners name the file first: beside the path it is left out. */
export function testInFile(test: string, path: string | undefined): string {
  const lead = `${path ?? ''} > `;
  return path !== undefined && test.startsWith(lead) && test.length > lead.length ? test.slice(lead.length) : test;
}
