import type { ReactNode } from "react";
import classes from "./consent.module.css";

/** One subject: what it is on the left, its fields on the right. */
export function Section({
  id,
  title,
  lead,
  children,
}: {
  id: string;
  title: string;
  lead: string;
  children: ReactNode;
}) {
  return (
    <section className={classes["section"]} aria-labelledby={id}>
      <div className={classes["about"]}>
        <h2 id={id}>{title}</h2>
        <p>{lead}</p>
      </div>
      <div className={classes["fields"]}>{children}</div>
    </section>
  );
}
