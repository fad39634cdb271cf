import { ActionIcon } from "@mantine/core";
import { useLocalStorage, useMediaQuery } from "@mantine/hooks";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useNavigate, useParams } from "@tanstack/react-router";
import { IconArrowLeft, IconLayoutSidebarRight, IconMessages } from "@tabler/icons-react";
import { Suspense, useMemo, useRef, useState } from "react";
import { lazyPart, soonPart } from "../../lib/chunks.ts";
import { useSetStatus } from "../../lib/conversations.ts";
import { conversationQuery, conversationsQuery } from "../../lib/queries.ts";
import { ConversationView } from "../../ui/conversation/conversation-view.tsx";
import { Hint } from "../../ui/hint.tsx";
import { Empty } from "../../ui/page-state.tsx";
import { Panel } from "../../ui/panel.tsx";
import { ConversationList } from "./conversation-list.tsx";
import classes from "./inbox.module.css";
import { useShortcuts } from "./use-shortcuts.ts";

const route = getRouteApi("/shell/inbox");

const ShortcutHelp = lazyPart(() => import("./shortcut-help.tsx"), "ShortcutHelp");
const ContactPanel = soonPart(() => import("./contact-panel.tsx"), "ContactPanel");

/** Beside the thread it stays as one left it; where it lies over the thread it is closed until asked for. */
function useContactPanel(): [boolean, (shown: boolean) => void] {
  const beside = useMediaQuery("(min-width: 1241px)", true, { getInitialValueInEffect: false });
  const kept = useLocalStorage({
    key: "wharf.contact-panel",
    defaultValue: true,
    getInitialValueInEffect: false,
  });
  const over = useState(false);
  const [shown, show] = beside ? kept : over;
  return [shown, show];
}

/** Into the composer; with a closed window, to the templates that can still be sent. */
function write(): void {
  const composer = document.getElementById("compose");
  composer?.focus();
  if (composer instanceof HTMLButtonElement) composer.click();
}

/** List, thread and contact side by side; on a phone one after the other. */
export function InboxPage() {
  const { status = "OPEN", search } = route.useSearch();
  const { conversation_id: selected } = useParams({ strict: false });
  const navigate = useNavigate();
  const client = useQueryClient();
  const setStatus = useSetStatus();
  const search_box = useRef<HTMLInputElement>(null);
  const [panel, setPanel] = useContactPanel();
  const query = useInfiniteQuery(
    conversationsQuery({ status: status === "ALL" ? undefined : status, search }),
  );
  const rows = useMemo(() => (query.data?.pages ?? []).flatMap((page) => page.data), [query.data]);

  const open = (id: string) =>
    void navigate({ to: "/inbox/$conversation_id", params: { conversation_id: id }, search: (now) => now });
  const step = (by: 1 | -1) => {
    const at = rows.findIndex((row) => row.id === selected);
    const next = at < 0 ? rows[0] : rows[at + by];
    if (next) open(next.id);
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
    <div className={classes["inbox"]} data-thread={selected !== undefined || undefined}>
      <Panel name="The list">
        <ConversationList
          rows={rows}
          query={query}
          selected={selected}
          search_box={search_box}
          onOpen={open}
        />
      </Panel>
      <Suspense>
        {help && <ShortcutHelp enabled={keys_on} onEnable={setKeysOn} onClose={() => setHelp(false)} />}
      </Suspense>
      {selected === undefined ? (
        <div className={classes["nothing"]}>
          <Empty icon={<IconMessages size={28} stroke={1.6} />} title="Choose a conversation">
            Press <kbd>j</kbd> and <kbd>k</kbd> to walk through the list, <kbd>r</kbd> to reply, <kbd>e</kbd>{" "}
            to resolve, <kbd>/</kbd> to search, <kbd>?</kbd> for all keys.
          </Empty>
        </div>
      ) : (
        <div className={classes["thread"]}>
          <ConversationView
            id={selected}
            before={
              <ActionIcon
                className={classes["back"] ?? ""}
                variant="subtle"
                color="gray"
                size="lg"
                aria-label="Back to the list"
                onClick={() => void navigate({ to: "/inbox", search: (now) => now })}
              >
                <IconArrowLeft size={21} />
              </ActionIcon>
            }
            after={
              <Hint label={panel ? "Hide the contact" : "Show the contact"}>
                <ActionIcon
                  className={classes["toggle"] ?? ""}
                  variant="subtle"
                  color="gray"
                  size={32}
                  aria-label="Contact details"
                  aria-expanded={panel}
                  onClick={() => setPanel(!panel)}
                >
                  <IconLayoutSidebarRight size={19} stroke={1.7} />
                </ActionIcon>
              </Hint>
            }
          />
          {panel && (
            <Panel name="The contact" of={selected} fallback={<aside aria-hidden />}>
              <ContactPanel conversation_id={selected} onClose={() => setPanel(false)} />
            </Panel>
          )}
        </div>
      )}
    </div>
  );
}
