import { Link } from "@tanstack/react-router";
import type { MouseEvent, ReactNode, Ref } from "react";
import type { PeopleFilter } from "../model/model.ts";

/** The heading of the table of people: a number leads there. */
export const PEOPLE_ID = "campaign-people";

/** A number, or what stands around it, that opens the people behind it in the table below. */
export function PeopleLink({
  filter,
  className,
  children,
  ...hinted
}: {
  filter: PeopleFilter;
  className?: string | undefined;
  children: ReactNode;
  /** Of a hint. */
  ref?: Ref<HTMLAnchorElement>;
  "aria-describedby"?: string | undefined;
}) {
  const jump = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const heading = document.getElementById(PEOPLE_ID);
    heading?.focus({ preventScroll: true });
    heading?.scrollIntoView({ block: "start" });
  };
  return (
    <Link from="/campaigns/$campaign_id" search={filter} className={className} onClick={jump} {...hinted}>
      {children}
    </Link>
  );
}
