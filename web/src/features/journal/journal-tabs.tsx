import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import classes from "./journal.module.css";
import { unmatchedQuery } from "./unmatched-query.ts";

/** The pages about what arrived: the webhooks, and what they told of messages that never came. */
export function JournalTabs() {
  const { data } = useInfiniteQuery(unmatchedQuery(undefined));
  const counts = data?.pages[0]?.counts;
  return (
    <nav className={classes["tabs"]} aria-label="What arrived">
      <Link to="/journal" search={{}} activeOptions={{ exact: true, includeSearch: false }}>
        Webhooks
      </Link>
      <Link to="/journal/unmatched" search={{}} activeOptions={{ includeSearch: false }}>
        Without a message
        {counts !== undefined && counts.total > 0 && (
          <b>
            {counts.total.toLocaleString("en-GB")}
            {counts.is_more && "+"}
          </b>
        )}
      </Link>
    </nav>
  );
}
