/** Pushes `more`, however long: as arguments of one call some 100,000 items overflow the stack. */
export function appendTo<Item>(list: Item[], more: Iterable<Item>): void {
  for (const item of more) list.push(item);
}
