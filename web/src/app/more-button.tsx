import { IconDots } from "@tabler/icons-react";
import { useLocation } from "@tanstack/react-router";
import type { ComponentPropsWithRef } from "react";
import classes from "./shell.module.css";
import { NAVIGATION } from "./texts.ts";

/** What stands behind "More". */
const ASIDE = /^\/(?:journal|sandbox|simulator|docs)(?:\/|$)/;

/** On a phone the bar has room for what one uses every day; the menu with the rest hangs on this button. */
export function MoreButton(props: ComponentPropsWithRef<"button">) {
  const { pathname } = useLocation();
  return (
    <button
      {...props}
      type="button"
      className={classes["item"]}
      aria-current={ASIDE.test(pathname) ? "page" : undefined}
      data-more
    >
      <IconDots size={21} stroke={1.7} aria-hidden />
      <span>{NAVIGATION.more}</span>
    </button>
  );
}
