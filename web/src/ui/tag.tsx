import type { ComponentPropsWithRef, ReactNode } from "react";
import classes from "./tag.module.css";

export type Tone = "good" | "warn" | "bad" | "quiet" | "accent";

/** A small label whose colour means something. */
export function Tag({
  tone,
  icon,
  children,
  ...rest
}: { tone: Tone; icon?: ReactNode; children: ReactNode } & ComponentPropsWithRef<"span">) {
  return (
    <span {...rest} className={classes["tag"]} data-tone={tone}>
      {icon}
      {children}
    </span>
  );
}
