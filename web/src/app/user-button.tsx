import { VisuallyHidden } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import type { ComponentPropsWithRef } from "react";
import type { Me } from "../lib/types.ts";
import { Avatar } from "../conversation/marks/avatar.tsx";
import classes from "./shell.module.css";
import { SHELL } from "./texts.ts";

/** Who one is; the menu hangs on it. */
export function UserButton({ me, ...rest }: { me: Me } & ComponentPropsWithRef<"button">) {
  const name = me.user?.name ?? SHELL.api_key;
  return (
    <button {...rest} type="button" className={classes["user"]}>
      <Avatar id={me.user?.id ?? ""} name={name} size={32} />
      <span className={classes["who"]}>
        <strong>{name}</strong>
        <span>{me.user?.email}</span>
      </span>
      <VisuallyHidden>{SHELL.user_menu}</VisuallyHidden>
      <IconDots size={18} aria-hidden />
    </button>
  );
}
