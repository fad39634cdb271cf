import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useMemo, useRef } from "react";
import { findText } from "../../lib/words/find-text.ts";
import { useUnsent } from "../../conversation/outbox/outbox.ts";
import { plainText } from "../../lib/words/rich-text.ts";
import type { Conversation, ConversationPage } from "../../lib/types.ts";
import { useNow } from "../../lib/page/use-now.ts";
import { ConversationRow } from "../../conversation/conversation-row.tsx";
import classes from "./inbox.module.css";
import type { Tab } from "./texts.ts";
import { useVisibleRows } from "./use-visible-rows.ts";

const ROW_PX = 74;

interface Props {
  rows: Conversation[];
  query: UseInfiniteQueryResult<InfiniteData<ConversationPage>>;
  selected: string | undefined;
  tab: Tab;
  search: string;
}

/** The rows that are in view. One that was found by a message leads to that message. */
export function Rows({ rows, query, selected, tab, search }: Props) {
  const now = useNow();
  const unsent = useUnsent();
  const ids = useMemo(() => rows.map(({ id }) => id), [rows]);
  const { box, from, to, show } = useVisibleRows(ids, ROW_PX, `${tab} ${search}`);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  useEffect(() => {
    if (to >= rows.length - 10 && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [to, rows.length, hasNextPage, isFetchingNextPage, fetchNextPage]);
  const at = rows.findIndex((row) => row.id === selected);
  // Once for each that is chosen: what arrives moves it, and must not move the list.
  const shown = useRef<string>(undefined);
  useEffect(() => {
    if (at >= 0 && shown.current !== selected) show(at);
    if (at >= 0 || selected === undefined) shown.current = selected;
  }, [at, selected, show]);
  const numbers = new Set(rows.map((row) => row.phone_number.id)).size;
  const hits = useMemo(
    () =>
      new Map(
        (query.data?.pages ?? [])
          .flatMap((page) => page.found)
          .map(({ conversation_id, message_id, text }) => [
            conversation_id,
            { message_id, text: findText(plainText(text, text.length), search) },
          ]),
      ),
    [query.data, search],
  );
  return (
    <div className={classes["rows"]} ref={box}>
      <ul style={{ height: rows.length * ROW_PX }}>
        {rows.slice(from, to).map((row, index) => (
          <li key={row.id} style={{ transform: `translateY(${(from + index) * ROW_PX}px)` }}>
            <Link
              to="/inbox/$conversation_id"
              params={{ conversation_id: row.id }}
              search={(kept) => ({ ...kept, message: hits.get(row.id)?.message_id, contact: undefined })}
              className={classes["link"]}
              data-selected={row.id === selected || undefined}
            >
              <ConversationRow
                conversation={row}
                hit={hits.get(row.id)?.text ?? null}
                unsent={unsent.get(row.id)?.at(-1)}
                now={now}
                with_status={tab === "ALL" || tab === "FAILED"}
                with_number={numbers > 1}
              />
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
