import { cloneElement, type ComponentPropsWithRef, type ReactElement, Suspense, useState } from "react";

/**
 * A button whose menu is code of its own, fetched (`fetch`) when one points at the button. `menu` draws the same button
 * with the menu on it, from the first press on: a button that changed under the pointer would lose the click.
 */
export function MenuOnIntent({
  button,
  fetch,
  menu,
}: {
  button: ReactElement<ComponentPropsWithRef<"button">>;
  fetch: () => Promise<void>;
  menu: ReactElement<{ defaultOpened?: boolean }>;
}) {
  const [pressed, setPressed] = useState(false);
  const before = cloneElement(button, {
    "aria-haspopup": "menu",
    onPointerEnter: () => void fetch(),
    onFocus: () => void fetch(),
    onClick: () => setPressed(true),
  });
  if (!pressed) return before;
  return <Suspense fallback={before}>{cloneElement(menu, { defaultOpened: true })}</Suspense>;
}
