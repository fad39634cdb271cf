import { cloneElement, type ComponentPropsWithRef, type ReactElement, Suspense, useState } from "react";

/**
 * A button whose menu is code of its own, fetched when one points at the button or presses it. `menu` draws the same
 * button with the menu on it, opened from the start where it was pressed before its code was there.
 */
export function MenuOnIntent({
  button,
  menu,
}: {
  button: ReactElement<ComponentPropsWithRef<"button">>;
  menu: ReactElement<{ defaultOpened?: boolean }>;
}) {
  const [wanted, setWanted] = useState<"no" | "near" | "opened">("no");
  const before = cloneElement(button, {
    "aria-haspopup": "menu",
    onPointerEnter: () => setWanted((now) => (now === "no" ? "near" : now)),
    onClick: () => setWanted("opened"),
  });
  if (wanted === "no") return before;
  return <Suspense fallback={before}>{cloneElement(menu, { defaultOpened: wanted === "opened" })}</Suspense>;
}
