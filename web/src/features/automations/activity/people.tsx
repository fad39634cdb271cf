import { Skeleton } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { localTimes } from "../../../lib/words/time.ts";
import { Ago } from "../../../ui/ago.tsx";
import { Failure, Older } from "../../../ui/page-state.tsx";
import { ACTIVITY, PEOPLE } from "../activity-texts.ts";
import { type NumberFilter, peopleQuery } from "../model/model.ts";
import classes from "./activity.module.css";
import { StatusTag } from "./tags.tsx";

/** The people behind a number of a step; each opens their run. */
export function People({ automation_id, filter }: { automation_id: string; filter: NumberFilter }) {
  const query = useInfiniteQuery(peopleQuery(automation_id, filter));
  const people = query.data?.pages.flatMap((page) => page.data) ?? [];
  if (query.isPending) return <Skeleton h={160} radius={12} role="status" aria-label={PEOPLE.loading} />;
  if (query.isError && people.length === 0)
    return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (people.length === 0) return <p>{PEOPLE.none}</p>;
  return (
    <>
      <ul className={classes["people"]}>
        {people.map(({ run_id, visit, contact, status, says, started_at }) => (
          <li key={`${run_id} ${visit}`}>
            <Link
              to="/automations/$automation_id"
              params={{ automation_id }}
              search={{ tab: "activity", run: run_id, search: contact.phone ?? contact.display_name }}
            >
              <span>
                <b dir="auto">{contact.display_name}</b>
                <StatusTag status={status} />
              </span>
              <small>
                {contact.phone ?? ACTIVITY.no_number} · <Ago time={started_at} />
              </small>
              {says !== null && <small dir="auto">{localTimes(says)}</small>}
            </Link>
          </li>
        ))}
      </ul>
      <Older query={query} size="xs">
        {PEOPLE.more}
      </Older>
    </>
  );
}
