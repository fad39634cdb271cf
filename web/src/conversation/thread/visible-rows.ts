/** A message and where it begins, from the top of all that is drawn. */
export interface Place {
  id: string;
  top: number;
}

const FLASH_MS = 1_700;
const PREFIX = "m-";

export const rowOf = (message_id: string): HTMLElement | null => document.getElementById(PREFIX + message_id);

/** From the top of all that is in the box, wherever it is scrolled to. */
export const topOf = (row: Element, box: HTMLElement): number =>
  row.getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop;

/** The messages of which something is seen, from the top. Rows stand in order, so the first is found by halving. */
export function visibleRows(box: HTMLElement): Place[] {
  const rows = box.querySelectorAll(`[id^="${PREFIX}"]`);
  const top = box.scrollTop;
  let [from, to] = [0, rows.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    const row = rows[middle]!;
    if (topOf(row, box) + row.clientHeight <= top) from = middle + 1;
    else to = middle;
  }
  const seen: Place[] = [];
  for (let at = from; at < rows.length; at++) {
    const place = topOf(rows[at]!, box);
    if (place >= top + box.clientHeight) break;
    seen.push({ id: rows[at]!.id.slice(PREFIX.length), top: place });
  }
  return seen;
}

export function flash(row: HTMLElement): void {
  row.dataset["flash"] = "";
  setTimeout(() => delete row.dataset["flash"], FLASH_MS);
}
