/** Which paths git can hold. */

/** As GitHub judges them: no empty part, none that climbs, none that is git's own. */
export function isWellFormedPath(path: string): boolean {
  return !path.includes('\0') && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && part.toLowerCase() !== '.git');
}
