import { Button } from "@mantine/core";
import { IconAnchorOff } from "@tabler/icons-react";
import type { UseInfiniteQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ApiProblem } from "../lib/server/api.ts";
import classes from "./page-state.module.css";
import { STATE } from "./texts.ts";

/** Nothing to show, and what to do about it. */
export function Empty({
  icon,
  title,
  children,
  action,
}: {
  icon: ReactNode;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className={classes["state"]}>
      <span className={classes["icon"]} aria-hidden>
        {icon}
      </span>
      <h2 className={classes["title"]}>{title}</h2>
      {children && <p className={classes["text"]}>{children}</p>}
      {action && <div className={classes["action"]}>{action}</div>}
    </div>
  );
}

/** What failed, in words for people, with a way to try again where that can help. */
export function Failure({ error, retry }: { error: Error; retry?: (() => void) | undefined }) {
  const problem = error instanceof ApiProblem ? error : null;
  const request = problem?.text.internal ? problem.request_id : null;
  return (
    <div className={classes["state"]} role="alert">
      <span className={classes["icon"]} data-tone="bad" aria-hidden>
        <IconAnchorOff size={26} stroke={1.6} />
      </span>
      <h2 className={classes["title"]}>{(problem?.text.says ?? error.message).replace(/\.$/, "")}</h2>
      {problem?.text.advice && <p className={classes["text"]}>{problem.text.advice}</p>}
      {request && <p className={classes["code"]}>{STATE.request(request)}</p>}
      {retry && !isLasting(problem) && (
        <div className={classes["action"]}>
          <Button variant="default" onClick={retry}>
            {STATE.again}
          </Button>
        </div>
      )}
    </div>
  );
}

/** The same again would be answered the same. */
const isLasting = (problem: ApiProblem | null) =>
  problem !== null && ["NOT_FOUND", "INVALID_REQUEST", "FORBIDDEN", "BODY_GONE"].includes(problem.code);

type Paged = Pick<UseInfiniteQueryResult, "hasNextPage" | "isFetchingNextPage" | "fetchNextPage">;

/** The button that brings the next page of a list; nothing where there is none. */
export function Older({
  query: { hasNextPage, isFetchingNextPage, fetchNextPage },
  size,
  children,
}: {
  query: Paged;
  size?: "xs";
  children: string;
}) {
  if (!hasNextPage) return null;
  return (
    <Button
      variant="default"
      {...(size && { size })}
      loading={isFetchingNextPage}
      onClick={() => void fetchNextPage()}
    >
      {children}
    </Button>
  );
}

/** The same as the last row of a card. */
export function OlderRow({ query, children }: { query: Paged; children: string }) {
  if (!query.hasNextPage) return null;
  return (
    <div className={classes["older"]}>
      <Older query={query}>{children}</Older>
    </div>
  );
}
