/** Reporting descriptors of a SARIF run (2.1.0, 3.49 and 3.52): rules and notifications of the driver and its extensions, and which of them a reference means. */
import { asObject } from './json.ts';
import { indexIn, listIn, objectIn, objectsOf, textIn, type JsonObject } from './sarif-fields.ts';

export type Descriptors = Readonly<{
  /** By index and id, in the component that the reference names; `undefined`: it means none that is described. */
  find(reference: JsonObject | undefined): JsonObject | undefined;
  /** Those of the driver first. */
  all: readonly JsonObject[];
}>;

type Component = Readonly<{ list: readonly unknown[]; byId: ReadonlyMap<string, JsonObject> }>;

export function openDescriptors(run: JsonObject, kind: 'rules' | 'notifications'): Descriptors {
  const tool = objectIn(run, 'tool');
  const driver = openComponent(listIn(objectIn(tool, 'driver'), kind));
  const extensions = listIn(tool, 'extensions').map((value) => openComponent(listIn(asObject(value), kind)));
  const anywhere = new Map<string, JsonObject>();
  let longest = 0;
  for (const { byId } of [...extensions, driver]) {
    for (const [id, descriptor] of byId) {
      anywhere.set(id, descriptor);
      longest = Math.max(longest, id.length);
    }
  }
  return {
    find(reference) {
      const component = extensions[indexIn(objectIn(reference, 'toolComponent'), 'index') ?? -1] ?? driver;
      const id = textIn(reference, 'id');
      const indexed = asObject(component.list[indexIn(reference, 'index') ?? -1]);
      return indexed !== undefined && agrees(id, textIn(indexed, 'id')) ? indexed : findById(id, [component.byId, anywhere], longest);
    },
    all: [...new Set([driver, ...extensions].flatMap(({ list }) => objectsOf(list)))],
  };
}

function openComponent(list: readonly unknown[]): Component {
  const byId = new Map<string, JsonObject>();
  for (const descriptor of objectsOf(list)) {
    const id = textIn(descriptor, 'id');
    if (id !== undefined && !byId.has(id)) byId.set(id, descriptor);
  }
  return { list, byId };
}

/** An index that leads to another descriptor than the id names is not followed. */
function agrees(id: string | undefined, indexed: string | undefined): boolean {
  if (id === undefined || indexed === undefined || id === indexed) return true;
  // Nothing is put together: a long id would be copied for each result.
  return id.length > indexed.length && id.charAt(indexed.length) === '/' && id.startsWith(indexed);
}

const ID_PARTS = 16;

/** By the id, else by what is left of it without its last parts: `CA2101/1` is reported by the rule `CA2101`. `longest`: characters of the longest id there is. */
function findById(id: string | undefined, places: readonly ReadonlyMap<string, JsonObject>[], longest: number): JsonObject | undefined {
  for (let known = id ?? '', parts = 0; known !== '' && parts < ID_PARTS; known = known.slice(0, Math.max(known.lastIndexOf('/'), 0)), parts += 1) {
    for (const place of known.length > longest ? [] : places) {
      const descriptor = place.get(known);
      if (descriptor !== undefined) return descriptor;
    }
  }
  return undefined;
}
