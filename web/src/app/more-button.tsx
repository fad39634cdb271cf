import { IconDots } from "@tabler/icons-react";
import { useLocation } from "@tanstack/react-router";
import type { ComponentPropsWithRef } from "react";
import { Count } from "./count.tsx";
import type { Place } from "./place.ts";
import classes from "./shell.module.css";
import { NAVIGATION } from "./texts.ts";

/** On a phone the bar has room for what one uses every day; the menu with the rest hangs on this button. */
export function MoreButton({
  places,
  ...props
}: { places: readonly Place[] } & ComponentPropsWithRef<"button">) {
  const { pathname } = useLocation();
  const is_in = places.some(({ to }) => pathname === to || pathname.startsWith(`${to}/`));
  const troubled = places.find(({ alert }) => alert !== undefined && alert.of > 0);
  return (
    <button
      {...props}
      type="button"
      className={classes["item"]}
      aria-current={is_in ? "page" : undefined}
      data-more
    >
      <IconDots size={21} stroke={1.7} aria-hidden />
      <span>{NAVIGATION.more}</span>
      <Count {...troubled?.alert} trouble />
    </button>
  );
}
