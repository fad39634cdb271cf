import type { ComponentPropsWithoutRef, ReactNode, RefCallback } from "react";
import classes from "./page.module.css";

/** A page that scrolls as a whole: its name, what it is for, what one can do on it, and its content. */
export function Page({
  above,
  title,
  lead,
  action,
  scrolls,
  children,
}: {
  above?: ReactNode;
  title: ReactNode;
  lead?: ReactNode;
  action?: ReactNode;
  /** Given the element that scrolls. */
  scrolls?: RefCallback<HTMLElement>;
  children: ReactNode;
}) {
  return (
    <div ref={scrolls} className={classes["page"]}>
      {above}
      <header className={classes["header"]}>
        <div>
          <h1>{title}</h1>
          {lead && <div className={classes["lead"]}>{lead}</div>}
        </div>
        {action}
      </header>
      {children}
    </div>
  );
}

export function Card({ className, ...rest }: ComponentPropsWithoutRef<"section">) {
  return <section {...rest} className={`${classes["card"]} ${className ?? ""}`} />;
}
