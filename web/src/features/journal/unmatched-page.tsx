import { SegmentedControl, Skeleton } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { IconMessageCheck } from "@tabler/icons-react";
import { useKeptScroll } from "../../lib/page/kept-scroll.ts";
import { STATUS_WORDS } from "../../lib/words/event-texts.ts";
import { withPlus } from "../../conversation/model/people.ts";
import { useTitle } from "../../lib/page/title.ts";
import type { UnmatchedKind, UnmatchedMessage } from "../../lib/types.ts";
import { Ago } from "../../ui/ago.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Card, Page } from "../../ui/page.tsx";
import { Empty, Failure, OlderRow } from "../../ui/page-state.tsx";
import { JournalTabs } from "./journal-tabs.tsx";
import * as texts from "./texts.ts";
import classes from "./unmatched.module.css";
import { unmatchedQuery } from "./unmatched-query.ts";

const route = getRouteApi("/shell/journal/unmatched");
/** Statuses, reactions, edits, deletions and payments of messages that never came: what they are, and where they came from. */
export function UnmatchedPage() {
  useTitle(texts.UNMATCHED_TITLE, texts.TITLE);
  const { kind } = route.useSearch();
  const navigate = useNavigate({ from: "/journal/unmatched" });
  const query = useInfiniteQuery(unmatchedQuery(kind));
  const scroll = useKeptScroll();
  const rows = (query.data?.pages ?? []).flatMap((page) => page.data);
  return (
    <Page
      above={<JournalTabs at="/journal/unmatched" />}
      title={texts.UNMATCHED_TITLE}
      lead={texts.UNMATCHED_LEAD}
      scrolls={scroll}
      action={
        <div className={classes["kinds"]}>
          <SegmentedControl
            aria-label={texts.KIND}
            data={Object.entries(texts.UNMATCHED_TABS).map(([value, label]) => ({ value, label }))}
            value={kind ?? "all"}
            onChange={(value) =>
              void navigate({ search: { kind: value === "all" ? undefined : (value as UnmatchedKind) } })
            }
          />
        </div>
      }
    >
      <Card>
        {query.isPending ? (
          <Skeleton h={220} w="auto" radius="md" m={20} aria-label={texts.LOADING} />
        ) : query.isError && rows.length === 0 ? (
          <Failure error={query.error} retry={() => void query.refetch()} />
        ) : rows.length === 0 ? (
          <Empty icon={<IconMessageCheck size={26} stroke={1.6} />} title={texts.UNMATCHED_EMPTY.title}>
            {texts.UNMATCHED_EMPTY.text}
          </Empty>
        ) : (
          <>
            <ul className={classes["rows"]}>
              {rows.map((row) => (
                <Row key={row.id} row={row} />
              ))}
            </ul>
            <OlderRow query={query}>{texts.SHOW_OLDER}</OlderRow>
          </>
        )}
      </Card>
    </Page>
  );
}

const ID_END = 14;

function Row({ row }: { row: UnmatchedMessage }) {
  const number = row.phone_number;
  return (
    <li className={classes["row"]}>
      <ul className={classes["told"]} aria-label={texts.TOLD}>
        {row.told.map(({ kind, count, detail }) => (
          <li key={kind}>
            <b>
              {texts.UNMATCHED_KINDS[kind]}
              {count > 1 && ` ×${count}`}
            </b>
            {detail && (
              <span dir="auto">
                {kind === "status" ? (STATUS_WORDS[detail.toLowerCase()] ?? detail) : detail}
              </span>
            )}
          </li>
        ))}
      </ul>
      <div className={classes["wamid"]}>
        {row.wamid ? (
          // Of ids with one contact the ends differ.
          <code title={row.wamid}>
            <span>{row.wamid.slice(0, -ID_END)}</span>
            <span>{row.wamid.slice(-ID_END)}</span>
          </code>
        ) : (
          <code>{texts.ID_NOT_KEPT}</code>
        )}
        {row.wamid && (
          <CopyButton text={row.wamid} what={texts.COPIED_ID} size="compact-xs" variant="subtle" />
        )}
      </div>
      <div className={classes["about"]}>
        {row.conversation_id ? (
          <Link to="/inbox/$conversation_id" params={{ conversation_id: row.conversation_id }}>
            {row.contact_name ?? texts.ITS_CONVERSATION}
          </Link>
        ) : (
          <span>{row.contact_name ?? texts.NO_CONVERSATION}</span>
        )}
        {number && (
          <small>
            {number.display_phone_number ? withPlus(number.display_phone_number) : number.phone_number_id}
          </small>
        )}
      </div>
      <div className={classes["when"]}>
        <Ago time={row.since} />
        {row.journal_id && (
          <Link to="/journal/$webhook_id" params={{ webhook_id: row.journal_id }}>
            {texts.ITS_WEBHOOK}
          </Link>
        )}
      </div>
    </li>
  );
}
