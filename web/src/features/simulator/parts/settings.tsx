import type { ReactNode } from "react";
import classes from "./settings.module.css";

/** Things of one kind below each other, each with what can be done about it. */
export function Settings({ children }: { children: ReactNode }) {
  return <ul className={classes["settings"]}>{children}</ul>;
}

export function Setting({
  face,
  title,
  says,
  alarm = false,
  children,
}: {
  face?: ReactNode;
  title: string;
  says: ReactNode;
  /** What it says is no description but trouble. */
  alarm?: boolean;
  children: ReactNode;
}) {
  return (
    <li className={classes["setting"]}>
      {face}
      <div className={classes["words"]}>
        <b>{title}</b>
        <span data-alarm={alarm || undefined}>{says}</span>
      </div>
      {children}
    </li>
  );
}
