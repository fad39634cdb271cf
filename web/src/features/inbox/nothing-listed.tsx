import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { IconInbox, IconSearchOff } from "@tabler/icons-react";
import { meQuery } from "../../lib/server/queries.ts";
import { Empty } from "../../ui/page-state.tsx";
import { EMPTY, NOTHING_FOUND, PLAY, type Tab } from "./texts.ts";

/** In place of the list: there is nothing of what was asked for. */
export function NothingListed({ tab, search }: { tab: Tab; search: string }) {
  const { data: me } = useQuery(meQuery);
  const navigate = useNavigate();
  if (search) {
    return (
      <Empty
        icon={<IconSearchOff size={26} stroke={1.6} />}
        title={NOTHING_FOUND.title(search)}
        action={
          tab !== "ALL" && (
            <Button
              variant="default"
              onClick={() => void navigate({ to: ".", search: (now) => ({ ...now, status: "ALL" }) })}
            >
              {NOTHING_FOUND.everywhere}
            </Button>
          )
        }
      >
        {NOTHING_FOUND.text}
      </Empty>
    );
  }
  return (
    <Empty
      icon={<IconInbox size={26} stroke={1.6} />}
      title={EMPTY[tab].title}
      action={
        me?.mode === "sandbox" &&
        (tab === "OPEN" || tab === "ALL") && (
          <Button onClick={() => void navigate({ to: "/sandbox" })}>{PLAY}</Button>
        )
      }
    >
      {EMPTY[tab].text}
    </Empty>
  );
}
