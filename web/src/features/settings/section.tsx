import type { ReactNode } from "react";
import classes from "./settings.module.css";

/** One subject of the settings: what it is on the left, its fields on the right. */
export function Section({
  id,
  title,
  lead,
  more,
  children,
}: {
  id: string;
  title: string;
  lead: string;
  more?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className={classes["section"]} aria-labelledby={id}>
      <div className={classes["about"]}>
        <h2 id={id}>{title}</h2>
        <p>{lead}</p>
        {more}
      </div>
      <div className={classes["fields"]}>{children}</div>
    </section>
  );
}

/** Names and what they are. */
export function Facts({ rows }: { rows: [name: string, value: ReactNode][] }) {
  return (
    <dl className={classes["facts"]}>
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

export function Wrong({ children }: { children: ReactNode }) {
  return (
    <p className={classes["wrong"]} role="alert">
      {children}
    </p>
  );
}
