/**
 * Where the keyboard goes when what it was on is gone: a row that was deleted or left its list, a toast, a page that one
 * leaves, or a button that is off while it works. The browser would begin anew at the top of the document.
 */

interface Place {
  element: HTMLElement;
  /** From its parent up to the body, each with which of its children one was in. */
  above: { element: HTMLElement; index: number }[];
}

/** How far back is looked for a place that is still there. */
const REMEMBERED = 8;
const TABBABLE =
  'a[href], button:not([disabled]), input:not([disabled]), select:not([disabled]), textarea:not([disabled]), [tabindex="0"]';
const LIST = "ul, ol, tbody, [role=list], [role=rowgroup]";

/** Keeps the focus for as long as it runs. */
export function keepFocus(): () => void {
  let places: Place[] = [];
  /** It had the focus when it was switched off. */
  let off: HTMLElement | null = null;
  const come = ({ target }: FocusEvent) => {
    if (!(target instanceof HTMLElement)) return;
    off = null;
    places = [placeOf(target), ...places.filter(({ element }) => element !== target)].slice(0, REMEMBERED);
  };
  // Who clicks beside everything has left by will.
  const leave = ({ target }: PointerEvent) => {
    if (!(target instanceof Element) || !target.closest(TABBABLE)) places = [];
  };
  const look = () => {
    const [last] = places;
    if (!last || document.activeElement !== document.body) return;
    if (!last.element.isConnected) return restore(places);
    if (last.element.matches(":disabled")) off = last.element;
    else if (off === last.element) focus(off);
  };
  const observer = new MutationObserver(look);
  observer.observe(document.body, { childList: true, subtree: true, attributeFilter: ["disabled"] });
  document.addEventListener("focusin", come);
  document.addEventListener("pointerdown", leave);
  return () => {
    observer.disconnect();
    document.removeEventListener("focusin", come);
    document.removeEventListener("pointerdown", leave);
  };
}

function placeOf(element: HTMLElement): Place {
  const above: Place["above"] = [];
  for (let child = element; child.parentElement; child = child.parentElement)
    above.push({ element: child.parentElement, index: [...child.parentElement.children].indexOf(child) });
  return { element, above };
}

/** The neighbour in its list, the dialog, or the page; else where one was before. */
function restore(places: Place[]): void {
  for (const { element, above } of places) {
    if (element.isConnected && element.matches(TABBABLE)) return focus(element);
    for (const { element: container, index } of above) {
      if (!container.isConnected || container === document.body) continue;
      const next = container.matches(LIST) ? neighbour(container, index) : null;
      if (next) return focus(next);
      if (container.matches("main, [role=dialog]")) return focus(container);
    }
  }
}

/** Of the row that is now where the focus was, or of the last one. */
function neighbour(list: HTMLElement, index: number): HTMLElement | null {
  const row = list.children[index] ?? list.lastElementChild;
  return row?.querySelector<HTMLElement>(TABBABLE) ?? null;
}

function focus(element: HTMLElement): void {
  element.focus({ preventScroll: true });
}
