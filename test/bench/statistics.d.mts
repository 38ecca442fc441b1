export function median(values: readonly number[]): number;
export function ratio(value: number, base: number): number | null;
export function verdictOf(value: number | null, target: number | null): 'within' | 'over' | 'none';
export function formatTable(header: readonly string[], rows: readonly (readonly string[])[]): string;
