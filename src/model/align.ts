/** Alignment of two sequences in order: as many pairs as possible, and among those the ones that look most alike. */

/** A pair outweighs all likeness of its block together: no equal finding is left out so that others find a prettier partner. */
const PAIR = 1_000;
/** Cells of one table; longer sequences are aligned along the diagonal in blocks. */
const CELLS = 2_500;

/** Pairs of indexes, rising on both sides. `likeness` is asked at most `CELLS` times for each block. */
export function alignInOrder(left: number, right: number, likeness: (l: number, r: number) => number): [number, number][] {
  if (left * right <= CELLS) return alignBlock({ left: [0, left], right: [0, right] }, likeness);
  const side = Math.floor(Math.sqrt(CELLS));
  const blocks = Math.ceil(Math.max(left, right) / side);
  const pairs: [number, number][] = [];
  for (let at = 0; at < blocks; at += 1) {
    const block = { left: part(left, at, blocks), right: part(right, at, blocks) };
    pairs.push(...alignBlock(block, likeness));
  }
  return fillRest(pairs, left, right);
}

type Range = readonly [from: number, to: number];
type Block = Readonly<{ left: Range; right: Range }>;

function part(length: number, at: number, blocks: number): Range {
  return [Math.floor((length * at) / blocks), Math.floor((length * (at + 1)) / blocks)];
}

function alignBlock(block: Block, likeness: (l: number, r: number) => number): [number, number][] {
  const rows = block.left[1] - block.left[0];
  const columns = block.right[1] - block.right[0];
  const score = Array.from({ length: rows + 1 }, () => new Float64Array(columns + 1));
  const at = (row: number, column: number): number => score[row]?.[column] ?? 0;
  const worth = (row: number, column: number): number => PAIR + likeness(block.left[0] + row, block.right[0] + column);
  for (let row = rows - 1; row >= 0; row -= 1) {
    for (let column = columns - 1; column >= 0; column -= 1) {
      const best = Math.max(at(row + 1, column + 1) + worth(row, column), at(row + 1, column), at(row, column + 1));
      const cells = score[row];
      if (cells !== undefined) cells[column] = best;
    }
  }
  const pairs: [number, number][] = [];
  for (let row = 0, column = 0; row < rows && column < columns; ) {
    if (at(row, column) === at(row + 1, column + 1) + worth(row, column)) pairs.push([block.left[0] + row++, block.right[0] + column++]);
    else if (at(row, column) === at(row + 1, column)) row += 1;
    else column += 1;
  }
  return pairs;
}

/** Blocks can leave partners apart on two sides of a border: these are paired in order, since their text is equal. */
function fillRest(pairs: readonly [number, number][], left: number, right: number): [number, number][] {
  const usedLeft = new Set(pairs.map(([l]) => l));
  const usedRight = new Set(pairs.map(([, r]) => r));
  const freeRight = Array.from({ length: right }, (_, r) => r).filter((r) => !usedRight.has(r));
  const rest = Array.from({ length: left }, (_, l) => l).filter((l) => !usedLeft.has(l)).slice(0, freeRight.length);
  return [...pairs, ...rest.map((l, at): [number, number] => [l, freeRight[at] ?? 0])];
}
