/** Where SARIF says that something is (2.1.0, 3.4 and 3.14.14): URIs and their bases, made paths as tools write them. Nothing is opened. */
import { asCount, asObject, field } from './json.ts';
import { indexIn, listIn, objectIn, textIn, type JsonObject } from './sarif-fields.ts';

type SarifPlace = Readonly<{ path?: string; line?: number; column?: number }>;

/** Of one run. */
export type Places = Readonly<{
  /** The first location that names a file, else the file that was scanned. */
  ofResult(result: JsonObject): SarifPlace;
  /** Every file that a notification names. `isLost`: it names places that no path is known of. */
  ofNotification(notification: JsonObject): Readonly<{ paths: readonly string[]; isLost: boolean }>;
}>;

/** Bases that stand on bases: more are a loop or an attack. */
const BASES = 16;
/** Longer is no path of any system. */
const URI_CHARACTERS = 4_096;
/** Beyond any source that is read; a number from here on says nothing about where to look. */
const LINES = 10_000_000;
/** Locations of one result that are looked at for a file. */
const LOCATIONS = 100;

export function openPlaces(run: JsonObject): Places {
  const artifacts = listIn(run, 'artifacts');
  const bases = objectIn(run, 'originalUriBaseIds');
  const known = new Map<string | undefined, Map<string, string | undefined>>();
  const pathOf = (location: JsonObject | undefined): string | undefined => {
    const uri = textIn(location, 'uri');
    const named = uri === undefined ? objectIn(asObject(artifacts[indexIn(location, 'index') ?? -1]), 'location') : location;
    const own = uri ?? textIn(named, 'uri');
    if (own === undefined || own.length > URI_CHARACTERS) return undefined;
    const base = textIn(named, 'uriBaseId');
    const paths = known.get(base) ?? new Map<string, string | undefined>();
    if (paths.size === 0) known.set(base, paths);
    if (!paths.has(own)) paths.set(own, filePath(based(own, base, bases)));
    return paths.get(own);
  };
  return {
    ofResult: (result) => placeOf(result, pathOf),
    ofNotification(notification) {
      const locations = listIn(notification, 'locations');
      const paths = locations.flatMap((location) => pathOf(objectIn(objectIn(asObject(location), 'physicalLocation'), 'artifactLocation')) ?? []);
      return { paths, isLost: paths.length < locations.length };
    },
  };
}

type PathOf = (location: JsonObject | undefined) => string | undefined;

function placeOf(result: JsonObject, pathOf: PathOf): SarifPlace {
  for (const value of listIn(result, 'locations').slice(0, LOCATIONS)) {
    const physical = objectIn(asObject(value), 'physicalLocation');
    const path = pathOf(objectIn(physical, 'artifactLocation'));
    if (path === undefined) continue;
    const region = objectIn(physical, 'region');
    const line = numberIn(region, 'startLine');
    const column = line === undefined ? undefined : numberIn(region, 'startColumn');
    return { path, ...(line === undefined ? {} : { line }), ...(column === undefined ? {} : { column }) };
  }
  const target = pathOf(objectIn(result, 'analysisTarget'));
  return target === undefined ? {} : { path: target };
}

function numberIn(region: JsonObject | undefined, key: string): number | undefined {
  const value = region === undefined ? undefined : asCount(field(region, key));
  return value === undefined || value > LINES ? undefined : value;
}

/** A scheme of two letters or more: one letter is a drive. */
const SCHEME = /^[A-Za-z][A-Za-z0-9+.-]+:/;

/** The URI behind its bases. A base that is not defined, or has no URI of its own, is the folder that the tool ran in. */
function based(uri: string, baseId: string | undefined, bases: JsonObject | undefined): string {
  let whole = uri;
  let id = baseId;
  for (let steps = 0; steps < BASES && id !== undefined && !isRooted(whole); steps += 1) {
    const base = objectIn(bases, id);
    const prefix = textIn(base, 'uri') ?? '';
    if (prefix.length + whole.length >= URI_CHARACTERS) return '';
    whole = prefix === '' || prefix.endsWith('/') ? `${prefix}${whole}` : `${prefix}/${whole}`;
    id = textIn(base, 'uriBaseId');
  }
  return whole;
}

function isRooted(uri: string): boolean {
  return uri.startsWith('/') || SCHEME.test(uri) || isDrive(uri);
}

function isDrive(uri: string): boolean {
  return /^[A-Za-z]:[\\/]/.test(uri);
}

/** `undefined` for what names no file. Addresses of other kinds stay as they are: they are shown, and lie outside of every repository. */
function filePath(uri: string): string | undefined {
  if (uri === '' || uri.length > URI_CHARACTERS) return undefined;
  if (isDrive(uri)) return uri;
  const local = /^file:(?:\/\/(?:localhost)?)?(\/(?!\/).*)$/is.exec(uri)?.[1];
  // `file:///C:/a` names a drive.
  if (local !== undefined) return decoded(local).replace(/^\/(?=[A-Za-z]:\/)/, '');
  if (SCHEME.test(uri)) return uri.includes('://') ? uri : undefined;
  // Some tools on Windows write a path where a URI belongs.
  return decoded(uri.includes('\\') && !uri.includes('/') ? uri.replaceAll('\\', '/') : uri);
}

/** As written where it is not encoded, or would hide control characters. */
function decoded(path: string): string {
  if (!path.includes('%')) return path;
  try {
    const plain = decodeURIComponent(path);
    return /\p{Cc}/u.test(plain) ? path : plain;
  } catch {
    return path;
  }
}
