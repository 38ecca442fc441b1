export type ScanRule = Readonly<{ what: string; pattern: RegExp; known: readonly Readonly<{ near: RegExp; reason: string }>[] }>;
export function scanBundle(files: ReadonlyMap<string, string>, rules?: readonly ScanRule[]): string[];
