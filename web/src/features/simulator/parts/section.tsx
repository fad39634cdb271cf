import { IconChevronRight } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Card } from "../../../ui/page.tsx";
import classes from "./section.module.css";
import { texts } from "../texts.ts";

/** One card of the page: its name, what it is for in a sentence, and its controls. */
export function Section({
  id,
  title,
  says,
  aside,
  locked = false,
  children,
}: {
  id: string;
  title: string;
  says?: ReactNode;
  aside?: ReactNode;
  /** A scenario plays with its own settings. */
  locked?: boolean;
  children: ReactNode;
}) {
  return (
    <Card id={id} aria-labelledby={`${id}-title`} className={classes["section"] ?? ""}>
      <header className={classes["head"]}>
        <div>
          <h2 id={`${id}-title`}>{title}</h2>
          {says && <p>{says}</p>}
        </div>
        {aside}
      </header>
      {locked && <p className={classes["locked"]}>{texts.locked}</p>}
      <fieldset className={classes["body"]} disabled={locked}>
        {children}
      </fieldset>
    </Card>
  );
}

/** A part of a section that has a name of its own. */
export function Part({
  title,
  says,
  aside,
  children,
}: {
  title: string;
  says?: ReactNode;
  aside?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className={classes["part"]} aria-label={title}>
      <div className={classes["title"]}>
        <div>
          <h3>{title}</h3>
          {says && <p>{says}</p>}
        </div>
        {aside}
      </div>
      {children}
    </section>
  );
}

/** A part that few need: closed it says in a line how things stand. */
export function Fold({ title, now, children }: { title: string; now: string; children: ReactNode }) {
  return (
    <details className={classes["fold"]}>
      <summary>
        <IconChevronRight size={17} aria-hidden />
        <h3>{title}</h3>
        <span>{now}</span>
      </summary>
      {children}
    </details>
  );
}
