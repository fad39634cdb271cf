import {
  cloneElement,
  type ComponentPropsWithRef,
  type ReactElement,
  type ReactNode,
  Suspense,
  useState,
} from "react";

/**
 * A button whose menu is code of its own, fetched when one points at the button or presses it. `menu` draws the same
 * button with the menu on it; `opened` where it was pressed before its code was there.
 */
export function MenuOnIntent({
  button,
  menu,
}: {
  button: ReactElement<ComponentPropsWithRef<"button">>;
  menu: (opened: boolean) => ReactNode;
}) {
  const [wanted, setWanted] = useState<"no" | "near" | "opened">("no");
  const before = cloneElement(button, {
    "aria-haspopup": "menu",
    onPointerEnter: () => setWanted((now) => (now === "no" ? "near" : now)),
    onClick: () => setWanted("opened"),
  });
  return wanted === "no" ? before : <Suspense fallback={before}>{menu(wanted === "opened")}</Suspense>;
}
