import { useLocalStorage } from "@mantine/hooks";
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useNavigate, useParams } from "@tanstack/react-router";
import { IconMessages } from "@tabler/icons-react";
import { Suspense, useMemo, useRef, useState } from "react";
import { lazyPart } from "../../lib/page/chunks.ts";
import { useSetStatus } from "../../conversation/outbox/conversations.ts";
import { conversationQuery, conversationsQuery, listFilter } from "../../lib/server/queries.ts";
import { useTitle } from "../../lib/page/title.ts";
import { Empty } from "../../ui/page-state.tsx";
import { Panel } from "../../ui/panel.tsx";
import { ConversationList } from "./conversation-list.tsx";
import classes from "./inbox.module.css";
import { Chosen, fetchChosen } from "./parts.ts";
import { PAGE } from "./texts.ts";
import { useRowFocus } from "./use-row-focus.ts";
import { useShortcuts } from "./use-shortcuts.ts";

const route = getRouteApi("/shell/inbox");

const ShortcutHelp = lazyPart(() => import("./shortcut-help.tsx"), "ShortcutHelp");

/** Into the composer; with a closed window, to the templates that can still be sent. */
function write(): void {
  const composer = document.getElementById("compose");
  composer?.focus();
  if (composer instanceof HTMLButtonElement) composer.click();
}

/** List, thread and contact side by side; on a phone one after the other. */
export function InboxPage() {
  const { conversation_id: selected } = useParams({ strict: false });
  const navigate = useNavigate();
  const client = useQueryClient();
  const setStatus = useSetStatus();
  const search_box = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const query = useInfiniteQuery(conversationsQuery(listFilter(route.useSearch())));
  const rows = useMemo(() => (query.data?.pages ?? []).flatMap((page) => page.data), [query.data]);
  const open = useQuery({ ...conversationQuery(selected ?? ""), enabled: selected !== undefined });
  useTitle(selected && open.data?.contact.display_name, PAGE.title);

  const focusNext = useRowFocus(list, selected);
  const step = (by: 1 | -1) => {
    const at = rows.findIndex((row) => row.id === selected);
    const next = at < 0 ? rows[0] : rows[at + by];
    if (!next) return;
    focusNext();
    void navigate({
      to: "/inbox/$conversation_id",
      params: { conversation_id: next.id },
      search: (now) => ({ ...now, message: undefined, contact: undefined }),
    });
  };
  const [help, setHelp] = useState(false);
  const [keys_on, setKeysOn] = useLocalStorage({
    key: "wharf.shortcuts",
    defaultValue: true,
    getInitialValueInEffect: false,
  });
  useShortcuts(
    {
      j: { walks: true, run: () => step(1) },
      k: { walks: true, run: () => step(-1) },
      e: {
        careful: true,
        run: () => {
          const conversation = selected
            ? client.getQueryData(conversationQuery(selected).queryKey)
            : undefined;
          if (!conversation || conversation.status === "RESOLVED") return;
          step(1);
          setStatus(conversation, "RESOLVED");
        },
      },
      r: { careful: true, run: write },
      "/": { run: () => search_box.current?.focus() },
    },
    keys_on,
  );
  // Also while the others are off: it is where they are switched on again.
  useShortcuts({ "?": { run: () => setHelp(true) } }, true);

  return (
    <div
      className={classes["inbox"]}
      data-thread={selected !== undefined || undefined}
      onPointerMove={() => void fetchChosen()}
      onFocus={() => void fetchChosen()}
    >
      <Panel name={PAGE.list}>
        <div ref={list} className={classes["side"]}>
          <ConversationList rows={rows} query={query} selected={selected} search_box={search_box} />
        </div>
      </Panel>
      <Suspense>
        {help && <ShortcutHelp enabled={keys_on} onEnable={setKeysOn} onClose={() => setHelp(false)} />}
      </Suspense>
      {selected === undefined ? (
        <NoneChosen keys={keys_on} any={rows.length > 0 || query.isPending} />
      ) : (
        <Suspense fallback={<div className={classes["thread"]} aria-busy />}>
          <Chosen id={selected} />
        </Suspense>
      )}
    </div>
  );
}

/** Where there is nothing to choose from, the list says what to do. */
function NoneChosen({ keys, any }: { keys: boolean; any: boolean }) {
  if (!any) return <div className={classes["nothing"]} />;
  return (
    <div className={classes["nothing"]}>
      <Empty icon={<IconMessages size={28} stroke={1.6} />} title={PAGE.choose}>
        {keys && (
          <span className={classes["hints"]}>
            {PAGE.press}{" "}
            {PAGE.keys.map(([key, does]) => (
              <span key={key}>
                <kbd>{key}</kbd> {does}{" "}
              </span>
            ))}
          </span>
        )}
      </Empty>
    </div>
  );
}
