import { SegmentedControl, Skeleton } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { IconMessageCheck } from "@tabler/icons-react";
import { withPlus } from "../../lib/people.ts";
import { ago, exactTime } from "../../lib/time.ts";
import { useTitle } from "../../lib/title.ts";
import type { UnmatchedKind, UnmatchedMessage } from "../../lib/types.ts";
import { useNow } from "../../lib/use-now.ts";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Card, Page } from "../../ui/page.tsx";
import { Empty, Failure, OlderRow } from "../../ui/page-state.tsx";
import { JournalTabs } from "./journal-tabs.tsx";
import classes from "./unmatched.module.css";
import { unmatchedQuery } from "./unmatched-query.ts";

const route = getRouteApi("/shell/journal/unmatched");
const TABS: readonly { value: UnmatchedKind | "all"; label: string }[] = [
  { value: "all", label: "All" },
  { value: "status", label: "Statuses" },
  { value: "reaction", label: "Reactions" },
  { value: "edit", label: "Edits" },
  { value: "revoke", label: "Deletions" },
];

/** Statuses, reactions, edits and deletions of messages that never came: what they are, and where they came from. */
export function UnmatchedPage() {
  useTitle("Without a message", "Journal");
  const { kind } = route.useSearch();
  const navigate = useNavigate({ from: "/journal/unmatched" });
  const query = useInfiniteQuery(unmatchedQuery(kind));
  const rows = (query.data?.pages ?? []).flatMap((page) => page.data);
  return (
    <Page
      above={<JournalTabs at="/journal/unmatched" />}
      title="Without a message"
      lead="What webhooks told of messages that never came. Each leaves this list when its message does; those of another system on the same account stay."
      action={
        <SegmentedControl
          aria-label="Kind"
          data={[...TABS]}
          value={kind ?? "all"}
          onChange={(value) => void navigate({ search: { kind: value === "all" ? undefined : value } })}
        />
      }
    >
      <Card>
        {query.isPending ? (
          <Skeleton h={220} radius="md" m={20} aria-label="Loading" />
        ) : query.isError && rows.length === 0 ? (
          <Failure error={query.error} retry={() => void query.refetch()} />
        ) : rows.length === 0 ? (
          <Empty icon={<IconMessageCheck size={26} stroke={1.6} />} title="Everything has its message">
            A status, reaction, edit or deletion that comes before its message, or whose message never comes,
            is listed here.
          </Empty>
        ) : (
          <>
            <ul className={classes["rows"]}>
              {rows.map((row) => (
                <Row key={row.id} row={row} />
              ))}
            </ul>
            <OlderRow query={query}>Show older ones</OlderRow>
          </>
        )}
      </Card>
    </Page>
  );
}

function Row({ row }: { row: UnmatchedMessage }) {
  const now = useNow();
  const number = row.phone_number;
  return (
    <li className={classes["row"]}>
      <ul className={classes["told"]} aria-label="Told of it">
        {row.told.map(({ kind, count, detail }) => (
          <li key={kind}>
            <code>
              {kind}
              {count > 1 && ` ×${count}`}
            </code>
            {detail && <span>{detail}</span>}
          </li>
        ))}
      </ul>
      <div className={classes["wamid"]}>
        <code title={row.wamid ?? undefined}>{row.wamid ?? "id not kept"}</code>
        {row.wamid && (
          <CopyButton text={row.wamid} what="the message’s id" size="compact-xs" variant="subtle" />
        )}
      </div>
      <div className={classes["about"]}>
        {row.conversation_id ? (
          <Link to="/inbox/$conversation_id" params={{ conversation_id: row.conversation_id }}>
            {row.contact_name ?? "Its conversation"}
          </Link>
        ) : (
          <span>{row.contact_name ?? "No conversation"}</span>
        )}
        {number && (
          <small>
            {number.display_phone_number ? withPlus(number.display_phone_number) : number.phone_number_id}
          </small>
        )}
      </div>
      <div className={classes["when"]}>
        <time dateTime={row.since} title={exactTime(row.since)}>
          {ago(row.since, now)}
        </time>
        {row.journal_id && (
          <Link to="/journal" search={{ webhook: row.journal_id }}>
            Its webhook
          </Link>
        )}
      </div>
    </li>
  );
}
