import type { ReactNode } from "react";
import { Mark } from "../../ui/logo.tsx";
import classes from "./frame.module.css";
import { MOTTO } from "./texts.ts";

/** What stands around the forms before one is inside. */
export function Frame({ title, lead, children }: { title: string; lead?: string; children?: ReactNode }) {
  return (
    <div className={classes["frame"]}>
      <aside className={classes["sea"]} aria-hidden>
        <p>
          {MOTTO.map((line) => (
            <span key={line}>{line}</span>
          ))}
        </p>
        <svg viewBox="0 0 1200 260" preserveAspectRatio="none">
          <path d="M0 120c150-70 300-70 450 0s300 70 450 0 200-60 300-20v160H0z" opacity=".35" />
          <path d="M0 160c150 60 300 60 450 0s300-60 450 0 200 50 300 10v90H0z" opacity=".5" />
          <path d="M0 200c150-40 300-40 450 0s300 40 450 0 200-30 300 0v60H0z" />
        </svg>
      </aside>
      <main className={classes["main"]}>
        <div className={classes["box"]}>
          <div className={classes["brand"]}>
            <Mark size={40} />
            <strong>Wharf</strong>
          </div>
          <h1>{title}</h1>
          {lead && <p className={classes["lead"]}>{lead}</p>}
          {children}
        </div>
      </main>
    </div>
  );
}
