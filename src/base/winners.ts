/**
 * One row a key: the one that wins over every other of its key; of two that do not win over each other, the first. They
 * come in the order of their keys by UTF-16 code units, so that batches which write them lock their rows in one order.
 */
export function winners<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  wins: (row: Row, over: Row) => boolean,
): Row[] {
  const best = new Map<string, Row>();
  for (const row of rows) {
    const key = keyOf(row);
    const known = best.get(key);
    if (known === undefined || wins(row, known)) best.set(key, row);
  }
  return [...best].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}
